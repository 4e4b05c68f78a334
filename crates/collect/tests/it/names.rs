//! Names that somebody has made up to do harm, and all others.

use std::fs;
use std::path::Path;

use collect::layout::Layout;
use proptest::prelude::*;

use crate::{Export, zip};

/// Names that have got out of some importer, or brought it down.
const NASTY: [&str; 34] = [
    "../../evil.rs",
    "..\\..\\evil.rs",
    "/etc/evil.rs",
    "\\\\server\\share\\evil.rs",
    "C:\\evil.rs",
    "c:evil.rs",
    "a/../../evil.rs",
    "a/./b/lab1.rs",
    "././././lab1.rs",
    "a//b///lab1.rs",
    "…/lab1.rs",
    "\u{ff0e}\u{ff0e}/lab1.rs",
    ".. /lab1.rs",
    "...",
    "a/..",
    ".",
    "con/lab1.rs",
    "lab1.rs/lab1.rs",
    "lab1.rs",
    "LAB1.RS",
    "doe_1_2_../lab1.rs",
    "doe_1_2_..",
    "doe_1_2_.",
    "doe_99999999999999999999_2_lab1.rs",
    "doe_1_99999999999999999999_lab1.rs",
    "_1_2_",
    "__1__2__",
    "Jane_1_assignsubmission_file_/..\\..\\evil.rs",
    "Jane_1_assignsubmission_file_..",
    "Lab_ada_attempt_2026-99-99-99-99-99_lab1.rs",
    "5-7 - Ada - Feb 31, 2026 9999 PM/lab1.rs",
    "@_1_x",
    "a@b_99999999999999999999999_x",
    "\u{202e}sr.1bal_1_2_lab1.rs",
];

/// Collects it in all ways, and looks whether anything is where it may not be.
fn stays_inside(export: &mut Export) {
    for layout in [None].into_iter().chain(Layout::NAMED.map(Some)) {
        export.ask.layout = layout;
        let Ok(collected) = export.try_collect() else {
            continue;
        };
        let scratch = collected.scratch().to_owned();
        for attempt in &collected.attempts {
            let path = attempt.path.canonicalize().expect("a path that is there");
            let whole = path == export.paths[0].canonicalize().expect("the export");
            assert!(path.starts_with(&scratch) || whole, "{}", path.display());
        }
        only_plain_files(&scratch);
        drop(collected);
        assert!(!scratch.exists());
    }
    let beside = fs::read_dir(export.folder.path()).expect("a folder");
    assert_eq!(beside.count(), 1, "something is beside the export");
}

fn only_plain_files(folder: &Path) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let entry = entry.expect("an entry");
        let kind = entry.file_type().expect("a kind");
        assert!(kind.is_file() || kind.is_dir());
        if kind.is_dir() {
            only_plain_files(&entry.path());
        }
    }
}

#[test]
fn nasty_names_alone_stay_inside() {
    for name in NASTY {
        stays_inside(&mut zip(&[(name, "x")]));
    }
}

#[test]
fn nasty_names_together_stay_inside() {
    let entries: Vec<(&str, &str)> = NASTY.iter().map(|name| (*name, "x")).collect();
    stays_inside(&mut zip(&entries));
}

#[test]
fn what_is_left_out_is_told_and_the_rest_is_taken() {
    let told = zip(&[
        ("doejane_501_9001_lab1.rs", "a"),
        ("../../evil_502_9002_lab1.rs", "b"),
    ])
    .told();
    assert_eq!(
        told,
        "501 1: lab1.rs=a\nleft out \"../../evil_502_9002_lab1.rs\": a name that leads out of \
         the export"
    );
}

#[test]
fn a_file_and_a_folder_of_one_name_are_told() {
    let told = zip(&[
        ("Ada_1_assignsubmission_file_/lab1.rs", "a"),
        ("Ada_1_assignsubmission_file_/lab1.rs/lab1.rs", "b"),
    ])
    .told();
    assert_eq!(
        told,
        "1 1: lab1.rs=a\nleft out \"Ada_1_assignsubmission_file_/lab1.rs/lab1.rs\": two files \
         of this name in one hand-in"
    );
}

fn name() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        "[a-z_0-9]{0,6}",
        Just("_1_2_".to_owned()),
        Just("_LATE_".to_owned()),
        Just("..".to_owned()),
        Just("/".to_owned()),
        Just("\\".to_owned()),
        Just("_assignsubmission_file_".to_owned()),
        Just("_attempt_2026-11-20-21-03-11_".to_owned()),
        Just("a@b.c_1_".to_owned()),
        Just("1-2 - A - Nov 20, 2026 903 PM/".to_owned()),
        Just("submission_1/".to_owned()),
        Just("lab1.rs".to_owned()),
        Just(".zip".to_owned()),
        "\\PC{0,3}",
        any::<char>().prop_map(String::from),
    ];
    proptest::collection::vec(part, 1..6).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_names_get_out(names in proptest::collection::btree_set(name(), 1..8)) {
        // What the writer refuses (a name twice, an empty one) is not for the reader.
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let names: Vec<(&str, &str)> = names
            .into_iter()
            .filter(|name| !name.is_empty() && !name.ends_with('/'))
            .map(|name| (name, "x"))
            .collect();
        prop_assume!(!names.is_empty());
        stays_inside(&mut zip(&names));
    }
}
