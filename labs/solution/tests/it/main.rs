//! Tests of the machine and of the reference: text in, text out.
//!
//! A trace notes behind `# =>` what each access leads to. [`check`] replays it
//! with the reference, compares, and lets the audit look at the whole machine
//! after every event. An outcome is what the kernel's counters and signals show
//! (`none`, `minor`, `major`, `maperr`, `accerr`, `kernel`, `bus`), or a class in
//! full (`minor reuse`), or an error of a system call. Several faults of one
//! access are joined by `+` or by ` then `; the value that a read must find may
//! follow, as in `hit =7`.

mod classify;
mod content;
mod express;
mod film;
mod heap;
mod invalid;
mod linux;
mod memory;
mod output;
mod populate;
mod pressure;
mod properties;
mod sharers;
mod stack;
mod switches;
mod vmas;
mod wrong;

use std::rc::Rc;

use vmsim::event::Op;
use vmsim::fault::Delivery;
use vmsim::handlers::Handlers;
use vmsim::machine::Machine;
use vmsim::observe::{End, Observation};
use vmtrace::text::parser::Parser;

/// Replays a trace with the reference and compares every outcome that it notes.
fn check(trace: &str) {
    if let Err(difference) = differences(trace, Rc::new(solution::Reference)) {
        panic!("{difference}\nin this trace:\n{trace}");
    }
}

/// Replays a trace and returns the first difference from what it notes.
fn differences(trace: &str, handlers: Rc<dyn Handlers>) -> Result<(), String> {
    let mut parser = Parser::new(trace.as_bytes()).map_err(|error| error.to_string())?;
    let mut machine = Machine::new(*parser.config(), handlers);
    while let Some(line) = parser.next() {
        let line = line.map_err(|error| error.to_string())?;
        let seen = machine.step(&line.event);
        let found = outcome(&line.event.op, &seen);
        let number = line.number;
        if let Some(expected) = parser.outcome()
            && !agrees(expected, &found, seen.value)
        {
            let found = found.join(" then ");
            let value = seen.value.unwrap_or_default();
            return Err(format!(
                "line {number}: expected `{expected}`, found `{found} ={value}`"
            ));
        }
        if let Some(violation) = seen.violations.iter().chain(&machine.audit()).next() {
            return Err(format!("line {number}: {violation}"));
        }
    }
    Ok(())
}

/// Everything that an event led to, fault by fault, and how it ended. What
/// `MAP_POPULATE` reads from a file, Linux counts as minor (rule R12).
fn outcome(op: &Op, seen: &Observation) -> Vec<String> {
    let end = match seen.end {
        End::Signalled(_, Delivery::ReturnEfault) => Some("EFAULT".to_owned()),
        End::Signalled(signal, _) => Some(signal.code.to_string()),
        End::OutOfMemory => Some("oom".to_owned()),
        End::Livelock => Some("livelock".to_owned()),
        End::Failed(errno) => Some(errno.to_string()),
        End::Done => None,
    };
    let counted = |class: String| match op {
        Op::Mmap { .. } => class.replacen("major", "minor", 1),
        _ => class,
    };
    let faults = seen.faults.iter().map(ToString::to_string).map(counted);
    faults.chain(end).collect()
}

fn agrees(expected: &str, found: &[String], value: Option<u64>) -> bool {
    let (classes, wanted) = match expected.split_once('=') {
        Some((classes, value)) => (classes.trim(), value.trim().parse().ok()),
        None => (expected, value),
    };
    let classes: Vec<&str> = classes.split('+').flat_map(|c| c.split(" then ")).collect();
    let none = matches!(classes[..], ["none" | "hit" | "ok"]) && found.is_empty();
    let each = classes.len() == found.len()
        && (classes.iter().zip(found)).all(|(class, found)| is_a(class.trim(), found));
    wanted == value && (none || each)
}

/// Whether the words name the outcome: all of it, its weight or its last word.
fn is_a(words: &str, found: &str) -> bool {
    match words {
        "minor" | "major" => found.starts_with(words),
        "maperr" | "accerr" | "kernel" => found.strip_prefix("segv ") == Some(words),
        "bus" => found == "bus adrerr",
        _ => found == words,
    }
}

#[test]
fn a_check_notices_what_differs() {
    let wrong = [
        ("read 1 0x0 # => hit", "segv maperr"),
        (
            "mmap 1 0x100000 4K rw private anon\nwrite 1 0x100000 # => minor reuse",
            "demand-zero",
        ),
        (
            "mmap 1 0x100000 4K rw private anon\nread 1 0x100000 # => minor =7",
            "=0",
        ),
        ("munmap 1 0x1 4K # => ok", "EINVAL"),
    ];
    for (trace, found) in wrong {
        let difference = differences(trace, Rc::new(solution::Reference)).unwrap_err();
        assert!(difference.contains(found), "{difference}");
    }
}
