//! The naive way to grade: a test in the student's own workspace, which replays all traces
//! through the student's handlers and compares each log with its key.

#![allow(dead_code, reason = "a lab may have parts that nobody uses yet")]

#[path = "../src/lab1.rs"]
mod lab1;
#[path = "../src/lab2.rs"]
mod lab2;
#[path = "../src/lab3.rs"]
mod lab3;
#[path = "../src/lab4.rs"]
mod lab4;
#[path = "../src/lab5.rs"]
mod lab5;
#[path = "../src/lab6.rs"]
mod lab6;
#[path = "../src/lab7.rs"]
mod lab7;
#[path = "../src/lab8.rs"]
mod lab8;

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::rc::Rc;

use runner::replay::{Format, Replay};

struct Submission;

vmsim::handlers_from_labs!(Submission);

#[test]
fn every_trace_has_the_log_of_its_key() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/traces");
    let mut traces: Vec<_> = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    traces.retain(|path| path.extension().is_some_and(|end| end == "trace"));
    let wrong = traces.iter().filter(|trace| !passes(trace)).count();
    println!("{} of {} traces passed", traces.len() - wrong, traces.len());
    assert_eq!(wrong, 0);
}

fn passes(trace: &Path) -> bool {
    let text = fs::read(trace).unwrap();
    let key = fs::read(trace.with_extension("key")).unwrap();
    let mut log = Vec::new();
    let replayed = catch_unwind(AssertUnwindSafe(|| {
        let mut replay = Replay::new(&text[..], Rc::new(Submission), Format::Log).unwrap();
        replay.run(&mut log).unwrap();
    }));
    replayed.is_ok() && log == key
}
