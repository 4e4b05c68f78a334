//! The dry run, as an instructor reads it.

use collect::table::{Counts, Lists, render};

use crate::{Export, zip};

fn class() -> Export {
    zip(&[
        ("doejane_501_9001_lab1.rs", "a"),
        ("lovelaceada_502_9002_notes.txt", "b"),
        ("hoppergrace_LATE_504_9004_lab1.rs", "d"),
        ("malory_666_9005_lab1.rs", "e"),
        ("../evil_1_2_lab1.rs", "f"),
    ])
    .with_roster(&[
        ("501", "", ""),
        ("502", "", ""),
        ("503", "", ""),
        ("504", "", ""),
    ])
}

#[test]
fn everybody_is_counted() {
    let counts = Counts::of(&class().collect());
    let expected = Counts {
        students: 4,
        matched: 3,
        unmatched: 1,
        late: 1,
        empty: 1,
        absent: 1,
        left_out: 1,
        ..Counts::default()
    };
    assert_eq!(counts, expected);
    assert!(counts.want_a_look());
}

#[test]
fn the_table_fits_a_terminal_and_nothing_in_it_is_a_command() {
    let export = zip(&[
        ("Eve\u{1b}[31m_1_assignsubmission_file_/lab1.rs", "a"),
        ("\u{202e}::error::x_2_assignsubmission_file_/notes.txt", "a"),
    ])
    .with_roster(&[("u9", "", "")]);
    for lists in [Lists::Short, Lists::Whole] {
        let text = render(&export.collect(), lists);
        assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text}");
        // The first line has the path, which is as long as it is.
        let long = text.lines().skip(1).find(|line| line.chars().count() > 80);
        assert_eq!(long, None, "{text}");
    }
}

#[test]
fn whoever_wants_a_look_is_listed_with_a_reason() {
    let text = render(&class().collect(), Lists::Short);
    let has = |words: &[&str]| {
        let line = |line: &str| words.iter().all(|word| line.contains(word));
        assert!(text.lines().any(line), "{words:?} in no line of:\n{text}");
    };
    has(&["unmatched", "1", "course system's key"]);
    has(&["666", "malory", "not in the roster"]);
    has(&["502", "nothing that counts"]);
    has(&["../evil_1_2_lab1.rs", "leads out"]);
}

#[test]
fn whoever_looks_inside_sees_what_the_grader_will_refuse() {
    let inner = String::from_utf8_lossy(b"no archive").into_owned();
    let export = zip(&[
        ("doejane_501_9001_work.zip", inner.as_str()),
        ("hoppergrace_504_9004_lab1.rs", "fn main() {}"),
    ]);
    let mut collected = export.collect();
    assert_eq!(Counts::of(&collected).refused, 0);
    collected.look_inside();
    assert_eq!(Counts::of(&collected).refused, 1);
    let why = collected.findings[0].refused.clone().unwrap_or_default();
    assert!(why.starts_with("the archive cannot be read"), "{why}");
    let text = render(&collected, Lists::Short);
    let line = text.lines().find(|line| line.starts_with(" refused"));
    let words: Vec<&str> = line.expect("a line").split_whitespace().collect();
    assert_eq!(words[..2], ["refused", "1"]);
}

#[test]
fn an_archive_without_anything_is_empty() {
    let folder = crate::empty();
    let path = folder.folder.path().join("class");
    std::fs::create_dir(&path).expect("a folder");
    let archive = crate::zipped(&[("readme.md", "")]);
    std::fs::write(path.join("doejane_501_9001_work.zip"), archive).expect("a file");
    let mut export = folder;
    export.paths.push(path);
    let mut collected = export.collect();
    assert_eq!(Counts::of(&collected).empty, 0);
    collected.look_inside();
    assert_eq!(Counts::of(&collected).empty, 1);
}

#[test]
fn nobody_is_said_to_be_in_time_where_no_times_are_told() {
    let late = |name: &str| {
        let text = render(&zip(&[(name, "a")]).collect(), Lists::Short);
        let line = text.lines().find(|line| line.starts_with(" late"));
        line.expect("a line")
            .split_whitespace()
            .nth(1)
            .expect("a number")
            .to_owned()
    };
    assert_eq!(late("Ada_1_assignsubmission_file_/lab1.rs"), "?");
    assert_eq!(late("doejane_501_9001_lab1.rs"), "0");
    assert_eq!(late("Lab_ada_attempt_2026-11-20-21-03-11_lab1.rs"), "0");
}
