//! The text of a book: its form, and what it does not depend on.

use std::fs;
use std::path::PathBuf;

use gradebook::book::Book;
use gradebook::canonical::{export, json_schema};
use gradebook::overlay::{Said, Saying};
use grader::result::{LabResult, PartResult, SubmissionResult, TraceResult};
use roster::student::StudentId;
use serde_json::Value;
use verdict::end::End;

use crate::{Shelf, entered, found, result, sit, source};

pub fn text(book: &Book) -> String {
    let mut text = Vec::new();
    export(book, &mut text).unwrap_or_else(|error| panic!("{error}"));
    String::from_utf8(text).expect("text")
}

/// A result that has everything, and says this of how it ended.
pub fn out_of_time(message: &str) -> SubmissionResult {
    let trace = r#"{"lab":1,"name":"open","public":true,"feedback":"full","category":"c",
        "part":"classify","end":"time limit","message":"","difference":{"line":3,"event":"read",
        "what":"a value","oracle":"V","expected":"1","got":"2","explanation":{"context":[]}}}"#;
    let trace: serde_json::Result<TraceResult> = serde_json::from_str(trace);
    let part = PartResult {
        name: "classify".to_owned(),
        end: End::TimeLimit,
        score: 0.0,
        max: 1.0 / 3.0,
        ..part()
    };
    SubmissionResult {
        message: message.to_owned(),
        labs: vec![LabResult {
            number: 1,
            title: "One".to_owned(),
            score: 0.0,
            max: 1.0 / 3.0,
            parts: vec![part],
        }],
        traces: trace
            .into_iter()
            .map(|trace| TraceResult {
                message: message.to_owned(),
                ..trace
            })
            .collect(),
        ..result(End::TimeLimit, 0.0)
    }
}

fn part() -> PartResult {
    let text = r#"{"name":"","concept":"","end":"passed","score":0,"max":0}"#;
    serde_json::from_str(text).expect("a part")
}

/// A class of three: one out of time, one refused, one that nobody has read.
fn class(message: &str) -> (Shelf, Book) {
    let shelf = Shelf::new();
    let mut book = shelf.open();
    let class = [entered("ada", 1), entered("ben", 1), entered("eve", 1)];
    let sitting = sit(&mut book, 'a', &class);
    let mut bens = found("ben", 1, "");
    bens.taken = Err("a link".to_owned());
    book.note(&[found("ada", 1, "code"), bens]).expect("noted");
    let result = out_of_time(message);
    book.record(&sitting, &source("code"), &result)
        .expect("recorded");
    let said = Said {
        student: StudentId("ada".to_owned()),
        lab: Some(1),
        saying: Saying::Add("-0.5".parse().expect("points")),
        remark: "see the forum".to_owned(),
        author: "eve".to_owned(),
        at: "2026-11-28T09:00:00Z".parse().expect("a time"),
    };
    book.say(&said).expect("said");
    (shelf, book)
}

/// `UPDATE_SCHEMA=1 cargo test -p gradebook schema` writes it.
#[test]
fn the_committed_schema_is_that_of_the_code() {
    let committed = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("schema/export.schema.json");
    let now = json_schema();
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        fs::write(&committed, &now).expect("the schema can be written");
    }
    let then = fs::read_to_string(&committed).expect("a schema is committed");
    assert_eq!(
        then, now,
        "help: UPDATE_SCHEMA=1 cargo test -p gradebook schema"
    );
}

#[test]
fn each_line_is_as_the_schema_says_and_in_the_order_of_the_alphabet() {
    let (_shelf, book) = class("");
    let schema = serde_json::from_str(&json_schema()).expect("JSON");
    let schema = jsonschema::validator_for(&schema).expect("a schema");
    for line in text(&book).lines() {
        let value: Value = serde_json::from_str(line).expect("JSON");
        assert!(schema.is_valid(&value), "{line}");
        // What serde_json reads without further ado is sorted.
        assert_eq!(value.to_string(), line);
    }
    assert!(!schema.is_valid(&serde_json::json!({ "student": "ada" })));
}

#[test]
fn it_has_the_conditions_the_attempts_and_what_was_said() {
    let (_shelf, book) = class("");
    let text = text(&book);
    let lines: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    assert_eq!(lines[0]["schema"], "faultline.gradebook/1");
    assert_eq!(lines[0]["toolchain"], "rustc 1.95.0");
    let told: Vec<_> = lines[1..]
        .iter()
        .map(|line| format!("{} {}", line["student"], line["result"]["end"]))
        .collect();
    let expected = [
        "\"ada\" \"time limit\"",
        "\"ben\" \"refused\"",
        "\"eve\" \"not graded\"",
        "\"ada\" null",
    ];
    assert_eq!(told, expected);
    assert_eq!(lines[1]["result"]["labs"][0]["max"], "0.33");
    assert_eq!(lines[1]["result"]["traces"][0]["difference"]["got"], "2");
    assert_eq!(lines[4]["says"], "add -0.5");
}

#[test]
fn what_depends_on_the_clock_is_not_in_it() {
    let (_one, quick) = class("more than 2 s of CPU time");
    let (_other, slow) = class("more than 7 s on the clock");
    assert_eq!(text(&quick), text(&slow));
}
