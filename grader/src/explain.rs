//! Why the reference does what it does at an event: what a student should look at.

use std::rc::Rc;

use film::read::{Film, Told};
use runner::replay::{Format, Replay};
use verdict::explanation::Explanation;

/// Replays a trace with the reference, and tells how it decides at a line. None if the
/// trace has no such line.
pub fn explain(trace: &[u8], line: u64) -> Option<Explanation> {
    let mut film = Vec::new();
    let mut replay = Replay::new(trace, Rc::new(solution::Reference), Format::Film).ok()?;
    replay.run(&mut film).ok()?;
    let mut told = Film::open(&film[..]).ok()?.filter_map(Result::ok);
    told.find_map(|told| match told {
        Told::Scene(scene) if scene.line == line => Some(Explanation::of_scene(&scene)),
        _ => None,
    })
}
