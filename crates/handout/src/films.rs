//! What the reference comes to on a public trace: expected films, and the logs that answer
//! keys are.
//!
//! A student has no reference, and sees here what a right kernel does: every state, and
//! nothing of how the handlers brought it about.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::rc::Rc;

use film::read;
use runner::end::End;
use runner::replay::{Format, Replay, Stopped};
use solution::Reference;

/// Makes the expected film of a trace.
///
/// # Errors
///
/// If the trace is malformed, or the reference does not get to its end.
pub fn expected(trace: &Path) -> Result<String, String> {
    read::for_students(&played(trace, Format::Film)?).map_err(|error| error.to_string())
}

/// Makes the log of a trace.
///
/// # Errors
///
/// The same.
pub fn log(trace: &Path) -> Result<String, String> {
    String::from_utf8(played(trace, Format::Log)?).map_err(|error| error.to_string())
}

/// Lets the reference play a trace.
fn played(trace: &Path, format: Format) -> Result<Vec<u8>, String> {
    let file = File::open(trace).map_err(|error| error.to_string())?;
    let mut replay = Replay::new(BufReader::new(file), Rc::new(Reference), format)
        .map_err(|error| error.to_string())?;
    let mut told = Vec::new();
    match replay.run(&mut told) {
        Ok(End::Finished) => Ok(told),
        Ok(_) => Err("the reference does not get to its end".into()),
        Err(Stopped::Trace(error)) => Err(error.to_string()),
        Err(Stopped::Output(error)) => Err(error.to_string()),
    }
}
