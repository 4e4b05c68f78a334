//! A trace, where it comes from, and what it needs.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use vmsim::event::{Config, Op};
use vmsim::machine::Machine;
use vmtrace::Line;
use vmtrace::error::ReadError;
use vmtrace::names::Names;
use vmtrace::open::open;

use crate::facts::Facts;
use comparable::computer::Swap;
use comparable::twin::Twin;

/// A trace to be compared.
#[derive(Clone, Debug)]
pub struct Case {
    /// What it is called: a path, or seed and number.
    pub name: String,
    /// Its machine.
    pub config: Config,
    /// Its events.
    pub lines: Vec<Line>,
    /// Its files.
    pub names: Names,
}

/// Why traces cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum CaseError {
    /// No such file, or it cannot be read.
    #[error("{}: {error}\nhelp: name traces, or folders of them", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// It is no trace.
    #[error("{0}")]
    Malformed(String),
}

/// What a trace needs and this computer lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Need {
    /// A swap device that pages come back from one by one.
    Swap,
    /// A swap device that is written at once: on others fork and swap-in go by other
    /// rules than R17.
    Zram,
    /// Files that can be evicted from the page cache.
    Files,
    /// A heap that starts where the trace wants it.
    Heap,
}

impl Case {
    /// Reads a trace, text or binary.
    ///
    /// # Errors
    ///
    /// If it cannot be read, or is malformed.
    pub fn read(path: &Path) -> Result<Self, CaseError> {
        let unreadable = |error| CaseError::Unreadable {
            path: path.to_owned(),
            error,
        };
        let file = File::open(path).map_err(unreadable)?;
        Self::from_reader(path.display().to_string(), BufReader::new(file))
    }

    /// Reads a trace from a text.
    ///
    /// # Errors
    ///
    /// If it is malformed.
    pub fn parse(name: &str, text: &str) -> Result<Self, CaseError> {
        Self::from_reader(name.to_owned(), text.as_bytes())
    }

    fn from_reader(name: String, reader: impl BufRead) -> Result<Self, CaseError> {
        let malformed = |error: ReadError| CaseError::Malformed(error.in_file(&name).to_string());
        let mut trace = open(reader).map_err(malformed)?;
        let mut lines = Vec::new();
        for line in trace.by_ref() {
            lines.push(line.map_err(malformed)?);
        }
        Ok(Self {
            config: *trace.config(),
            names: trace.names().clone(),
            lines,
            name,
        })
    }

    /// All traces below some paths: files as they are, of folders all that end in
    /// `.trace`, in order.
    ///
    /// # Errors
    ///
    /// If a path cannot be read.
    pub fn find(paths: &[PathBuf]) -> Result<Vec<PathBuf>, CaseError> {
        let mut found = Vec::new();
        for path in paths {
            look_into(path, &mut found)?;
        }
        Ok(found)
    }

    /// The first thing that it needs and this computer lacks.
    pub fn lacks(&self, facts: &Facts) -> Option<Need> {
        let any = |wanted: fn(&Op) -> bool| self.lines.iter().any(|line| wanted(&line.event.op));
        if !facts.heap && any(|op| matches!(op, Op::Brk { .. })) {
            return Some(Need::Heap);
        }
        if !facts.files && any(|op| matches!(op, Op::File { .. })) {
            return Some(Need::Files);
        }
        let need = match facts.computer.swap {
            Swap::Exact => return None,
            Swap::Twice if any(|op| matches!(op, Op::Fork { .. })) => Need::Zram,
            Swap::Twice => return None,
            Swap::Cached | Swap::None => Need::Swap,
        };
        self.swaps().then_some(need)
    }

    /// Whether a page goes to swap if there is room for it.
    fn swaps(&self) -> bool {
        let twin = Twin::with_swap(&self.config, self.lines.clone());
        let mut machine = Machine::new(twin.config, Rc::new(solution::Reference));
        let mut swaps = |line: &Line| machine.step(&line.event).slots_used > 0;
        twin.lines.iter().any(&mut swaps)
    }
}

fn look_into(path: &Path, found: &mut Vec<PathBuf>) -> Result<(), CaseError> {
    let unreadable = |error| CaseError::Unreadable {
        path: path.to_owned(),
        error,
    };
    if !path.is_dir() {
        found.push(path.to_owned());
        return Ok(());
    }
    let entries = path.read_dir().map_err(unreadable)?;
    let mut inside = entries
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<Vec<_>, _>>()
        .map_err(unreadable)?;
    inside.sort();
    for path in inside {
        let is_trace = path
            .extension()
            .is_some_and(|extension| extension == "trace");
        if path.is_dir() || is_trace {
            look_into(&path, found)?;
        }
    }
    Ok(())
}

impl Need {
    /// Cases that need it, in words.
    pub fn cases(self) -> &'static str {
        match self {
            Need::Swap => "swap cases",
            Need::Zram => "swap cases with fork",
            Need::Files => "file cases",
            Need::Heap => "heap cases",
        }
    }
}
