//! The classes of a long trace's events: counted, or written down as a letter each.
//!
//! A line of the log costs seven times what a replayed hit costs that it tells of, so
//! whoever replays millions of events wants less: a letter is enough to see where two
//! kernels differ, and then to look there.

use std::collections::BTreeMap;
use std::io::{self, Write};

use vmsim::fault::{FaultClass, Repair, SignalCode};
use vmsim::machine::Machine;
use vmsim::observe::{End, Outcome};

/// Letters in a line.
const LINE: u64 = 64;

/// A line of accesses that took no fault.
const HITS: [u8; LINE as usize] = [b'.'; LINE as usize];

/// Repairs that are told apart, and for each whether it was major and whether it copied.
const CLASSES: usize = 16 << 2;

/// Counts of a machine's accesses by class, from its first event on.
#[derive(Debug)]
pub(crate) struct Counts {
    /// Events that are no hits: all others are accesses that took no fault.
    others: u64,
    faults: [(u64, Option<FaultClass>); CLASSES],
    signals: BTreeMap<SignalCode, u64>,
}

impl Default for Counts {
    fn default() -> Self {
        Self {
            others: 0,
            faults: [(0, None); CLASSES],
            signals: BTreeMap::new(),
        }
    }
}

impl Counts {
    #[inline(always)]
    pub(crate) fn count(&mut self, is_access: bool, outcome: &Outcome) {
        let is_hit = is_access && outcome.faults.is_empty() && outcome.end == End::Done;
        if !is_hit {
            self.others += 1;
            self.count_faults(outcome);
        }
    }

    /// Counts an access that took one fault and then got through.
    #[inline(always)]
    pub(crate) fn count_fault(&mut self, fault: FaultClass) {
        self.others += 1;
        self.count_class(fault);
    }

    #[inline(always)]
    fn count_class(&mut self, fault: FaultClass) {
        let (count, class) = &mut self.faults[number(fault)];
        (*count, *class) = (*count + 1, Some(fault));
    }

    #[inline]
    fn count_faults(&mut self, outcome: &Outcome) {
        for &fault in &outcome.faults {
            self.count_class(fault);
        }
        if let End::Signalled(signal, _) = outcome.end {
            self.count_signal(signal.code);
        }
    }

    #[cold]
    fn count_signal(&mut self, code: SignalCode) {
        *self.signals.entry(code).or_default() += 1;
    }

    pub(crate) fn write(&self, out: &mut impl Write, machine: &Machine) -> io::Result<()> {
        writeln!(out, "events             {:>12}", machine.events())?;
        let hits = machine.events() - self.others;
        writeln!(out, "hit                {hits:>12}")?;
        for (class, count) in self.in_words() {
            writeln!(out, "{class:<18} {count:>12}")?;
        }
        for (pid, process) in machine.processes() {
            let (minor, major) = (process.minor_faults, process.major_faults);
            writeln!(
                out,
                "process {pid}: {minor} minor faults, {major} major faults"
            )?;
        }
        let (frames, slots) = machine.in_use();
        writeln!(
            out,
            "in use at the end: {frames} frames, {slots} swap slots"
        )?;
        writeln!(out, "cost: {}", machine.cost())
    }

    fn in_words(&self) -> BTreeMap<String, u64> {
        let faults = self.faults.iter();
        let faults = faults.filter_map(|&(count, class)| Some((class?.to_string(), count)));
        let signals = self.signals.iter();
        let signals = signals.map(|(code, &count)| (code.to_string(), count));
        faults.chain(signals).collect()
    }
}

fn number(class: FaultClass) -> usize {
    (class.repair as usize) << 2 | usize::from(class.major) << 1 | usize::from(class.copy)
}

/// Writes the letters of an event: one for each fault, joined by `+`, and one for the
/// end, unless it is done after them.
pub(crate) fn write(
    out: &mut impl Write,
    number: u64,
    is_access: bool,
    outcome: &Outcome,
) -> io::Result<()> {
    let end = end_letter(is_access, outcome.end);
    match &outcome.faults[..] {
        [] => out.write_all(&[end])?,
        &[fault] if outcome.end == End::Done => return write_fault(out, number, fault),
        faults => {
            let failed = (outcome.end != End::Done).then_some(end);
            let letters = faults.iter().copied().map(letter).chain(failed);
            let joined: Vec<u8> = letters.flat_map(|letter| [b'+', letter]).skip(1).collect();
            out.write_all(&joined)?;
        }
    }
    end_line(out, number)
}

/// Writes the letters of accesses that took no fault: all events after the first `before`,
/// up to number `last`.
#[inline]
pub(crate) fn write_hits(out: &mut impl Write, before: u64, last: u64) -> io::Result<()> {
    let mut number = before;
    while number < last {
        let here = (last - number).min(LINE - number % LINE);
        out.write_all(&HITS[..here as usize])?;
        number += here;
        end_line(out, number)?;
    }
    Ok(())
}

/// Writes the letter of an access that took one fault and then got through.
#[inline]
pub(crate) fn write_fault(out: &mut impl Write, number: u64, fault: FaultClass) -> io::Result<()> {
    out.write_all(&[letter(fault)])?;
    end_line(out, number)
}

#[inline]
fn end_line(out: &mut impl Write, number: u64) -> io::Result<()> {
    match number % LINE {
        0 => out.write_all(b"\n"),
        _ => Ok(()),
    }
}

/// Ends the last line, if it is not full.
pub(crate) fn write_end(out: &mut impl Write, events: u64) -> io::Result<()> {
    match events % LINE {
        0 => Ok(()),
        _ => out.write_all(b"\n"),
    }
}

/// The letter of a repair; `?` for what no right kernel does.
fn letter(fault: FaultClass) -> u8 {
    match (fault.repair, fault.major, fault.copy) {
        (Repair::ZeroPage, false, _) => b'z',
        (Repair::DemandZero, false, _) => b'd',
        (Repair::MapResident, false, _) => b'm',
        (Repair::CopyOnWrite, false, _) => b'c',
        (Repair::Reuse, false, _) => b'r',
        (Repair::WriteNotify, false, _) => b'w',
        (Repair::Spurious, false, _) => b's',
        (Repair::FileRead, true, false) => b'f',
        (Repair::FileRead, true, true) => b'F',
        (Repair::SwapIn, true, false) => b'i',
        (Repair::SwapIn, true, true) => b'I',
        _ => b'?',
    }
}

fn end_letter(is_access: bool, end: End) -> u8 {
    match end {
        End::Done if is_access => b'.',
        End::Done => b'-',
        End::Failed(_) => b'E',
        End::OutOfMemory => b'O',
        End::Livelock => b'L',
        End::Signalled(signal, _) => match signal.code {
            SignalCode::Maperr => b'M',
            SignalCode::Accerr => b'A',
            SignalCode::Kernel => b'K',
            SignalCode::Adrerr => b'B',
        },
    }
}
