//! The files of a trace and their names.

use std::collections::HashMap;

use vmsim::addr::FileId;
use vmsim::event::{Event, Op};

use crate::limits::NAME_LEN_MAX;

/// The word that stands where a file name could, and so names no file.
pub(crate) const ANON: &str = "anon";

/// The names of the files seen so far; the n-th one belongs to `FileId(n)`.
#[derive(Clone, Debug, Default)]
pub struct Names {
    in_order: Vec<Box<str>>,
    ids: HashMap<Box<str>, FileId>,
}

/// Why a file cannot have a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// See [`is_name`].
    #[error("not a file name")]
    Malformed,
    /// Another file of the trace has it.
    #[error("the name of another file")]
    Taken,
}

impl Names {
    /// The files that some events make, whose names must be names.
    pub fn of<'a>(events: impl IntoIterator<Item = &'a Event>) -> Self {
        let mut names = Self::default();
        for event in events {
            if let Op::File { name, .. } = &event.op {
                // Events with names that are none have not been read.
                let _id = names.add(name);
            }
        }
        names
    }

    /// Gives the next file a name and returns its number.
    pub fn add(&mut self, name: &str) -> Result<FileId, NameError> {
        self.check_new(name)?;
        let id = FileId(self.in_order.len() as u32);
        self.in_order.push(name.into());
        self.ids.insert(name.into(), id);
        Ok(id)
    }

    /// Checks that the next file could have this name.
    pub fn check_new(&self, name: &str) -> Result<(), NameError> {
        if !is_name(name.as_bytes()) {
            return Err(NameError::Malformed);
        }
        match self.find(name) {
            Some(_) => Err(NameError::Taken),
            None => Ok(()),
        }
    }

    /// The file of this name.
    pub fn find(&self, name: &str) -> Option<FileId> {
        self.ids.get(name).copied()
    }

    /// The name of this file.
    pub fn get(&self, file: FileId) -> Option<&str> {
        self.in_order.get(file.0 as usize).map(|name| &**name)
    }

    /// All names, in the order of their files.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.in_order.iter().map(|name| &**name)
    }
}

/// Whether these bytes can name a file: letters, digits, `_`, `.` and `-`, of
/// which the first is a letter or `_`, at most [`NAME_LEN_MAX`] of them.
///
/// A name that starts with a digit would look like a size where a name was
/// forgotten. `anon` is the name of no file, because `mmap` maps it already.
pub fn is_name(bytes: &[u8]) -> bool {
    let Some(&first) = bytes.first() else {
        return false;
    };
    (first.is_ascii_alphabetic() || first == b'_')
        && bytes.len() <= NAME_LEN_MAX
        && bytes.iter().all(|&byte| is_name_byte(byte))
        && bytes != ANON.as_bytes()
}

fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-')
}
