//! The file beside a trace: what goes out comes in, and what else is there is
//! refused with its place.

use std::fs;

use runner::totals::Counts;
use tally::{Followed, Tally, path_beside};
use tempfile::TempDir;

fn ls() -> Tally {
    Tally {
        version: 1,
        command: vec!["ls".into(), "-l".into()],
        recorded: vec!["/usr/bin/ls".into(), "-l".into()],
        events: 7,
        processes: 1,
        children_lost_to_exec: 0,
        kernel: "Linux 6.18".into(),
        huge_pages: "madvise".into(),
        started: minor(112),
        cold: None,
        followed: Some(Followed {
            exec: minor(4),
            program: minor(106),
        }),
    }
}

fn minor(minor: u64) -> Counts {
    Counts { minor, major: 0 }
}

/// A folder with this text beside `ls.trace`.
fn beside(text: &str) -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::write(path_beside(&folder.path().join("ls.trace")), text).unwrap();
    folder
}

#[track_caller]
fn refused(text: &str) -> String {
    let folder = beside(text);
    let trace = folder.path().join("ls.trace");
    let error = Tally::beside(&trace).expect_err("a refusal").to_string();
    error.replace(folder.path().to_str().unwrap(), "DIR")
}

#[test]
fn what_is_written_beside_a_trace_is_read_again() {
    let folder = beside(&ls().to_toml());
    let read = Tally::beside(&folder.path().join("ls.trace")).unwrap();
    assert_eq!(read, Some(ls()));
}

#[test]
fn most_traces_have_no_tally() {
    let folder = TempDir::new().unwrap();
    let read = Tally::beside(&folder.path().join("ls.trace")).unwrap();
    assert_eq!(read, None);
}

#[test]
fn a_malformed_tally_is_refused_with_place_and_remedy() {
    let error = refused(&ls().to_toml().replace("events = 7", "events = seven"));
    assert!(error.starts_with("DIR/ls.trace.kernel.toml: "), "{error}");
    assert!(error.contains("line 6, column 10"), "{error}");
    assert!(error.contains("\nhelp: "), "{error}");
}

#[test]
fn a_tally_of_another_version_is_refused() {
    let error = refused(&ls().to_toml().replace("version = 1", "version = 2"));
    assert_eq!(
        error,
        "DIR/ls.trace.kernel.toml: version 2, expected 1\nhelp: record the program again"
    );
}
