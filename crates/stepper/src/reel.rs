//! A film while it is written.
//!
//! A film may have a million scenes, so it lies in a file without a name. In memory there
//! are a few words for each scene, and now and then a whole state: whenever as many rows
//! have changed as a state has. So any state is a short way from one that is kept, and all
//! that are kept are no larger than the changes themselves.

use std::fs::File;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, Write};
use std::os::unix::fs::FileExt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use film::read::{self, Told};
use film::scene::{Closing, Opening, Outcome, Scene};
use film::state::{Change, Frame, State, Usage};
use serde::Deserialize;

use crate::difference::{InUse, compared};

/// Rows that change before another state is kept, at least.
const ROWS_MIN: usize = 2000;

/// Bytes that wait in memory before they are written to the file.
const TAIL_BYTES: usize = 256 << 10;

/// What is kept in memory of a scene.
#[derive(Clone, Copy, Debug)]
pub struct Mark {
    at: u64,
    len: u32,
    /// Its line in the trace.
    pub line: u64,
    /// How it ended.
    pub outcome: Outcome,
    /// Whether it took a fault.
    pub faulted: bool,
    /// Equal for scenes that tell the same of what is compared.
    pub digest: u64,
    /// Frames and slots in use after it.
    frames: u32,
    slots: u32,
}

impl Mark {
    /// What was in use after the scene.
    pub fn in_use(&self) -> InUse {
        InUse {
            frames: self.frames as usize,
            slots: self.slots as usize,
        }
    }
}

/// A film, as far as it is written.
pub struct Reel {
    file: File,
    /// What is not in the file yet, and where it will be.
    tail: Vec<u8>,
    tail_at: u64,
    opening: Option<Opening>,
    marks: Vec<Mark>,
    /// The scenes that change the state, in order.
    changing: Vec<u32>,
    kept: Vec<Kept>,
    running: State,
    /// Frames in use, without the zero page and page tables.
    used: usize,
    /// Rows changed since the last kept state, and how many may.
    changed: usize,
    limit: usize,
    /// What the audit of the whole machine says, if the film has been told to its end.
    pub closing: Option<Closing>,
    /// How it ended, once it has.
    pub end: Option<End>,
}

/// How a film ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// With the trace.
    Whole,
    /// Before, and why.
    Stopped(String),
}

/// The state after a number of scenes.
struct Kept {
    scenes: usize,
    state: State,
}

/// A film that one thread writes and another one looks at.
#[derive(Clone)]
pub struct Shared(Arc<Mutex<Reel>>);

impl Shared {
    /// A film without a line.
    ///
    /// # Errors
    ///
    /// If no temporary file can be had.
    pub fn new() -> io::Result<Self> {
        Ok(Self(Arc::new(Mutex::new(Reel::new()?))))
    }

    /// The film, as far as it is written.
    pub fn lock(&self) -> MutexGuard<'_, Reel> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes a film line by line.
pub struct Sink<F> {
    reel: Shared,
    line: Vec<u8>,
    /// Is called after each line.
    grown: F,
    broken: Option<io::Error>,
}

impl<F: FnMut()> Sink<F> {
    /// A sink into a film.
    pub fn new(reel: Shared, grown: F) -> Self {
        Self {
            reel,
            line: Vec::new(),
            grown,
            broken: None,
        }
    }

    /// Why the film could not be taken, if it could not.
    pub fn broken(self) -> Option<io::Error> {
        self.broken
    }

    fn take(&mut self) -> io::Result<()> {
        let told = Line::read(&self.line)?;
        self.reel.lock().push(told, &self.line)?;
        self.line.clear();
        (self.grown)();
        Ok(())
    }
}

impl<F: FnMut()> Write for Sink<F> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for part in bytes.split_inclusive(|&byte| byte == b'\n') {
            self.line.extend_from_slice(part);
            if part.ends_with(b"\n")
                && let Err(error) = self.take()
            {
                let told = io::Error::from(error.kind());
                self.broken.get_or_insert(error);
                return Err(told);
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A line of a film.
enum Line {
    Opening(Opening),
    Told(Told),
}

impl Line {
    fn read(line: &[u8]) -> io::Result<Self> {
        match read::told(line) {
            Ok(told) => Ok(Line::Told(told)),
            Err(_) => read::opening(line)
                .map(Line::Opening)
                .map_err(io::Error::other),
        }
    }
}

impl Reel {
    fn new() -> io::Result<Self> {
        Ok(Self {
            file: tempfile::tempfile()?,
            tail: Vec::new(),
            tail_at: 0,
            opening: None,
            marks: Vec::new(),
            changing: Vec::new(),
            kept: Vec::new(),
            running: State::default(),
            used: 0,
            changed: 0,
            limit: ROWS_MIN,
            closing: None,
            end: None,
        })
    }

    fn push(&mut self, line: Line, text: &[u8]) -> io::Result<()> {
        match line {
            Line::Opening(opening) => {
                self.running = State::default();
                self.apply(&opening.changes);
                self.keep(0);
                self.opening = Some(opening);
                Ok(())
            }
            Line::Told(Told::Closing(closing)) => {
                self.closing = Some(closing);
                Ok(())
            }
            Line::Told(Told::Scene(scene)) => self.push_scene(&scene, text),
        }
    }

    fn push_scene(&mut self, scene: &Scene, text: &[u8]) -> io::Result<()> {
        let number = self.marks.len();
        self.apply(&scene.changes);
        if !scene.changes.is_empty() {
            self.changing.push(number as u32);
        }
        let in_use = InUse {
            frames: self.used,
            slots: self.running.slots.len(),
        };
        self.marks.push(Mark {
            at: self.tail_at + self.tail.len() as u64,
            len: text.len() as u32,
            line: scene.line,
            outcome: scene.outcome,
            faulted: !scene.faults.is_empty(),
            digest: digest(scene, in_use),
            frames: in_use.frames as u32,
            slots: in_use.slots as u32,
        });
        self.tail.extend_from_slice(text);
        if self.tail.len() >= TAIL_BYTES {
            self.file.write_all_at(&self.tail, self.tail_at)?;
            self.tail_at += self.tail.len() as u64;
            self.tail.clear();
        }
        if self.changed >= self.limit {
            self.keep(number + 1);
        }
        Ok(())
    }

    fn apply(&mut self, changes: &[Change]) {
        for change in changes {
            if let Change::Frame(number, frame) = change {
                let old = self.running.frames.get(number);
                self.used += usize::from(is_used(frame.as_ref()));
                self.used -= usize::from(is_used(old));
            }
            self.running.apply(change);
        }
        self.changed += changes.len();
    }

    /// Keeps the state after so many scenes.
    fn keep(&mut self, scenes: usize) {
        let state = self.running.clone();
        self.changed = 0;
        self.limit = rows(&state).max(ROWS_MIN);
        self.kept.push(Kept { scenes, state });
    }

    /// The machine before the first event, once it is told.
    pub fn opening(&self) -> Option<&Opening> {
        self.opening.as_ref()
    }

    /// How many scenes there are so far.
    pub fn len(&self) -> usize {
        self.marks.len()
    }

    /// Whether there is no scene yet.
    pub fn is_empty(&self) -> bool {
        self.marks.is_empty()
    }

    /// What is kept of a scene.
    pub fn mark(&self, scene: usize) -> Option<&Mark> {
        self.marks.get(scene)
    }

    /// What is kept of all scenes.
    pub fn marks(&self) -> &[Mark] {
        &self.marks
    }

    /// A scene; none if there is none of this number, or it cannot be read any more.
    pub fn scene(&self, scene: usize) -> Option<Scene> {
        serde_json::from_slice(&self.text(scene)?).ok()
    }

    /// A scene as it is written.
    pub fn text(&self, scene: usize) -> Option<Vec<u8>> {
        let mark = self.marks.get(scene)?;
        let len = mark.len as usize;
        if mark.at >= self.tail_at {
            let start = (mark.at - self.tail_at) as usize;
            return Some(self.tail[start..start + len].to_vec());
        }
        let mut text = vec![0; len];
        self.file.read_exact_at(&mut text, mark.at).ok()?;
        Some(text)
    }

    /// The state after so many scenes: 0 is the state before the first.
    pub fn state(&self, scenes: usize) -> State {
        let at = self.kept.partition_point(|kept| kept.scenes <= scenes);
        let Some(kept) = at.checked_sub(1).map(|at| &self.kept[at]) else {
            return State::default();
        };
        let mut state = kept.state.clone();
        self.advance(&mut state, kept.scenes, scenes);
        state
    }

    /// Turns the state after `from` scenes into the one after `to`, which are no fewer.
    pub fn advance(&self, state: &mut State, from: usize, to: usize) {
        let first = self
            .changing
            .partition_point(|&scene| (scene as usize) < from);
        let those = self.changing[first..].iter().map(|&scene| scene as usize);
        for scene in those.take_while(|&scene| scene < to) {
            for change in self.changes(scene) {
                state.apply(&change);
            }
        }
    }

    /// How many scenes of the range change the state.
    pub fn distance(&self, from: usize, to: usize) -> usize {
        let before = |number: usize| self.changing.partition_point(|&at| (at as usize) < number);
        before(to).saturating_sub(before(from))
    }

    fn changes(&self, scene: usize) -> Vec<Change> {
        /// Only the changes: the rest is read over.
        #[derive(Deserialize)]
        struct Changes {
            #[serde(default)]
            changes: Vec<Change>,
        }
        let text = self.text(scene).unwrap_or_default();
        serde_json::from_slice(&text).map_or_else(|_| Vec::new(), |told: Changes| told.changes)
    }
}

/// How many rows the tables of a state have.
fn rows(state: &State) -> usize {
    let of_processes = state.processes.values();
    let of_processes = of_processes.map(|process| 1 + process.vmas.len() + process.pages.len());
    let of_tlbs = state.tlbs.values().flat_map(|tlb| tlb.values());
    let remembered: usize = of_tlbs.map(|pages| pages.len()).sum();
    of_processes.sum::<usize>() + remembered + state.frames.len() + state.slots.len()
}

/// Whether a frame is one of those that the machine has been given.
fn is_used(frame: Option<&Frame>) -> bool {
    frame.is_some_and(|frame| matches!(frame.usage, Usage::Private | Usage::Cache))
}

/// What is compared of a scene: all that a correct kernel comes to, whoever wrote it.
/// Frames go by their names, and flushes are left out: how many are needed depends on how
/// clever a kernel is.
fn digest(scene: &Scene, after: InUse) -> u64 {
    let mut hasher = DefaultHasher::new();
    compared(scene, after).hash(&mut hasher);
    hasher.finish()
}
