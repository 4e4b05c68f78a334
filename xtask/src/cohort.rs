//! `cargo xtask cohort`: a class made up, to try everything with.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use cohort::make::{Files, make};
use cohort::plan::Plan;
use cohort::samples::{self, SLOW};
use cohort::system::System;

use crate::exit::{Exit, Trouble};
use crate::workspace;

/// Where the samples are, below the workspace's root.
const SAMPLES: &str = "grader/samples";

/// Makes up a class from the sample submissions, as a course system exports it.
///
/// Beside the export lie `roster.csv`, `class.toml`, for Canvas and Moodle the empty grade
/// sheet `sheet.csv`, and `truth.csv`, which says what sample each attempt is: what it must
/// come to stands in grader/samples/expected.toml. The same seed makes the same class, byte
/// for byte. Names are of the kind that makes trouble. Nothing is written over.
#[derive(clap::Args)]
pub struct Args {
    /// How many students are in the class.
    #[arg(long, value_name = "N", default_value_t = 300)]
    count: usize,
    /// Which class it is.
    #[arg(long, value_name = "S", default_value_t = 7)]
    seed: u64,
    /// Which course system exports it.
    #[arg(long, value_name = "NAME", default_value = "canvas", value_parser = systems())]
    layout: System,
    /// The export: a zip if its name ends so, a folder otherwise.
    #[arg(long, value_name = "PATH")]
    out: PathBuf,
    /// Some hand in several times, where the course system exports that.
    #[arg(long)]
    attempts: bool,
    /// Where the roster goes, and class.toml and truth.csv with it.
    #[arg(long, value_name = "FILE")]
    roster: Option<PathBuf>,
    /// Where the empty grade sheet goes.
    #[arg(long, value_name = "FILE")]
    sheet: Option<PathBuf>,
    /// Leave out samples whose names begin so. May be repeated.
    #[arg(long, value_name = "SAMPLE")]
    without: Vec<String>,
    /// Leave out the samples that run into a limit: the class is graded quickly.
    #[arg(long)]
    quick: bool,
}

fn systems() -> impl TypedValueParser<Value = System> {
    PossibleValuesParser::new(System::ALL.map(System::name)).try_map(|name| name.parse::<System>())
}

pub fn run(args: &Args) -> Result<Exit, Trouble> {
    let samples = samples::read(&workspace::root().join(SAMPLES));
    let mut samples = samples.map_err(|error| Trouble::OurFault(error.into()))?;
    let slow = SLOW.iter().map(|word| (*word).to_owned());
    let without: Vec<String> = match args.quick {
        true => args.without.iter().cloned().chain(slow).collect(),
        false => args.without.clone(),
    };
    samples.retain(|sample| !sample.is_one_of(&without));
    if samples.is_empty() {
        let why = "no sample is left\nhelp: leave out fewer of them";
        return Err(Trouble::BadInput(why.into()));
    }
    let plan = Plan {
        count: args.count,
        seed: args.seed,
        system: args.layout,
        attempts: args.attempts,
        samples,
    };
    let mut files = Files::beside(&args.out);
    files.roster = args.roster.clone().unwrap_or(files.roster);
    files.sheet = args.sheet.clone().unwrap_or(files.sheet);
    make(&plan, &files).map_err(|error| Trouble::BadInput(error.into()))?;
    println!("{}", files.export.display());
    Ok(Exit::Done)
}
