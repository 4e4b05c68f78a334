//! Reads a trace of either form.

use std::io::{BufRead, ErrorKind};

use vmsim::event::Config;

use crate::Line;
use crate::binary::decode::Decoder;
use crate::binary::kind::MAGIC;
use crate::error::ReadError;
use crate::names::Names;
use crate::text::parser::Parser;

/// The events of a trace, whichever form it has.
#[derive(Debug)]
pub enum Trace<R> {
    /// A text.
    Text(Parser<R>),
    /// A binary trace.
    Binary(Decoder<R>),
}

/// Starts to read a trace. Its first byte tells the form: the magic of a binary
/// trace starts with a byte that no text starts with.
pub fn open<R: BufRead>(mut reader: R) -> Result<Trace<R>, ReadError> {
    loop {
        match reader.fill_buf() {
            Ok(start) if start.first() == Some(&MAGIC[0]) => {
                return Decoder::new(reader).map(Trace::Binary);
            }
            Ok(_) => return Parser::new(reader).map(Trace::Text),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
    }
}

impl<R: BufRead> Trace<R> {
    /// The machine that the trace runs on.
    pub fn config(&self) -> &Config {
        match self {
            Trace::Text(parser) => parser.config(),
            Trace::Binary(decoder) => decoder.config(),
        }
    }

    /// The files named so far.
    pub fn names(&self) -> &Names {
        match self {
            Trace::Text(parser) => parser.names(),
            Trace::Binary(decoder) => decoder.names(),
        }
    }

    /// The outcome that the last event's comment notes ([`Parser::outcome`]); a
    /// binary trace has no comments.
    pub fn outcome(&self) -> Option<&str> {
        match self {
            Trace::Text(parser) => parser.outcome(),
            Trace::Binary(_) => None,
        }
    }
}

impl<R: BufRead> Iterator for Trace<R> {
    type Item = Result<Line, ReadError>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Trace::Text(parser) => parser.next(),
            Trace::Binary(decoder) => decoder.next(),
        }
    }
}
