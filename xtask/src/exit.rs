//! How a chore ends.

use std::error::Error;
use std::process::ExitCode;

use grader::report::sink::visible::lines;

/// The exit codes, as `--help` lists them.
pub const CODES: &str = "\
Exit codes:
   0  done
   1  the thing asked about failed
   2  usage
  65  bad input
  70  our own fault
  77  skipped, because the machine lacks something";

/// How a chore that ran to its end went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    Done = 0,
    Failed = 1,
    Skipped = 77,
}

/// Why a chore did not run to its end.
#[derive(Debug)]
pub enum Trouble {
    /// The input is wrong; the user can repair it.
    BadInput(Box<dyn Error>),
    /// We, or the machine, are wrong.
    OurFault(Box<dyn Error>),
    /// The machine lacks what the chore needs.
    Missing(Box<dyn Error>),
}

/// Reports trouble on stderr and returns the process's exit code.
pub fn report(outcome: Result<Exit, Trouble>) -> ExitCode {
    match outcome {
        Ok(exit) => ExitCode::from(exit as u8),
        Err(Trouble::BadInput(error)) => say(error.as_ref(), 65),
        Err(Trouble::OurFault(error)) => say(error.as_ref(), 70),
        Err(Trouble::Missing(error)) => say(error.as_ref(), Exit::Skipped as u8),
    }
}

fn say(error: &dyn Error, code: u8) -> ExitCode {
    // An error may quote a name that is a student's.
    eprintln!("error: {}", lines(&error.to_string()));
    ExitCode::from(code)
}
