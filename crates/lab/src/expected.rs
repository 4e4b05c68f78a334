//! The expected film of a public trace: from the lab's folder, or else, where there is the
//! reference, from a run of it.

use std::path::Path;

use crate::program::{self, Handlers};
use crate::replay::replay;
use crate::report::Failure;

/// The expected film of a trace, line by line; none if there is none.
pub(crate) fn film(trace: &Path) -> Result<Option<Vec<u8>>, Failure> {
    let name = trace.file_stem().unwrap_or_default();
    let films = trace
        .parent()
        .and_then(Path::parent)
        .map(|lab| lab.join("films"));
    let film = films.map(|films| films.join(name).with_extension("film"));
    if let Some(film) = film.and_then(|path| std::fs::read(path).ok()) {
        return Ok(Some(film));
    }
    if !Path::new("labs/solution").exists() {
        return Ok(None);
    }
    let program = program::build(Handlers::Solution, false)?;
    let mut film = Vec::new();
    replay(&program, &["--format", "film"], trace, &mut film)?;
    Ok(Some(film))
}
