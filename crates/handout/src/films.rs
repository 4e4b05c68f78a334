//! Expected films: what the reference comes to on a public trace.
//!
//! A student has no reference, and sees here what a right kernel does: every state, and
//! nothing of how the handlers brought it about.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::rc::Rc;

use film::read::{Film, Told};
use runner::end::End;
use runner::replay::{Format, Replay, Stopped};
use solution::Reference;

/// Makes the expected film of a trace.
///
/// # Errors
///
/// If the trace is malformed, or the reference does not get to its end.
pub fn expected(trace: &Path) -> Result<String, String> {
    for_students(&played(trace)?)
}

/// Lets the reference play a trace.
fn played(trace: &Path) -> Result<Vec<u8>, String> {
    let file = File::open(trace).map_err(|error| error.to_string())?;
    let mut replay = Replay::new(BufReader::new(file), Rc::new(Reference), Format::Film)
        .map_err(|error| error.to_string())?;
    let mut told = Vec::new();
    match replay.run(&mut told) {
        Ok(End::Finished) => Ok(told),
        Ok(_) => Err("the reference does not get to its end".into()),
        Err(Stopped::Trace(error)) => Err(error.to_string()),
        Err(Stopped::Output(error)) => Err(error.to_string()),
    }
}

/// Takes out what the handlers did.
fn for_students(told: &[u8]) -> Result<String, String> {
    let film = Film::open(told).map_err(|error| error.to_string())?;
    let mut lines = vec![json(film.opening())?];
    for told in film {
        lines.push(match told.map_err(|error| error.to_string())? {
            Told::Scene(scene) => json(&scene.for_students())?,
            Told::Closing(closing) => json(&closing)?,
        });
    }
    Ok(lines.join("\n") + "\n")
}

fn json(told: &impl serde::Serialize) -> Result<String, String> {
    serde_json::to_string(told).map_err(|error| error.to_string())
}
