//! What a class comes to, and what students are told.

use grader::result::ClassResult;
use roster::list::Roster;
use roster::student::{Student, StudentId};
use serde_json::{Value, json};
use sheets::grades::{Points, of};

fn submission(end: &str, standing: &Value) -> Value {
    json!({
        "id": "ada", "end": end, "score": 7.5, "max": 10.0, "message": "", "ignored": [],
        "flags": [], "traces": [], "standing": standing,
        "labs": [{ "number": 2, "title": "<Lazy>", "score": 7.5, "max": 10.0, "parts": [] }],
    })
}

fn standing(attempt: Option<u32>, points: Option<f64>) -> Value {
    json!({
        "student": "ada", "attempt": attempt, "attempts": 1, "at": null, "raw": 7.5, "max": 10.0,
        "late": { "seconds": 60, "days": 1, "slip_days": 0, "because": "=1+1 \u{202e}<b>" },
        "penalty": 1.0, "adjustments": [], "points": points,
    })
}

fn class(submission: &Value) -> ClassResult {
    let class = json!({ "schema": "faultline.grade/1", "submissions": [submission] });
    serde_json::from_value(class).expect("results")
}

fn points(submission: &Value) -> Points {
    of(&class(submission), None)[0].points
}

#[test]
fn points_are_those_of_the_standing_and_else_the_score() {
    assert_eq!(
        points(&submission("failed", &Value::Null)),
        Points::Given(7.5)
    );
    assert_eq!(
        points(&submission("not graded", &Value::Null)),
        Points::NotGraded
    );
    assert_eq!(
        points(&submission("failed", &standing(Some(1), Some(6.5)))),
        Points::Given(6.5)
    );
    assert_eq!(
        points(&submission("failed", &standing(Some(1), None))),
        Points::NotGraded
    );
    assert_eq!(
        points(&submission("failed", &standing(None, None))),
        Points::NotHandedIn
    );
}

#[test]
fn a_file_says_of_everybody_what_the_class_says() {
    let class = json!({
        "schema": "faultline.grade/1",
        "submissions": [
            submission("failed", &standing(Some(1), Some(6.5))),
            submission("not graded", &Value::Null),
        ],
        "sandbox": null,
    });
    let text = serde_json::to_string_pretty(&class).expect("JSON");
    let known: ClassResult = serde_json::from_value(class).expect("results");
    let read = |text: &str| sheets::graded::read(text.as_bytes(), None);
    assert_eq!(read(&text).expect("results"), of(&known, None));
    for (wrong, line) in [("{}", 1), ("[]", 1), ("{\n\"submissions\": [\n{}]}", 3)] {
        let error = read(wrong).expect_err("no results");
        assert_eq!(error.line(), line, "{error}");
    }
    assert!(read(&text[..text.len() - 1]).is_err());
    assert!(read(&format!("{text} x")).is_err());
}

#[test]
fn a_comment_is_markup_of_ours_and_text_of_others() {
    let class = class(&submission("failed", &standing(Some(1), Some(6.5))));
    assert_eq!(
        of(&class, None)[0].comment,
        "<p>6.50 of 10 points: failed</p><ul><li>Lab 2, &lt;Lazy&gt;: 7.50 of 10</li></ul>\
         <p>Late: =1+1 \\u{202e}&lt;b&gt; That costs 1.00 points.</p>"
    );
}

#[test]
fn a_roster_says_what_else_a_student_is_called() {
    let mut roster = Roster::default();
    let student = Student {
        id: StudentId("ada".to_owned()),
        email: Some("ada@x.edu".to_owned()),
        login: Some("al".to_owned()),
        name: None,
        section: None,
        due: None,
        slip_used: 0,
    };
    roster.add(student).expect("nobody else has these");
    let grades = of(&class(&submission("failed", &Value::Null)), Some(&roster));
    assert_eq!(
        (grades[0].email.as_deref(), grades[0].login.as_deref()),
        (Some("ada@x.edu"), Some("al"))
    );
}
