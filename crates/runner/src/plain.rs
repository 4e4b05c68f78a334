//! The plain accesses of a long trace, in the formats that tell classes only: of each is
//! made what the machine needs, and no event, no observation and no line.

use std::io::{self, Write};
use std::num::NonZeroU64;

use vmsim::event::{Event, UserAccess};
use vmsim::machine::{Came, Machine, Miss};
use vmsim::observe::End;
use vmtrace::plain::Plain;

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

/// Lets accesses happen, and counts their classes.
#[inline(always)]
pub(crate) fn count(
    machine: &mut Machine,
    counts: &mut Counts,
    accesses: &mut impl Plain,
) -> Result<(), Enough> {
    while let Some(miss) = machine.hits(accesses) {
        match machine.missed(miss) {
            None => {}
            Some(Came::Express(class)) => counts.count_fault(class),
            Some(Came::Told) => {
                let outcome = machine.outcome();
                counts.count(true, outcome);
                if outcome.end == End::Livelock {
                    return Err(Enough::Livelock(accesses.number()));
                }
            }
        }
    }
    Ok(())
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
    /// Lets accesses happen.
    #[inline(always)]
    pub fn take(&mut self, accesses: &mut impl Plain) -> Result<(), Enough> {
        loop {
            // Those before the next line that may have to be audited.
            let few = self.due.saturating_sub(accesses.number() + 1);
            let few = usize::try_from(few).unwrap_or(usize::MAX);
            let before = self.machine.events();
            let miss = self.machine.hits(&mut accesses.take(few));
            if self.letters {
                classes::write_hits(self.out, before, self.machine.events())?;
            }
            let number = accesses.number();
            match miss {
                Some(miss) => self.take_miss(number, miss)?,
                None if number + 1 < self.due => return Ok(()),
                None => match accesses.next() {
                    Some(access) => self.take_audited(number + 1, access)?,
                    None => return Ok(()),
                },
            }
        }
    }

    /// Lets the access on a line happen that the TLB has not let through.
    #[inline(always)]
    fn take_miss(&mut self, number: u64, miss: Miss) -> Result<(), Enough> {
        let came = self.machine.missed(miss);
        let events = self.machine.events();
        match came {
            None if self.letters => classes::write_hits(self.out, events - 1, events)?,
            None => {}
            Some(Came::Express(class)) => {
                self.counts.count_fault(class);
                if self.letters {
                    classes::write_fault(self.out, events, class)?;
                }
            }
            Some(Came::Told) => self.tell(number)?,
        }
        Ok(())
    }

    /// The same for a line that may have to be audited.
    #[cold]
    fn take_audited(&mut self, number: u64, access: UserAccess) -> Result<(), Enough> {
        let every = self.audit_every.map_or(u64::MAX, NonZeroU64::get);
        self.due = (number + 1)
            .checked_next_multiple_of(every)
            .unwrap_or(u64::MAX);
        let event = Event::from(access);
        match number.is_multiple_of(every) {
            true => audit(self.out, self.machine, number, &event)?,
            false => drop(self.machine.run(&event)),
        }
        self.tell(number)
    }

    /// Counts the access on a line by its outcome, writes its letters, if they are wanted,
    /// and tells whether it was the last.
    fn tell(&mut self, number: u64) -> Result<(), Enough> {
        let outcome = self.machine.outcome();
        self.counts.count(true, outcome);
        if self.letters {
            classes::write(self.out, self.machine.events(), true, outcome)?;
        }
        match outcome.end {
            End::Livelock => Err(Enough::Livelock(number)),
            _ => Ok(()),
        }
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
