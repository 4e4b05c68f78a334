//! `result.json`, held to Classroom 50's contract.

use grader::report::classroom50::{About, NoResult, file};
use grader::report::schema::classroom50_schema;
use serde_json::{Value, json};

use super::{against, each_nasty, late, not_graded, one, refused, shown};
use grader::feedback::ShownClass;

const CONTRACT: &str = include_str!("classroom50.contract.json");

fn about() -> About {
    let text = str::to_owned;
    About {
        classroom: text("os"),
        assignment: text("lab2"),
        assignment_type: text("individual"),
        owner: text("ada"),
        submission: text("submit/2026-11-20T21-03-11Z-abc1234"),
        commit: text("https://github.com/os/os-lab2-ada/commit/abc1234"),
        release: text("https://github.com/os/os-lab2-ada/releases/tag/x"),
        review: text("https://github.com/os/os-lab2-ada/compare/a...b"),
    }
}

fn result(class: &ShownClass, about: &About) -> Result<Value, NoResult> {
    let one = class.submissions().next().expect("a submission");
    file(one, about).map(|text| serde_json::from_str(&text).expect("JSON"))
}

/// A result that Classroom 50 takes.
fn valid(class: &Value) -> Value {
    let result = result(&shown(class), &about()).expect("a result");
    is_taken(&result);
    result
}

fn is_taken(result: &Value) {
    assert_eq!(against(CONTRACT, result), [""; 0], "{result:#}");
    let tests = result["tests"].as_array().expect("tests");
    for scored in tests.iter().chain([result]) {
        assert!(
            scored["score"].as_u64() <= scored["max-score"].as_u64(),
            "{scored:#}"
        );
    }
}

#[test]
fn points_are_hundredths() {
    let result = valid(&one("failed"));
    assert_eq!(
        (&result["score"], &result["max-score"]),
        (&json!(325), &json!(1000))
    );
    let test = &result["tests"][1];
    assert_eq!(
        (&test["test-name"], &test["passed"]),
        (&json!("lab 2: demand_zero"), &json!(false))
    );
    assert_eq!(
        (&test["score"], &test["max-score"]),
        (&json!(325), &json!(600))
    );
}

#[test]
fn it_was_handed_in_when_its_tag_says_so() {
    assert_eq!(valid(&one("failed"))["datetime"], "2026-11-20T21:03:11Z");
    for tag in [
        "submit/now",
        "submit/2026-11-20",
        "2026-11-20T21-03-11Z",
        "submit/2026-11-20T21-03-61Z-a",
    ] {
        let about = About {
            submission: tag.to_owned(),
            ..about()
        };
        let result = result(&shown(&one("failed")), &about);
        assert!(
            matches!(result, Err(NoResult::NoTime(_))),
            "{tag}: {result:?}"
        );
    }
}

#[test]
fn a_standing_is_the_score_and_no_score_is_above_the_maximum() {
    assert_eq!(valid(&late())["score"], 375);
    let mut class = late();
    class["submissions"][0]["standing"]["points"] = json!(99.0);
    assert_eq!(valid(&class)["score"], 1000);
    class["submissions"][0]["standing"]["points"] = json!(-1.5);
    assert_eq!(valid(&class)["score"], 0);
}

#[test]
fn a_refused_one_gets_nothing_of_everything() {
    let result = valid(&refused());
    assert_eq!(
        (&result["score"], &result["max-score"]),
        (&json!(0), &json!(1000))
    );
    assert_eq!(result["tests"][0]["message"], "| the archive has a link");
}

#[test]
fn what_was_not_graded_has_no_result() {
    let result = result(&shown(&not_graded()), &about());
    assert!(matches!(result, Err(NoResult::NotGraded(_))), "{result:?}");
}

#[test]
fn it_is_taken_whatever_stands_in_it_and_says_no_hidden_name() {
    let schema = classroom50_schema();
    each_nasty(|class| match result(class, &about()) {
        Ok(result) => {
            is_taken(&result);
            assert_eq!(against(&schema, &result), [""; 0]);
        }
        Err(error) => assert!(matches!(error, NoResult::NotGraded(_)), "{error}"),
    });
    assert!(!valid(&one("failed")).to_string().contains("SECRET"));
}
