//! Draws how the cost of faults and calls grows: `cargo run --profile replay -p bench --bin growth`.
//!
//! Writes `growth.md`, `growth.csv` and a picture for each dimension to
//! `docs/performance/`, and prints the tables. With `--instructions` it counts
//! instructions, by callgrind, and the names are `instructions.md` and so on. With names
//! of dimensions it measures these only, and writes nothing.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use bench::callgrind::NotCounted;
use bench::growth::measure::{self, Point, Unit};
use bench::growth::operation::Operation;
use bench::growth::setting::Dimension;
use bench::{picture, table};
use clap::Parser;

#[derive(Parser)]
struct Arguments {
    /// Count instructions, which takes callgrind, minutes, and with large sizes an hour
    #[arg(long)]
    instructions: bool,
    /// Machines that each point is measured on; the least time counts
    #[arg(long, default_value_t = 7)]
    rounds: u32,
    /// Largest size that is measured
    #[arg(long, default_value_t = 1_000_000)]
    largest: u64,
    /// Folder for tables and pictures
    #[arg(long, default_value = "docs/performance")]
    out: PathBuf,
    /// Dimensions to measure instead of all
    only: Vec<String>,
}

type Failed = Box<dyn std::error::Error>;

/// The exit code for what is skipped because the machine lacks something.
const SKIPPED: u8 = 77;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if let [operation, dimension, size] = &words[..]
        && let Some((operation, dimension)) = by_name(operation, dimension)
    {
        measure::be_counted(operation, dimension, size.parse().unwrap_or(1));
        return ExitCode::SUCCESS;
    }
    let Err(error) = measure_all(&Arguments::parse()) else {
        return ExitCode::SUCCESS;
    };
    eprintln!("error: {error}");
    match error.downcast_ref() {
        Some(NotCounted::NoValgrind) => ExitCode::from(SKIPPED),
        _ => ExitCode::from(70),
    }
}

fn by_name(operation: &str, dimension: &str) -> Option<(Operation, Dimension)> {
    let operation = Operation::ALL.into_iter().find(|o| o.name() == operation)?;
    let dimension = Dimension::ALL.into_iter().find(|d| d.name() == dimension)?;
    Some((operation, dimension))
}

fn measure_all(arguments: &Arguments) -> Result<(), Failed> {
    let (only, unit) = (&arguments.only, arguments.unit());
    let asked = |d: &Dimension| only.is_empty() || only.iter().any(|name| name == d.name());
    let mut all = Vec::new();
    for dimension in Dimension::ALL.into_iter().filter(asked) {
        eprintln!("{}", dimension.axis());
        let points = arguments.points(dimension)?;
        println!("{}\n\n{}", dimension.axis(), table::markdown(unit, &points));
        all.push((dimension, points));
    }
    if only.is_empty() {
        write(&arguments.out, unit, &all)?;
    }
    Ok(())
}

impl Arguments {
    fn unit(&self) -> Unit {
        match self.instructions {
            true => Unit::Instructions,
            false => Unit::Nanoseconds,
        }
    }

    /// Operation by operation, from the smallest size up.
    fn points(&self, dimension: Dimension) -> Result<Vec<Point>, Failed> {
        let mut all = Vec::new();
        for operation in Operation::ALL {
            let sizes = dimension.sizes().iter().copied();
            for size in sizes.filter(|&size| size <= self.largest) {
                let cost = self.cost(operation, dimension, size)?;
                eprintln!("  {} at {size}: {cost:.0}", operation.name());
                all.push(Point {
                    operation,
                    size,
                    cost,
                });
            }
        }
        Ok(all)
    }

    fn cost(&self, operation: Operation, dimension: Dimension, size: u64) -> Result<f64, Failed> {
        Ok(match self.unit() {
            Unit::Nanoseconds => measure::time(operation, dimension, size, self.rounds),
            Unit::Instructions => {
                let program = std::env::current_exe()?;
                measure::instructions(operation, dimension, size, &program)?
            }
        })
    }
}

fn write(out: &Path, unit: Unit, all: &[(Dimension, Vec<Point>)]) -> Result<(), Failed> {
    fs::create_dir_all(out)?;
    let (name, introduction) = match unit {
        Unit::Nanoseconds => ("growth", GROWTH),
        Unit::Instructions => ("instructions", INSTRUCTIONS),
    };
    let mut page = fs::File::create(out.join(format!("{name}.md")))?;
    writeln!(page, "{introduction}")?;
    for (dimension, points) in all {
        let (axis, file) = (dimension.axis(), format!("{name}-{}.svg", dimension.name()));
        fs::write(out.join(&file), picture::svg(*dimension, unit, points)?)?;
        let unit_name = unit.name();
        writeln!(
            page,
            "\n## Against {axis}\n\n![{unit_name} against {axis}]({file})\n"
        )?;
        write!(page, "{}", table::markdown(unit, points))?;
    }
    let records = fs::File::create(out.join(format!("{name}.csv")))?;
    Ok(table::csv(records, unit, all)?)
}

const GROWTH: &str = "\
# How the cost of a fault grows

`cargo run --profile replay -p bench --bin growth` measures this and writes this page, its pictures
and `growth.csv`. There is one of everything, but for what stands in the heading. Times are
processor time of one thread, for one fault, one page of a call, or one call, with its
observation and the audit of what it touched; of several rounds, each on a machine of its
own, the least is told. *Growth* is the last column by the first.

What grows in time and not in instructions (`--instructions`) is what the computer's caches
have no room for.";

const INSTRUCTIONS: &str = "\
# How the work of a fault grows

`cargo run --profile replay -p bench --bin growth -- --instructions --largest 1000` counts this
with callgrind and writes this page, its pictures and `instructions.csv`. It is measured as in
[growth.md](growth.md), in instructions instead of time: no cache and no other program has
a part in it. *Growth* is the last column by the first.";
