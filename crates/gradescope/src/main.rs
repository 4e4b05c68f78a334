//! Grades one submission in Gradescope's container, as root, and lets nothing of the
//! student's run as root.
//!
//! `setup.sh` of the archive that `cargo xtask autograder` makes builds this program and
//! calls `gradescope check`; `run_autograder` calls `gradescope grade`. In reading order:
//!
//! - `place`: what is where in the container
//! - `metadata`: what Gradescope says of the submission
//! - `write`: `results.json`, at once or not at all
//! - `check`: whether this container can grade, asked while it is built
//! - `grade`: one submission, from its folder to `results.json`

mod check;
mod grade;
mod metadata;
mod place;
mod write;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Grades one submission in Gradescope's container.
#[derive(Parser)]
#[command(name = "gradescope")]
struct Cli {
    #[command(flatten)]
    place: place::Place,
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Tells whether this container can grade, and grades nothing handed in to see it.
    Check,
    /// Grades what is handed in, and writes results.json.
    Grade(grade::Args),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let outcome = match &cli.chore {
        Chore::Check => check::run(&cli.place),
        Chore::Grade(args) => grade::run(&cli.place, args),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("error: {why}");
            ExitCode::from(OUR_FAULT)
        }
    }
}

/// Nothing that a student hands in ends this program otherwise than well.
const OUR_FAULT: u8 = 70;
