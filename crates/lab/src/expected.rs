//! What the reference does on a public trace, as a film.
//!
//! The handout has the films ready, without how the reference did it. In the
//! instructor's workspace the reference itself is there, and makes them.

use std::fs;
use std::path::{Path, PathBuf};

use film::read::{Film, Told};
use film::scene::Scene;

use crate::check::launch;
use crate::program::{self, Handlers};
use crate::report::Failure;

/// The film of a public trace: `labs/02-lazy/films/heap.film` of
/// `labs/02-lazy/traces/heap.trace`. None if it is neither there nor can be made.
///
/// Bytes of the form of the crate of that name, with calls of services left out.
pub(crate) fn film(root: &Path, trace: &Path) -> Result<Option<Vec<u8>>, Failure> {
    if let Ok(film) = fs::read(beside(trace).unwrap_or_default()) {
        return Ok(Some(film));
    }
    if !root.join("labs/solution").is_dir() {
        return Ok(None);
    }
    let program = program::build(Handlers::Solution, false)?;
    let trace = fs::read(trace).map_err(|error| Failure::Internal(error.to_string()))?;
    launch::film(&program, &trace).map(Some)
}

/// Where the handout has the film of a trace.
fn beside(trace: &Path) -> Option<PathBuf> {
    let lab = trace.parent()?.parent()?;
    let name = trace.file_stem()?.to_string_lossy().into_owned();
    Some(lab.join("films").join(format!("{name}.film")))
}

/// The scenes of a film, as far as it can be read.
pub(crate) fn scenes(film: &[u8]) -> Vec<Scene> {
    let Ok(film) = Film::open(film) else {
        return Vec::new();
    };
    let told = film.map_while(Result::ok);
    told.filter_map(|told| match told {
        Told::Scene(scene) => Some(*scene),
        Told::Closing(_) => None,
    })
    .collect()
}
