//! A film under way, and the state that it has come to.

use std::io::BufRead;

use film::read::{Film, Told};
use film::scene::{Closing, Opening, Outcome, Scene};
use film::state::{Change, State, Target};

use crate::error::Error;

/// What is said of a film that breaks off, as it does if its process was killed.
const BROKEN_OFF: &str = "the run ended without saying why";

/// A film that is read scene by scene.
pub struct Reel<R> {
    film: Film<R>,
    /// The machine after the last scene that was passed.
    pub state: State,
    /// Pages of all processes that a frame holds.
    pub resident: u64,
    /// Scenes that were passed.
    pub scenes: u64,
    last: Option<Outcome>,
    closing: Option<Closing>,
}

impl<R: BufRead> Reel<R> {
    /// Reads the start of a film.
    ///
    /// # Errors
    ///
    /// If it has none, or one of another form.
    pub fn open(lines: R) -> Result<Self, Error> {
        let film = Film::open(lines)?;
        let before = film.opening().changes.clone();
        let mut reel = Self {
            film,
            state: State::default(),
            resident: 0,
            scenes: 0,
            last: None,
            closing: None,
        };
        before.iter().for_each(|change| reel.apply(change));
        Ok(reel)
    }

    /// The machine before the first event.
    pub fn opening(&self) -> &Opening {
        self.film.opening()
    }

    /// How the run ended, once all scenes were read.
    pub fn closing(self) -> Closing {
        // The last scene of a run that a handler stopped says so itself.
        let stopped = self.last != Some(Outcome::Stopped) && self.last != Some(Outcome::Livelock);
        self.closing.unwrap_or(Closing {
            scenes: self.scenes,
            stopped: stopped.then(|| BROKEN_OFF.to_owned()),
            violations: Vec::new(),
        })
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
        match self.film.next().transpose()? {
            Some(Told::Scene(scene)) => Ok(Some(*scene)),
            Some(Told::Closing(closing)) => {
                self.closing = Some(closing);
                Ok(None)
            }
            None => Ok(None),
        }
    }

    /// Brings the state behind a scene.
    pub fn pass(&mut self, scene: &Scene) {
        self.scenes += 1;
        self.last = Some(scene.outcome);
        for change in &scene.changes {
            self.apply(change);
        }
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
