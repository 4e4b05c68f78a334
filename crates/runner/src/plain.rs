//! The plain accesses of a long trace, in the formats that tell classes only: of each is
//! made what the machine needs, and no event, no observation and no line.

use std::io::{self, Write};
use std::num::NonZeroU64;
use std::ops::ControlFlow;

use vmsim::event::{Event, UserAccess};
use vmsim::machine::{Came, Machine};
use vmsim::observe::{End, Outcome};

use crate::classes::{self, Counts};
use crate::replay::AUDIT_MARK;

/// Why no more accesses are wanted.
pub(crate) enum Enough {
    /// The one on this line is caught in a loop.
    Livelock(u64),
    /// What was to be told could not be written.
    Unwritten(io::Error),
}

impl From<io::Error> for Enough {
    fn from(error: io::Error) -> Self {
        Enough::Unwritten(error)
    }
}

/// Lets the access on a line happen, and counts its class.
#[inline(always)]
pub(crate) fn count(
    machine: &mut Machine,
    counts: &mut Counts,
    number: u64,
    access: &UserAccess,
) -> ControlFlow<Enough> {
    match machine.access(access) {
        Came::Through => {}
        Came::Express(class) => counts.count_fault(class),
        Came::Told => {
            let outcome = machine.outcome();
            counts.count(true, outcome);
            if outcome.end == End::Livelock {
                return ControlFlow::Break(Enough::Livelock(number));
            }
        }
    }
    ControlFlow::Continue(())
}

/// Lets accesses happen, and tells something of them before the end: their letters, or what
/// the audit finds.
pub(crate) struct Told<'a, W> {
    pub machine: &'a mut Machine,
    pub counts: &'a mut Counts,
    pub out: &'a mut W,
    /// Whether a letter is written for each.
    pub letters: bool,
    pub audit_every: Option<NonZeroU64>,
    /// No line before this one is audited.
    pub due: u64,
}

impl<W: Write> Told<'_, W> {
    /// Lets the access on a line happen.
    #[inline(always)]
    pub fn take(&mut self, number: u64, access: &UserAccess) -> ControlFlow<Enough> {
        if number >= self.due {
            return flow(self.take_audited(number, access));
        }
        match self.machine.access(access) {
            Came::Through => match self.letters {
                true => flow(classes::write_hit(self.out, self.machine.events())),
                false => ControlFlow::Continue(()),
            },
            Came::Express(class) => {
                self.counts.count_fault(class);
                match self.letters {
                    true => flow(classes::write_fault(self.out, self.machine.events(), class)),
                    false => ControlFlow::Continue(()),
                }
            }
            Came::Told => {
                let outcome = self.machine.outcome();
                self.counts.count(true, outcome);
                let events = self.machine.events();
                flow(tell(self.out, self.letters, (number, events), outcome))
            }
        }
    }

    /// The same for a line that may have to be audited.
    #[cold]
    fn take_audited(&mut self, number: u64, access: &UserAccess) -> Result<(), Enough> {
        let every = self.audit_every.map_or(u64::MAX, NonZeroU64::get);
        self.due = (number + 1)
            .checked_next_multiple_of(every)
            .unwrap_or(u64::MAX);
        let event = Event::from(*access);
        match number.is_multiple_of(every) {
            true => audit(self.out, self.machine, number, &event)?,
            false => drop(self.machine.run(&event)),
        }
        let outcome = self.machine.outcome();
        self.counts.count(true, outcome);
        tell(
            self.out,
            self.letters,
            (number, self.machine.events()),
            outcome,
        )
    }
}

/// Lets an event happen, and writes what the audit finds after it.
pub(crate) fn audit(
    out: &mut impl Write,
    machine: &mut Machine,
    number: u64,
    event: &Event,
) -> io::Result<()> {
    for violation in machine.step(event).violations {
        writeln!(out, "{AUDIT_MARK}line {number}: {violation}")?;
    }
    Ok(())
}

/// Writes the letters of an access, if they are wanted, and whether it was the last.
fn tell(
    out: &mut impl Write,
    letters: bool,
    (number, events): (u64, u64),
    outcome: &Outcome,
) -> Result<(), Enough> {
    if letters {
        classes::write(out, events, true, outcome)?;
    }
    match outcome.end {
        End::Livelock => Err(Enough::Livelock(number)),
        _ => Ok(()),
    }
}

#[inline(always)]
fn flow(result: Result<(), impl Into<Enough>>) -> ControlFlow<Enough> {
    match result {
        Ok(()) => ControlFlow::Continue(()),
        Err(enough) => ControlFlow::Break(enough.into()),
    }
}
