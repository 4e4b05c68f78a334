//! Cuts a file into lines, without copying most of them.

use std::io::{self, BufRead, ErrorKind};
use std::mem;

use memchr::memchr;

use crate::limits::LINE_LEN_MAX;

/// The byte order mark, with which some editors start a UTF-8 file.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The lines of a file.
///
/// A line that lies in the reader's buffer as a whole is handed out right there;
/// only one that crosses the buffer's end is put together in `pieces`.
#[derive(Debug)]
pub(crate) struct Lines<R> {
    reader: R,
    pieces: Vec<u8>,
    /// Bytes of the reader's buffer that the last line lies in.
    lent: usize,
    number: u64,
}

/// The next thing in a file.
pub(crate) enum Next<'a> {
    /// A line, without its end.
    Line(&'a [u8]),
    /// A line that is too long to be one.
    TooLong,
    /// Nothing.
    End,
}

impl<R: BufRead> Lines<R> {
    pub(crate) fn new(reader: R) -> Self {
        Self {
            reader,
            pieces: Vec::new(),
            lent: 0,
            number: 0,
        }
    }

    /// The number of the line that [`Lines::advance`] gave last, from 1.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// What the reader's buffer holds of the lines to come.
    #[inline]
    pub(crate) fn ahead(&mut self) -> io::Result<&[u8]> {
        self.reader.consume(mem::take(&mut self.lent));
        fill(&mut self.reader)
    }

    /// Takes lines of so many bytes, their ends included, for given: the caller has read
    /// them where they lie [`ahead`](Lines::ahead).
    #[inline]
    pub(crate) fn skip(&mut self, len: usize, lines: u64) {
        self.lent = len;
        self.number += lines;
    }

    /// Gives the next line.
    #[inline]
    pub(crate) fn advance(&mut self) -> io::Result<Next<'_>> {
        self.number += 1;
        match memchr(b'\n', self.ahead()?) {
            Some(end) if end <= LINE_LEN_MAX => {
                self.lent = end + 1;
                // The buffer is full, so that this only looks at it again.
                let line = &self.reader.fill_buf()?[..end];
                Ok(Next::Line(trim(line, self.number)))
            }
            _ => self.assemble(),
        }
    }

    /// Puts a line together that the buffer holds in part.
    #[cold]
    fn assemble(&mut self) -> io::Result<Next<'_>> {
        self.pieces.clear();
        loop {
            let buffer = fill(&mut self.reader)?;
            let end = memchr(b'\n', buffer);
            let piece = &buffer[..end.unwrap_or(buffer.len())];
            if self.pieces.len() + piece.len() > LINE_LEN_MAX {
                return Ok(Next::TooLong);
            }
            self.pieces.extend_from_slice(piece);
            let at_end = buffer.is_empty();
            let used = piece.len() + usize::from(end.is_some());
            self.reader.consume(used);
            match (at_end, end) {
                (true, _) if self.pieces.is_empty() => return Ok(Next::End),
                (false, None) => {}
                _ => return Ok(Next::Line(trim(&self.pieces, self.number))),
            }
        }
    }
}

/// Fills the buffer, however often a signal interrupts that.
#[inline]
fn fill<R: BufRead>(reader: &mut R) -> io::Result<&[u8]> {
    loop {
        match reader.fill_buf() {
            Ok(_) => break,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    reader.fill_buf()
}

/// A line without what other systems put around it.
#[inline]
fn trim(line: &[u8], number: u64) -> &[u8] {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    match number {
        1 => line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line),
        _ => line,
    }
}
