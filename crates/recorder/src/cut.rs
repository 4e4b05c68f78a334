//! Keeping a part of a long trace.

use std::io;

use vmsim::event::Event;

use crate::sink::Sink;
use crate::stage::{Stage, is_access};

/// Which part of a trace is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Cut {
    /// All of it.
    #[default]
    None,
    /// The first so many events. The rest of the log is not read a second time.
    First(u64),
    /// About so many accesses, in stretches of [`STRETCH`] spread evenly over the
    /// whole run, and every event that is no access: the mappings stay true, and
    /// the trace shows the program's beginning, middle and end.
    Spread(u64),
}

/// Accesses in one stretch of a [`Cut::Spread`]: long enough to show locality.
pub const STRETCH: u64 = 1000;

/// Hands to the sink what the cut leaves.
pub(crate) struct Cutter<'a> {
    cut: Cut,
    /// Accesses in the whole trace.
    total: u64,
    seen: u64,
    sink: &'a mut dyn Sink,
    /// Events handed on.
    pub events: u64,
    /// Accesses left out.
    pub dropped: u64,
}

impl<'a> Cutter<'a> {
    pub fn new(cut: Cut, total: u64, sink: &'a mut dyn Sink) -> Self {
        Self {
            cut,
            total,
            seen: 0,
            sink,
            events: 0,
            dropped: 0,
        }
    }

    /// Whether the next access is kept.
    fn keeps_access(&mut self) -> bool {
        let nth = self.seen;
        self.seen += 1;
        match self.cut {
            Cut::None | Cut::First(_) => true,
            Cut::Spread(wanted) => is_kept(nth, wanted, self.total),
        }
    }
}

/// Whether access `nth` of `total` is in a stretch: each stretch is the start of
/// one of as many equal parts of the run.
fn is_kept(nth: u64, wanted: u64, total: u64) -> bool {
    let stretches = wanted.div_ceil(STRETCH).max(1);
    let part = total.div_ceil(stretches).max(1);
    nth % part < wanted.div_ceil(stretches)
}

impl Stage for Cutter<'_> {
    fn event(&mut self, event: &Event) -> io::Result<()> {
        if is_access(&event.op) && !self.keeps_access() {
            self.dropped += 1;
            return Ok(());
        }
        if self.is_full() {
            return Ok(());
        }
        self.events += 1;
        self.sink.event(event)
    }

    fn comment(&mut self, text: &str) -> io::Result<()> {
        match self.is_full() {
            true => Ok(()),
            false => self.sink.comment(text),
        }
    }

    fn is_full(&self) -> bool {
        matches!(self.cut, Cut::First(events) if self.events >= events)
    }
}
