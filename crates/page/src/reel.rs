//! A film under way, and the state that it has come to.

use std::io::BufRead;

use film::scene::{Closing, Opening, SCHEMA, Scene};
use film::state::{Change, State, Target};

use crate::error::Error;

/// What is said of a film that breaks off, as it does if its process was killed.
const BROKEN_OFF: &str = "the run ended here without saying why";

/// A film that is read scene by scene.
pub struct Reel<R> {
    lines: R,
    line: u64,
    /// Its first line.
    pub opening: Opening,
    /// The machine after the last scene that was read.
    pub state: State,
    /// Pages of all processes that a frame holds.
    pub resident: u64,
    /// Scenes that were read.
    pub scenes: u64,
    /// Its last line, once it was read.
    pub closing: Option<Closing>,
}

impl<R: BufRead> Reel<R> {
    /// Reads the start of a film.
    ///
    /// # Errors
    ///
    /// If it has none, or one of another version.
    pub fn open(lines: R) -> Result<Self, Error> {
        let mut reel = Self {
            lines,
            line: 0,
            opening: Opening {
                schema: String::new(),
                frames: 0,
                swap: 0,
                cpus: 0,
                changes: Vec::new(),
            },
            state: State::default(),
            resident: 0,
            scenes: 0,
            closing: None,
        };
        let first = reel.next_line()?.unwrap_or_default();
        reel.opening = serde_json::from_str(&first).map_err(|source| match first.as_str() {
            "" => Error::Version {
                found: "nothing".to_owned(),
            },
            _ => Error::Form { line: 1, source },
        })?;
        if reel.opening.schema != SCHEMA {
            let found = reel.opening.schema;
            return Err(Error::Version { found });
        }
        for change in std::mem::take(&mut reel.opening.changes) {
            reel.apply(&change);
        }
        Ok(reel)
    }

    /// Reads the next scene; none after the last one. The state is still that before it:
    /// see [`Reel::pass`].
    ///
    /// # Errors
    ///
    /// If the next line is no scene, and no closing either.
    pub fn scene(&mut self) -> Result<Option<Scene>, Error> {
        if self.closing.is_some() {
            return Ok(None);
        }
        let Some(text) = self.next_line()? else {
            self.closing = Some(Closing {
                stopped: Some(BROKEN_OFF.to_owned()),
                violations: Vec::new(),
            });
            return Ok(None);
        };
        match serde_json::from_str::<Scene>(&text) {
            Ok(scene) => Ok(Some(scene)),
            Err(source) => self.close(&text, source).map(|()| None),
        }
    }

    /// Brings the state behind a scene.
    pub fn pass(&mut self, scene: &Scene) {
        self.scenes += 1;
        for change in &scene.changes {
            self.apply(change);
        }
    }

    /// A closing has no field that it must have, so a malformed scene could be taken for
    /// one.
    fn close(&mut self, text: &str, source: serde_json::Error) -> Result<(), Error> {
        let line = self.line;
        match serde_json::from_str(text) {
            Ok(closing) if !text.contains("\"line\":") => self.closing = Some(closing),
            Ok(_) | Err(_) => return Err(Error::Form { line, source }),
        }
        Ok(())
    }

    fn next_line(&mut self) -> Result<Option<String>, Error> {
        let mut text = String::new();
        let read = self.lines.read_line(&mut text).map_err(Error::Read)?;
        self.line += 1;
        Ok((read > 0).then(|| text.trim_end().to_owned()))
    }

    fn apply(&mut self, change: &Change) {
        self.resident -= self.held_by(change);
        self.state.apply(change);
        if !matches!(change, Change::Process(..)) {
            self.resident += self.held_by(change);
        }
    }

    /// Resident pages in the rows that a change writes.
    fn held_by(&self, change: &Change) -> u64 {
        let process = |pid| self.state.processes.get(pid);
        let resident = |to: Target| matches!(to, Target::Frame(_));
        match change {
            Change::Page(pid, page, _) => process(pid)
                .and_then(|process| process.pages.get(page))
                .map_or(0, |entry| u64::from(resident(entry.to))),
            Change::Process(pid, _) => process(pid).map_or(0, |process| {
                process.pages.values().filter(|e| resident(e.to)).count() as u64
            }),
            _ => 0,
        }
    }
}
