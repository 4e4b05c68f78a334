//! A film read scene by scene, from a file or while a program writes it.

use std::fmt;
use std::io::{self, BufRead};

use crate::scene::{Closing, Opening, SCHEMA, Scene};

/// How the line of a scene begins, and no other line.
const SCENE: &[u8] = b"{\"line\":";

/// A line behind the opening.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// An event.
    Scene(Box<Scene>),
    /// The end of the film.
    Closing(Closing),
}

/// Why a film cannot be read.
#[derive(Debug)]
pub enum Error {
    /// The line of the film, from 1, and what is wrong with it.
    Malformed(u64, serde_json::Error),
    /// It is a film of another form, or none: what its first line says.
    Schema(String),
    /// It ends before its opening does.
    Empty,
    /// It has no closing.
    Unfinished,
    /// It cannot be read at all.
    Io(io::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Malformed(line, error) => write!(f, "line {line} of the film: {error}"),
            Error::Schema(found) => write!(f, "not a film of the form {SCHEMA}: `{found}`"),
            Error::Empty => write!(f, "the film is empty"),
            Error::Unfinished => write!(f, "the film has no end"),
            Error::Io(error) => write!(f, "the film cannot be read: {error}"),
        }
    }
}

impl std::error::Error for Error {}

/// Reads the first line of a film.
///
/// # Errors
///
/// If it is no opening, or of another form.
pub fn opening(line: &[u8]) -> Result<Opening, Error> {
    let start = || String::from_utf8_lossy(&line[..line.len().min(80)]).into_owned();
    match serde_json::from_slice::<Opening>(line) {
        Ok(opening) if opening.schema == SCHEMA => Ok(opening),
        Ok(other) => Err(Error::Schema(other.schema)),
        Err(_) => Err(Error::Schema(start())),
    }
}

/// Whether a line behind the opening is a scene.
pub fn is_scene(line: &[u8]) -> bool {
    line.starts_with(SCENE)
}

/// Reads a line behind the opening.
///
/// # Errors
///
/// If it is neither a scene nor a closing.
pub fn told(line: &[u8]) -> Result<Told, serde_json::Error> {
    match is_scene(line) {
        true => serde_json::from_slice(line).map(Told::Scene),
        false => serde_json::from_slice(line).map(Told::Closing),
    }
}

/// A film under way: an iterator over what follows its opening.
#[derive(Debug)]
pub struct Film<R> {
    opening: Opening,
    lines: R,
    line: Vec<u8>,
    number: u64,
}

impl<R: BufRead> Film<R> {
    /// Reads the opening.
    ///
    /// # Errors
    ///
    /// If this is no film.
    pub fn open(mut lines: R) -> Result<Self, Error> {
        let mut line = Vec::new();
        if lines.read_until(b'\n', &mut line).map_err(Error::Io)? == 0 {
            return Err(Error::Empty);
        }
        Ok(Self {
            opening: opening(&line)?,
            lines,
            line,
            number: 1,
        })
    }

    /// The machine before the first event.
    pub fn opening(&self) -> &Opening {
        &self.opening
    }
}

impl<R: BufRead> Iterator for Film<R> {
    type Item = Result<Told, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.line.clear();
        self.number += 1;
        match self.lines.read_until(b'\n', &mut self.line) {
            Ok(0) => None,
            Ok(_) => Some(told(&self.line).map_err(|error| Error::Malformed(self.number, error))),
            Err(error) => Some(Err(Error::Io(error))),
        }
    }
}

/// A whole film without how the handlers did it ([`Scene::for_students`]), as text. What
/// stands behind its closing is left out.
///
/// # Errors
///
/// If it is no film, or has no closing: the run that it shows did not get to its end.
pub fn for_students(film: &[u8]) -> Result<String, Error> {
    let film = Film::open(film)?;
    let mut text = String::new();
    let mut add = |told: Result<String, serde_json::Error>| {
        text.push_str(&told.map_err(|error| Error::Malformed(0, error))?);
        text.push('\n');
        Ok(())
    };
    add(serde_json::to_string(film.opening()))?;
    for told in film {
        match told? {
            Told::Scene(scene) => add(serde_json::to_string(&scene.for_students()))?,
            Told::Closing(closing) => {
                add(serde_json::to_string(&closing))?;
                return Ok(text);
            }
        }
    }
    Err(Error::Unfinished)
}
