//! Counts only: what is worth knowing of a trace with a million events.

use std::collections::BTreeMap;
use std::io::{self, Write};

use vmsim::event::Event;
use vmsim::machine::Machine;
use vmsim::observe::{End, Observation};

/// Counts of accesses by class.
#[derive(Debug, Default)]
pub(crate) struct Summary {
    events: u64,
    hits: u64,
    classes: BTreeMap<String, u64>,
}

impl Summary {
    pub(crate) fn count(&mut self, event: &Event, seen: &Observation) {
        self.events += 1;
        if event.op.is_access() && seen.faults.is_empty() && seen.end == End::Done {
            self.hits += 1;
            return;
        }
        for fault in &seen.faults {
            *self.classes.entry(fault.to_string()).or_default() += 1;
        }
        if let End::Signalled(signal, _) = seen.end {
            *self.classes.entry(signal.code.to_string()).or_default() += 1;
        }
    }

    pub(crate) fn write(&self, out: &mut impl Write, machine: &Machine) -> io::Result<()> {
        writeln!(out, "events             {:>12}", self.events)?;
        writeln!(out, "hit                {:>12}", self.hits)?;
        for (class, count) in &self.classes {
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
}
