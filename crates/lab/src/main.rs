//! `cargo lab`: the student's door.
//!
//! One subcommand, one module. Student code never runs in this process: it is
//! built into a program of its own ([`program`]), which gets the trace on its
//! standard input ([`replay`]). What the kernel counted for a recorded program is
//! printed beside the replay's totals ([`compare`]).

mod board;
mod check;
mod compare;
mod exercises;
mod expected;
mod hint;
mod program;
mod reasons;
mod replay;
mod report;
mod run;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Page faults, step by step: run traces through your handlers.
///
/// Without a command: where you stand, and what to do next.
///
/// Exit codes: 0 done · 1 your handlers are wrong, or not written yet ·
/// 2 usage · 65 the trace is malformed · 70 a fault of the kit.
#[derive(Parser)]
#[command(name = "cargo lab", bin_name = "cargo lab", version)]
struct Args {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Runs the public traces of a lab, and explains the first thing that is wrong.
    Check(check::Args),
    /// Shows a hint for the first hole that is not right; each time the next one.
    Hint(hint::Args),
    /// Shows what a trace leads to: each event, its class, and what was read.
    Run(run::Args),
}

fn main() -> ExitCode {
    report::exit(match Args::parse().command {
        None => board::command(),
        Some(Command::Check(args)) => check::command(&args),
        Some(Command::Hint(args)) => hint::command(&args),
        Some(Command::Run(args)) => run::run(&args),
    })
}
