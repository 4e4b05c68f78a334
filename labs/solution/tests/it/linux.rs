//! The traces that were measured on Linux: every access as the kernel did it.

use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use vmsim::machine::Machine;
use vmtrace::text::parser::Parser;

use crate::{check, outcome};

/// How many there are, so that none is lost unnoticed.
const TRACES: usize = 109;

fn traces() -> Vec<PathBuf> {
    let folder = "../../crates/vmtrace/tests/linux-traces";
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let entries = fs::read_dir(folder).expect("the folder is in the repository");
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

#[test]
fn every_measured_access_ends_as_it_did_on_linux() {
    let traces = traces();
    assert_eq!(traces.len(), TRACES);
    for path in traces {
        check(&fs::read_to_string(path).unwrap());
    }
}

/// So the table in `docs/linux-rules.md` may leave it out.
#[test]
fn what_notes_no_outcome_succeeds_without_a_fault() {
    for path in traces() {
        let trace = fs::read_to_string(&path).unwrap();
        let mut parser = Parser::new(trace.as_bytes()).unwrap();
        let mut machine = Machine::new(*parser.config(), Rc::new(solution::Reference));
        while let Some(line) = parser.next() {
            let event = line.unwrap().event;
            let seen = outcome(&event.op, &machine.step(&event));
            let place = path.display();
            assert!(
                parser.outcome().is_some() || seen.is_empty(),
                "{place}: {event:?}: {seen:?}"
            );
        }
    }
}
