//! Confines itself, and becomes the compiler. Nobody starts this by hand: the grader does.

use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::process::{Command, ExitCode};

use sandbox::jail::{Jail, JailError, TROUBLE};

fn main() -> ExitCode {
    match enter(std::env::args_os().skip(1)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("jail: {error}");
            ExitCode::from(TROUBLE)
        }
    }
}

/// Returns if there is no program: then the question was which layers are in force.
fn enter(arguments: impl Iterator<Item = OsString>) -> Result<(), JailError> {
    let (jail, program) = Jail::parse(arguments)?;
    let tier = jail.enter()?;
    match program.split_first() {
        Some((name, arguments)) => {
            let error = Command::new(name).args(arguments).exec();
            Err(JailError::Program(name.into(), error))
        }
        None => {
            println!("{}", serde_json::json!(tier));
            Ok(())
        }
    }
}
