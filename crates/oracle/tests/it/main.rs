//! Tests of the oracle: a trace in, what the kernel did out. No simulator is asked.
//!
//! Where no process can be traced the tests say so and do nothing.

mod measured;
mod outcomes;

use oracle::NativeMachine;
use oracle::error::Error;
use oracle::host;
use oracle::outcome::Outcome;
use oracle::plan::Plan;
use vmtrace::text::parser::Parser;

/// An event's outcome, and the one that its comment notes.
struct Seen {
    line: u64,
    noted: Option<String>,
    outcome: Outcome,
}

/// Runs a trace; none if this computer cannot.
fn run(trace: &str) -> Option<Vec<Seen>> {
    let mut parser = Parser::new(trace.as_bytes()).expect("tests hold traces");
    let config = *parser.config();
    let (mut lines, mut notes) = (Vec::new(), Vec::new());
    while let Some(line) = parser.next() {
        lines.push(line.expect("tests hold traces"));
        notes.push(parser.outcome().map(str::to_owned));
    }
    let plan = Plan::of(&config, lines.iter().map(|line| &line.event));
    // Every test has a thread of its own.
    let _pinned = host::pin(0);
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a temporary folder");
    let mut machine = match NativeMachine::new(&plan, folder.path()) {
        Ok(machine) => machine,
        Err(error @ (Error::Lacking(_) | Error::Os { .. })) => {
            eprintln!("skipped: no native run here: {error}");
            return None;
        }
        Err(error) => panic!("{error}"),
    };
    let seen = lines.iter().zip(notes).map(|(line, noted)| Seen {
        line: line.number,
        noted,
        outcome: machine.step(&line.event).expect("the trace can be run"),
    });
    Some(seen.collect())
}

/// Runs a trace and compares every outcome that it notes.
fn check(trace: &str) {
    for seen in run(trace).unwrap_or_default() {
        let Some(noted) = &seen.noted else { continue };
        let found = match (noted.contains('='), seen.outcome.value) {
            (true, Some(value)) => format!("{} ={value}", seen.outcome),
            _ => seen.outcome.to_string(),
        };
        let noted = noted.replace("ok", "none");
        assert_eq!(found, noted, "line {} of\n{trace}", seen.line);
    }
}
