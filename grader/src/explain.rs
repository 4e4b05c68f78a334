//! Why the reference does what it does at an event: what a student should look at.

use std::rc::Rc;

use runner::log::signal_in_words;
use verdict::explanation::Explanation;
use vmsim::machine::Machine;
use vmsim::observe::End;
use vmtrace::open::open;

/// Replays a trace with the reference up to a line, and tells how it decides there.
/// None if the trace has no such line.
pub fn explain(trace: &[u8], line: u64) -> Option<Explanation> {
    let lines = open(trace).ok()?;
    let mut machine = Machine::new(*lines.config(), Rc::new(solution::Reference));
    machine.watch();
    for event in lines {
        let event = event.ok()?;
        let seen = machine.step(&event.event);
        if event.number == line {
            let trail = machine.trail()?;
            let mut told = trail
                .faults()
                .last()
                .map(Explanation::of_fault)
                .unwrap_or_default();
            if let End::Signalled(signal, delivery) = seen.end {
                told.signal = Some(signal_in_words(signal, delivery));
            }
            return Some(told);
        }
    }
    None
}
