//! Our own submissions get what they deserve, or it is found.

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use audit::course::submissions::{candidates, check};
use audit::finding::Finding;
use grader::grade::Grader;
use grader::kit::Kit;

use crate::bench::{Bench, lines};

fn workspace() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    fs::canonicalize(root).expect("the workspace")
}

fn handlers(of: &str, lab: u8) -> String {
    let file = workspace().join(of).join(format!("lab{lab}.rs"));
    fs::read_to_string(file).expect("a handler file")
}

/// The small course with the files of the skeleton and of the reference.
fn bench() -> Bench {
    let mut bench = Bench::new();
    for of in ["labs/skeleton/src", "labs/solution/src"] {
        for lab in 1..=8 {
            bench = bench.file(&format!("{of}/lab{lab}.rs"), &handlers(of, lab));
        }
    }
    bench
}

fn checked(bench: &Bench) -> Vec<Finding> {
    let kit = Kit::build(&workspace()).unwrap_or_else(|error| panic!("{error}"));
    let course = bench.course();
    let grader = Grader::new(kit, course.catalogue.clone());
    let candidates = candidates(bench.root());
    check(&course, &grader, &candidates, 2, |_| {
        ControlFlow::Continue(())
    })
}

#[test]
fn the_skeleton_gets_nothing_and_correct_solutions_get_everything() {
    let right = handlers("labs/solution/src", 2);
    let bench = bench().file("grader/alternatives/right/lab2.rs", &right);
    assert_eq!(lines(&checked(&bench)), [""; 0]);
}

#[test]
fn whoever_gets_what_they_do_not_deserve_is_found() {
    let right = handlers("labs/solution/src", 2);
    let wrong = right.replace("k.zero(&frame);", "");
    assert_ne!(right, wrong);
    let bench = bench()
        .file("grader/alternatives/does-not-zero/lab2.rs", &wrong)
        .file("grader/alternatives/no-rust/lab2.rs", "no Rust")
        .file("grader/shortcuts/knows-all/lab2.rs", &right)
        .file("labs/skeleton/src/lab2.rs", &right);
    let found = lines(&checked(&bench));
    let expected = [
        "labs/skeleton/src: skeleton: `zero_page` gets 4.00 of 4 points (passed)",
        "labs/skeleton/src: skeleton: `demand_zero` gets 10.00 of 10 points (passed)",
        "labs/skeleton/src: skeleton: `integration` gets 6.00 of 6 points (passed)",
        "grader/alternatives/does-not-zero: does-not-zero: `demand_zero` gets 0.00 of 10 points \
         (failed); first in the trace `shown`: line 4, the value that was read: expected `0`",
        "grader/alternatives/does-not-zero: does-not-zero: `integration` gets 0.00 of 6 points",
        "grader/alternatives/no-rust: no-rust: does not compile: error: expected",
        "grader/shortcuts/knows-all: knows-all: gets 20.00 of 20 points of lab 2",
    ];
    assert_eq!(found.len(), expected.len(), "{}", found.join("\n"));
    for (found, expected) in found.iter().zip(expected) {
        assert!(found.starts_with(expected), "{found}\n{expected}");
    }
}
