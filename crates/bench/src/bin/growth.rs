//! Draws how the cost of faults and calls grows: `cargo run --release -p bench --bin growth`.
//!
//! Writes `growth.md`, `growth.csv` and a picture for each dimension to
//! `docs/performance/`, and prints the tables. `--rounds` takes fewer rounds, or more;
//! names of dimensions measure these only and write nothing.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use bench::growth::measure::{Point, points};
use bench::growth::setting::Dimension;
use bench::{picture, table};
use clap::Parser;

#[derive(Parser)]
struct Arguments {
    /// Machines that each point is measured on; the least time counts
    #[arg(long, default_value_t = 7)]
    rounds: u32,
    /// Folder for tables and pictures
    #[arg(long, default_value = "docs/performance")]
    out: Box<Path>,
    /// Dimensions to measure instead of all
    only: Vec<String>,
}

type Failed = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    match measure(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(70)
        }
    }
}

fn measure(arguments: &Arguments) -> Result<(), Failed> {
    let only = &arguments.only;
    let asked = |d: &Dimension| only.is_empty() || only.iter().any(|name| name == d.name());
    let mut all = Vec::new();
    for dimension in Dimension::ALL.into_iter().filter(asked) {
        eprintln!("{}", dimension.axis());
        let points = points(dimension, arguments.rounds, tell);
        println!("{}\n", dimension.axis());
        println!("{}", table::markdown(dimension, &points));
        all.push((dimension, points));
    }
    if only.is_empty() {
        write(&arguments.out, &all)?;
    }
    Ok(())
}

fn tell(point: &Point) {
    let name = point.operation.name();
    eprintln!("  {name} at {}: {:.0} ns", point.size, point.nanoseconds);
}

fn write(out: &Path, all: &[(Dimension, Vec<Point>)]) -> Result<(), Failed> {
    fs::create_dir_all(out)?;
    let mut page = fs::File::create(out.join("growth.md"))?;
    writeln!(page, "{INTRODUCTION}")?;
    for (dimension, points) in all {
        let (axis, file) = (dimension.axis(), format!("growth-{}.svg", dimension.name()));
        fs::write(out.join(&file), picture::svg(*dimension, points)?)?;
        writeln!(
            page,
            "\n## Against {axis}\n\n![nanoseconds against {axis}]({file})\n"
        )?;
        write!(page, "{}", table::markdown(*dimension, points))?;
    }
    table::csv(fs::File::create(out.join("growth.csv"))?, all)?;
    Ok(())
}

const INTRODUCTION: &str = "\
# How the cost of a fault grows

`cargo run --release -p bench --bin growth` measures this and writes this page, its pictures
and `growth.csv`. Everything there is one of, but for what is counted in the heading. Times
are processor time of one thread, for one fault, one page of a call, or one call; of several
rounds, each on a machine of its own, the least is told. *Growth* is the last column by the
first.";
