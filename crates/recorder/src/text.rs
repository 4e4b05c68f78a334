//! The trace as text, with its comments.

use std::io::{self, Write};

use vmsim::event::{Config, Event, Op};
use vmtrace::names::Names;
use vmtrace::text::print::{EventText, MachineText};

use crate::sink::Sink;

/// Writes a trace in the words of `vmtrace`.
///
/// Every event is one line; give it a buffered writer.
pub struct TextSink<W> {
    out: W,
    names: Names,
}

impl<W: Write> TextSink<W> {
    /// A trace that is to be written here.
    pub fn new(out: W) -> Self {
        let names = Names::default();
        Self { out, names }
    }

    /// Flushes and gives the output back.
    pub fn finish(mut self) -> io::Result<W> {
        self.out.flush()?;
        Ok(self.out)
    }
}

impl<W: Write> Sink for TextSink<W> {
    fn machine(&mut self, config: &Config) -> io::Result<()> {
        writeln!(self.out, "{}", MachineText(config))
    }

    fn comment(&mut self, text: &str) -> io::Result<()> {
        let line: String = text.chars().filter(|letter| !letter.is_control()).collect();
        writeln!(self.out, "# {line}")
    }

    fn event(&mut self, event: &Event) -> io::Result<()> {
        if let Op::File { name, .. } = &event.op {
            self.names.add(name).map_err(io::Error::other)?;
        }
        let names = &self.names;
        writeln!(self.out, "{}", EventText { event, names })
    }
}
