//! `cargo lab run`: what a trace leads to.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use runner::policy::Chooser;
use tally::Tally;

use crate::compare::Comparison;
use crate::program::{self, Handlers};
use crate::replay::replay;
use crate::report::Failure;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The trace, text or binary; `-` reads standard input.
    trace: PathBuf,
    /// Show each fault in seven steps, from the MMU to the retry.
    #[arg(long, conflicts_with = "format")]
    steps: bool,
    /// How to show the events.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Whose handlers to use.
    #[arg(long, value_enum, default_value = "skeleton")]
    with: Handlers,
    /// Who chooses the victims when memory is full, instead of `choose_victim` of lab 8.
    #[arg(long, value_enum)]
    policy: Option<Chooser>,
    /// Build with all optimisations: for long traces.
    #[arg(long)]
    release: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// A line for each event.
    Text,
    /// A JSON object for each event.
    Json,
    /// The columns that the grader compares.
    Log,
    /// A letter for each event, its class: for traces of millions of events.
    Classes,
    /// Counts by class.
    Summary,
}

pub(crate) fn run(args: &Args) -> Result<(), Failure> {
    let tally = tally(args)?;
    let program = program::build(args.with, args.release)?;
    let mut out = BufWriter::new(io::stdout().lock());
    let mut options = vec!["--format", args.format()];
    options.extend(tally.as_ref().map(|_| "--totals"));
    let policy = args.policy.and_then(|chooser| chooser.to_possible_value());
    if let Some(policy) = &policy {
        options.extend(["--policy", policy.get_name()]);
    }
    let replayed = replay(&program, &options, &args.trace, &mut out);
    // Whoever reads this may have stopped reading: `| head`.
    let _reader_gone = match (&replayed, &tally) {
        (Ok(Some(totals)), Some(tally)) => write!(out, "\n{}", Comparison { totals, tally }),
        _ => Ok(()),
    }
    .and_then(|()| out.flush());
    replayed.map(drop)
}

impl Args {
    fn format(&self) -> &'static str {
        match (self.steps, self.format) {
            (true, _) => "steps",
            (false, Format::Text) => "text",
            (false, Format::Json) => "json",
            (false, Format::Log) => "log",
            (false, Format::Classes) => "classes",
            (false, Format::Summary) => "summary",
        }
    }
}

/// What the kernel counted, if that is known of the trace and of use to whoever
/// reads the output: other programs get the observations alone.
fn tally(args: &Args) -> Result<Option<Tally>, Failure> {
    match args.format() {
        "text" | "summary" if args.trace != Path::new("-") => {
            Tally::beside(&args.trace).map_err(|error| Failure::BadInput(error.to_string()))
        }
        _ => Ok(None),
    }
}
