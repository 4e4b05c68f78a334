//! A log as a file: packed or plain, read line by line.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Seek};
use std::path::{Path, PathBuf};

use lzma_rust2::XzReader;

use crate::error::Error;

/// How every xz file begins (the .xz file format, 2.1.1.1).
const XZ_MAGIC: &[u8] = b"\xFD7zXZ\0";

/// Bytes read from a log at once.
const BUFFER_BYTES: usize = 1 << 16;

const REMEDY: &str = "record with `valgrind --tool=lackey --trace-mem=yes --trace-syscalls=yes --log-file=FILE PROGRAM`";

/// A log that can be read more than once.
#[derive(Clone, Debug)]
pub(crate) struct Log {
    pub path: PathBuf,
    /// The process, as the log numbers it.
    pub pid: u32,
    /// The command as valgrind's banner has it.
    pub command: String,
}

impl Log {
    /// Reads the banner, which says whose log it is.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let mut lines = Lines::open(path)?;
        let mut pid = None;
        let mut command = String::new();
        while let Some(line) = lines.advance()? {
            let text = String::from_utf8_lossy(line);
            let Some((number, words)) = text.strip_prefix("==").and_then(|t| t.split_once("=="))
            else {
                break;
            };
            pid = pid.or(number.parse().ok());
            if let Some(words) = words.strip_prefix(" Command: ") {
                command = words.into();
            }
        }
        let pid = pid.ok_or_else(|| lines.malformed("`==pid==`, valgrind's banner"))?;
        Ok(Self {
            path: path.into(),
            pid,
            command,
        })
    }

    /// The program's path: the first word of its command.
    pub fn program(&self) -> &str {
        self.command.split(' ').next().unwrap_or_default()
    }

    pub fn lines(&self) -> Result<Lines, Error> {
        Lines::open(&self.path)
    }
}

/// The lines of a log, without their ends.
pub(crate) struct Lines {
    path: PathBuf,
    from: Box<dyn BufRead>,
    line: Vec<u8>,
    number: u64,
    /// Whether the line that was read last had an end.
    pub whole: bool,
}

impl Lines {
    fn open(path: &Path) -> Result<Self, Error> {
        let from = unpack(path).map_err(|source| Error::Read {
            path: path.into(),
            source,
        })?;
        Ok(Self {
            path: path.into(),
            from,
            line: Vec::new(),
            number: 0,
            whole: true,
        })
    }

    /// The next line, or `None` at the end.
    pub fn advance(&mut self) -> Result<Option<&[u8]>, Error> {
        self.line.clear();
        let read = self.from.read_until(b'\n', &mut self.line);
        let bytes = read.map_err(|source| Error::Read {
            path: self.path.clone(),
            source,
        })?;
        self.number += 1;
        self.whole = self.line.pop_if(|byte| *byte == b'\n').is_some();
        Ok((bytes > 0).then_some(&self.line[..]))
    }

    /// The line that was read last.
    pub fn current(&self) -> &[u8] {
        &self.line
    }

    /// Says that the line that was read last should be something else.
    pub fn malformed(&self, expected: &str) -> Error {
        Error::Line {
            path: self.path.clone(),
            line: self.number,
            expected: expected.into(),
            found: String::from_utf8_lossy(&self.line)
                .chars()
                .take(80)
                .collect(),
            remedy: REMEDY,
        }
    }
}

fn unpack(path: &Path) -> io::Result<Box<dyn BufRead>> {
    let mut file = BufReader::with_capacity(BUFFER_BYTES, File::open(path)?);
    let packed = file.fill_buf()?.starts_with(XZ_MAGIC);
    file.rewind()?;
    if packed {
        let unpacked = XzReader::new(file, true);
        return Ok(Box::new(BufReader::with_capacity(BUFFER_BYTES, unpacked)));
    }
    Ok(Box::new(file))
}
