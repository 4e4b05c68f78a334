//! What course systems are told of one submission, read as they read it.

mod autolab;
mod classroom50;
mod gradescope;
mod table;

use course::feedback::Feedback;
use grader::feedback::ShownClass;
use serde_json::{Value, json};

use crate::reports::{class as nasty_class, filled};
use crate::sinks::NASTY;

/// A class of one, who has half of lab 2 and a failing run of a hidden trace.
fn one(end: &str) -> Value {
    let run = |name: &str, public: bool, feedback: &str, end: &str| {
        json!({
            "lab": 2, "name": name, "public": public, "feedback": feedback,
            "category": "zeroing", "part": "demand_zero", "end": end, "message": "",
        })
    };
    json!({
        "schema": "faultline.grade/1",
        "submissions": [{
            "id": "ada", "end": end, "score": 3.25, "max": 10.0, "message": "",
            "ignored": [], "flags": [], "source": "ab".repeat(32),
            "labs": [{
                "number": 2, "title": "Lazy allocation", "score": 3.25, "max": 10.0,
                "parts": [
                    { "name": "demand_zero", "concept": "demand zero", "end": end,
                        "score": 3.25, "max": 6.0 },
                    { "name": "integration", "concept": "all together", "end": "passed",
                        "score": 0.0, "max": 4.0 },
                ],
            }],
            "traces": [
                run("first-touch", true, "full", "passed"),
                run("SECRET-NAME", false, "category", "failed"),
                run("SECRET-TOO", false, "points", "failed"),
            ],
        }],
    })
}

/// The same, of which what we found out is our own fault.
fn not_graded() -> Value {
    let mut class = one("not graded");
    class["submissions"][0]["traces"][0]["end"] = json!("not graded");
    class
}

/// A late one who has been given a point.
fn late() -> Value {
    let mut class = one("failed");
    class["submissions"][0]["standing"] = json!({
        "student": "ada", "attempt": 3, "attempts": 3, "at": "2026-11-20T21:03:11Z",
        "raw": 3.25, "max": 10.0,
        "late": { "seconds": 3600, "days": 1, "slip_days": 0,
            "because": "1 h after the due date: 1 day begun." },
        "penalty": 1.0,
        "adjustments": [{ "lab": 2, "points": 1.5, "remark": "=good idea", "author": "grace",
            "at": "2026-11-22T00:00:00Z" }],
        "points": 3.75,
    });
    class
}

/// One that was not accepted, so that nothing is known of it.
fn refused() -> Value {
    let mut class = one("refused");
    let submission = &mut class["submissions"][0];
    submission["labs"] = json!([]);
    submission["traces"] = json!([]);
    submission["score"] = json!(0.0);
    submission["message"] = json!("the archive has a link");
    class
}

/// What may be shown of a class, its standings included.
fn shown(class: &Value) -> ShownClass {
    let class: grader::result::ClassResult =
        serde_json::from_value(class.clone()).expect("results");
    let standings: Vec<_> = class
        .submissions
        .iter()
        .map(|s| s.standing.clone())
        .collect();
    let shown = ShownClass::new(&class, Feedback::Category);
    match standings.into_iter().next().flatten() {
        Some(standing) => shown.with_standings(|_| standing.clone()),
        None => shown,
    }
}

/// Each nasty text in every field of a class of one, at every level.
fn each_nasty(check: impl Fn(&ShownClass)) {
    for text in NASTY {
        let mut class = filled(&nasty_class(), text);
        for submission in std::mem::take(&mut class.submissions) {
            class.submissions = vec![submission];
            for asked in Feedback::ASKED {
                check(&ShownClass::new(&class, asked));
            }
        }
    }
}

/// Holds a document to the rules of the system that receives it: what is wrong with it.
fn against(rules: &str, document: &Value) -> Vec<String> {
    let rules: Value = serde_json::from_str(rules).expect("a schema");
    let rules = jsonschema::validator_for(&rules).expect("a schema");
    rules
        .iter_errors(document)
        .map(|error| error.to_string())
        .collect()
}
