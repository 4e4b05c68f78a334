//! The trace in its binary form: half of the text, and no comments.

use std::io::{self, Write};

use vmsim::event::{Config, Event};
use vmtrace::binary::encode::Encoder;
use vmtrace::error::WriteError;

use crate::sink::Sink;

/// Writes a trace in the binary form of `vmtrace`.
///
/// Give it a buffered writer.
pub struct BinarySink<W>(State<W>);

enum State<W> {
    /// The machine, which stands first, is not known yet.
    Fresh(W),
    Writing(Encoder<W>),
    /// The start could not be written.
    Failed,
}

impl<W: Write> BinarySink<W> {
    /// A trace that is to be written here.
    pub fn new(out: W) -> Self {
        Self(State::Fresh(out))
    }

    /// Writes the end mark, flushes and gives the output back.
    pub fn finish(self) -> io::Result<W> {
        match self.0 {
            State::Writing(encoder) => encoder.finish().map_err(io_error),
            State::Fresh(_) | State::Failed => Err(no_machine()),
        }
    }
}

impl<W: Write> Sink for BinarySink<W> {
    fn machine(&mut self, config: &Config) -> io::Result<()> {
        let State::Fresh(out) = std::mem::replace(&mut self.0, State::Failed) else {
            return Err(io::Error::other("a trace runs on one machine"));
        };
        self.0 = State::Writing(Encoder::new(out, config).map_err(io_error)?);
        Ok(())
    }

    fn comment(&mut self, _text: &str) -> io::Result<()> {
        Ok(())
    }

    fn event(&mut self, event: &Event) -> io::Result<()> {
        match &mut self.0 {
            State::Writing(encoder) => encoder.write(event).map_err(io_error),
            State::Fresh(_) | State::Failed => Err(no_machine()),
        }
    }
}

fn io_error(error: WriteError) -> io::Error {
    match error {
        WriteError::Io(error) => error,
        invalid => io::Error::other(invalid),
    }
}

fn no_machine() -> io::Error {
    io::Error::other("a trace begins with its machine")
}
