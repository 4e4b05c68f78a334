//! Two bytes for every event, packed: what a page must know of all events at once, to
//! find the next fault among a million.

use std::collections::HashMap;
use std::io::{self, Write};

use film::scene::Outcome;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use serde::Serialize;

/// The event has at least one fault.
pub const FAULT: u8 = 1 << 4;
/// The audit found something wrong.
pub const VIOLATION: u8 = 1 << 5;
/// The runs differ.
pub const DIFFERS: u8 = 1 << 6;

/// Classes that are told apart; the rarest beyond share the last number.
const CLASSES_MAX: usize = 255;

/// The index of a film, packed while it grows.
pub struct Index {
    flags: ZlibEncoder<Vec<u8>>,
    classes: ZlibEncoder<Vec<u8>>,
    numbers: HashMap<String, usize>,
    names: Vec<Class>,
}

/// A class, and how often it occurs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Class {
    /// Its name; empty for events that have none.
    pub name: String,
    /// Events of this class.
    pub count: u64,
}

impl Default for Index {
    fn default() -> Self {
        let packer = || ZlibEncoder::new(Vec::new(), Compression::default());
        Self {
            flags: packer(),
            classes: packer(),
            numbers: HashMap::new(),
            names: Vec::new(),
        }
    }
}

impl Index {
    /// Adds an event.
    ///
    /// # Errors
    ///
    /// None in practice: it is memory that is written to.
    pub fn add(&mut self, outcome: Outcome, marks: u8, class: &str) -> io::Result<()> {
        let number = self.number(class);
        self.names[number].count += 1;
        self.flags.write_all(&[outcome as u8 | marks])?;
        self.classes.write_all(&[number as u8])
    }

    /// The packed flags, the packed classes, and their names.
    ///
    /// # Errors
    ///
    /// None in practice: it is memory that is written to.
    pub fn finish(self) -> io::Result<(Vec<u8>, Vec<u8>, Vec<Class>)> {
        Ok((self.flags.finish()?, self.classes.finish()?, self.names))
    }

    fn number(&mut self, class: &str) -> usize {
        if let Some(&number) = self.numbers.get(class) {
            return number;
        }
        if self.names.len() == CLASSES_MAX {
            self.names.push(Class {
                name: "other".to_owned(),
                count: 0,
            });
        }
        let number = self.names.len();
        if number > CLASSES_MAX {
            return CLASSES_MAX;
        }
        self.names.push(Class {
            name: class.to_owned(),
            count: 0,
        });
        self.numbers.insert(class.to_owned(), number);
        number
    }
}
