//! The process that a program runs in while it is followed.

use std::ffi::OsString;
use std::process::Command;

use recorder::follow::become_traced;

use crate::exit::{Exit, Trouble};

/// The name of the chore.
pub const NAME: &str = "traced";

/// Becomes a program that its parent traces: started by `record`, for itself.
#[derive(clap::Args)]
pub struct Args {
    program: OsString,
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    args: Vec<OsString>,
}

pub fn run(args: &Args) -> Result<Exit, Trouble> {
    let error = become_traced(&args.program, &args.args);
    Err(Trouble::OurFault(error.into()))
}

/// The command that runs this chore; the program and its arguments follow.
pub(super) fn helper() -> Command {
    let this = std::env::current_exe().unwrap_or_else(|_| "/proc/self/exe".into());
    let mut command = Command::new(this);
    command.arg(NAME).arg("--");
    command
}
