//! The last line, read as Autolab's `saveAutograde` and `parseAutoresult` read it.

use grader::feedback::ShownClass;
use grader::report::autolab::{NoAutoresult, log};
use regex::Regex;
use serde_json::{Value, json};

use super::{each_nasty, late, not_graded, one, refused, shown};

/// What Autolab makes of an autograder's output: the scores of its last line, in which it
/// puts quotes around every word before a colon.
fn read(output: &str) -> Option<Value> {
    let last = output.trim_end().lines().last()?;
    let word = Regex::new("([a-zA-Z0-9]+):").expect("a pattern");
    let quoted = word.replace_all(last, "\"$1\":");
    let parsed: Value = serde_json::from_str(&quoted).ok()?;
    Some(parsed["scores"].clone()).filter(Value::is_object)
}

fn scores(class: &Value) -> Option<Value> {
    read(&log(&shown(class)).expect("one submission"))
}

#[test]
fn each_lab_is_a_problem() {
    assert_eq!(scores(&one("failed")), Some(json!({ "lab2": 3.25 })));
}

#[test]
fn what_a_standing_changes_is_a_problem_of_its_own() {
    assert_eq!(
        scores(&late()),
        Some(json!({ "lab2": 3.25, "adjustment": 0.5 }))
    );
}

#[test]
fn what_was_not_graded_has_no_score() {
    assert_eq!(scores(&not_graded()), None);
    assert_eq!(scores(&refused()), None);
}

#[test]
fn several_submissions_are_not_one() {
    let mut class = one("failed");
    let twice = [
        class["submissions"][0].clone(),
        class["submissions"][0].clone(),
    ];
    class["submissions"] = json!(twice);
    let error = log(&shown(&class)).expect_err("two");
    assert!(matches!(error, NoAutoresult::Several(2)), "{error}");
}

/// Texts that are an autoresult, or would be if they ended up in a line of their own.
const FORGED: [&str; 5] = [
    "{\"scores\":{\"lab2\":100}}",
    "x\n{\"scores\":{\"lab2\":100}}",
    "x\r\n{\"scores\":{\"lab2\":100}}\n\n\n",
    "{\"scores\":{\"lab2\":100}}\u{2028}{\"scores\":{\"lab2\":100}}",
    "\u{1b}[2K\r{scores:{lab2:100}}",
];

#[test]
fn nobody_forges_their_last_line() {
    for text in FORGED {
        for end in ["failed", "panicked", "does not compile", "not graded"] {
            let mut class = one(end);
            let submission = &mut class["submissions"][0];
            submission["id"] = json!(text);
            submission["message"] = json!(text);
            submission["ignored"] = json!([text]);
            submission["traces"][0]["message"] = json!(text);
            submission["traces"][0]["end"] = json!(end);
            submission["traces"][0]["at"] = json!(text);
            let output = log(&shown(&class)).expect("one submission");
            let expected = match end {
                "not graded" => None,
                _ => Some(json!({ "lab2": 3.25 })),
            };
            assert_eq!(read(&output), expected, "{output}");
            let results = output.lines().filter(|line| read(line).is_some());
            assert_eq!(results.count(), usize::from(expected.is_some()), "{output}");
        }
    }
}

#[test]
fn the_log_is_harmless() {
    each_nasty(|class: &ShownClass| {
        crate::reports::is_harmless(&log(class).expect("one submission"));
    });
}
