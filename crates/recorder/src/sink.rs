//! Where the events go.

use std::io;

use vmsim::event::{Config, Event};

/// Takes a trace, in order: the machine once, then comments and events.
pub trait Sink {
    /// Takes the machine that the trace runs on.
    fn machine(&mut self, config: &Config) -> io::Result<()>;

    /// Takes a remark for readers of the trace; one line, without the `#`.
    fn comment(&mut self, text: &str) -> io::Result<()>;

    /// Takes the next event.
    fn event(&mut self, event: &Event) -> io::Result<()>;
}
