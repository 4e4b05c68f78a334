//! The traces that students have already: whoever hands one of them in as it is has
//! written nothing.

use std::fs;
use std::path::{Path, PathBuf};

use vmsim::event::Event;
use vmtrace::Line;
use vmtrace::open::open;

use crate::exercise::conform::EVENTS_MAX;

/// The public traces that could be handed in.
pub(super) struct Published(Vec<(PathBuf, Vec<Event>)>);

impl Published {
    /// Reads the traces of all labs. What cannot be read is nobody's copy.
    pub fn read(labs: &Path) -> Self {
        let mut traces = Vec::new();
        for lab in files(labs) {
            for trace in files(&lab.join("traces")) {
                if let Some(events) = events(&trace) {
                    let name = trace.strip_prefix(labs).unwrap_or(&trace).to_owned();
                    traces.push((Path::new("labs").join(name), events));
                }
            }
        }
        Self(traces)
    }

    /// The public trace that has these events.
    pub fn with(&self, lines: &[Line]) -> Option<&Path> {
        let events = || lines.iter().map(|line| &line.event);
        let same = self.0.iter().find(|(_, other)| other.iter().eq(events()));
        same.map(|(name, _)| name.as_path())
    }
}

fn files(folder: &Path) -> impl Iterator<Item = PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path())
}

/// The events of a trace that is short enough to be handed in.
fn events(path: &Path) -> Option<Vec<Event>> {
    let file = std::io::BufReader::new(fs::File::open(path).ok()?);
    let mut events = Vec::new();
    for line in open(file).ok()?.take(EVENTS_MAX + 1) {
        events.push(line.ok()?.event);
    }
    (events.len() <= EVENTS_MAX).then_some(events)
}
