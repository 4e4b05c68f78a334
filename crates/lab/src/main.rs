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
mod html;
mod predict;
mod program;
mod reasons;
mod replay;
mod report;
mod run;
mod submit;
mod view;
mod watch;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Page faults, step by step: run traces through your handlers.
///
/// Without a command: where you stand, and what to do next.
///
/// Exit codes: 0 done · 1 your handlers are wrong, or not written yet · 2 usage ·
/// 65 bad input: a trace, or what is handed in · 70 a fault of the kit · 128 + n ended by signal n.
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
    /// Checks again on every save, until you leave with `q` or Ctrl-C.
    Watch(watch::Args),
    /// Asks what becomes of accesses, and explains the answers.
    Predict(predict::Args),
    /// Packs what you hand in, after a check.
    Submit(submit::Args),
    /// Shows what a trace leads to: each event, its class, and what was read.
    Run(run::Args),
    /// Shows a trace as a film, to step through: in the terminal or as a page for browsers.
    View(view::Args),
}

fn main() -> ExitCode {
    report::exit(match Args::parse().command {
        None => board::command(),
        Some(Command::Check(args)) => check::command(&args),
        Some(Command::Hint(args)) => hint::command(&args),
        Some(Command::Watch(args)) => watch::command(&args),
        Some(Command::Predict(args)) => predict::command(&args),
        Some(Command::Submit(args)) => submit::command(&args),
        Some(Command::Run(args)) => run::run(&args),
        Some(Command::View(args)) => view::view(&args),
    })
}
