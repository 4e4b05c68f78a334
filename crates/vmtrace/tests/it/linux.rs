//! The traces that were measured on Linux.

use std::fs;
use std::path::{Path, PathBuf};

use vmsim::event::Op;
use vmtrace::text::parser::Parser;

use crate::{lines, read, text};

/// How many there are, so that none is lost unnoticed.
const TRACES: usize = 109;

fn traces() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/linux-traces");
    let entries = fs::read_dir(folder).expect("the folder is in the repository");
    entries.map(|entry| entry.unwrap().path()).collect()
}

#[test]
fn all_parse_and_survive_the_printer() {
    let traces = traces();
    assert_eq!(traces.len(), TRACES);
    for path in traces {
        let bytes = fs::read(&path).unwrap();
        let (config, events) = read(&bytes)
            .unwrap_or_else(|error| panic!("{}", error.in_file(&path.to_string_lossy())));
        let again = read(text(&config, &events).as_bytes()).unwrap();
        assert_eq!(again, (config, events), "{}", path.display());
    }
}

#[test]
fn every_access_notes_its_outcome() {
    for path in traces() {
        let bytes = fs::read(&path).unwrap();
        let mut parser = Parser::new(&*bytes).unwrap();
        while let Some(line) = parser.next() {
            let op = line.unwrap().event.op;
            let access = matches!(op, Op::Read { .. } | Op::Write { .. } | Op::Exec { .. });
            assert!(
                parser.outcome().is_some() || !access,
                "{}: {op:?}",
                path.display()
            );
        }
    }
}

#[test]
fn lines_are_numbered_as_in_an_editor() {
    let path = traces()
        .into_iter()
        .find(|path| path.to_string_lossy().contains("/a01-"))
        .unwrap();
    let lines = lines(&fs::read(path).unwrap());
    let numbers = lines.iter().map(|line| line.number).collect::<Vec<_>>();
    assert_eq!(numbers, [4, 5, 6, 7, 8, 9]);
}
