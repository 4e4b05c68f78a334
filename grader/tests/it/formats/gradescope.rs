//! `results.json`, held to Gradescope's Autograder Specifications.

use grader::feedback::ShownClass;
use grader::report::gradescope::{Ranked, Visibility, Wish, file, no_result};
use grader::report::schema::gradescope_schema;
use serde_json::{Value, json};

use super::{against, each_nasty, late, not_graded, one, refused, shown};

const SPECS: &str = include_str!("gradescope.specs.json");

fn results(class: &ShownClass, wish: Wish) -> Value {
    let one = class.submissions().next().expect("a submission");
    serde_json::from_str(&file(one, wish).expect("JSON")).expect("JSON")
}

fn valid(class: &Value) -> Value {
    let results = results(&shown(class), Wish::default());
    assert_eq!(against(SPECS, &results), [""; 0], "{results:#}");
    results
}

fn scores(results: &Value) -> (f64, f64) {
    let tests = results["tests"].as_array().expect("tests");
    let sum = |of: &str| {
        tests
            .iter()
            .map(|test| test[of].as_f64().expect("points"))
            .sum()
    };
    (sum("score"), sum("max_score"))
}

#[test]
fn each_part_is_a_test_and_their_sum_is_the_score() {
    let results = valid(&one("failed"));
    assert_eq!(scores(&results), (3.25, 10.0));
    assert_eq!(results.get("score"), None);
    let numbers: Vec<&Value> = results["tests"]
        .as_array()
        .expect("tests")
        .iter()
        .map(|test| &test["number"])
        .collect();
    assert_eq!(numbers, ["0.1", "2.1", "2.2"]);
    let test = &results["tests"][1];
    assert_eq!(test["name"], "Lab 2, Lazy allocation: demand_zero");
    assert_eq!(
        (&test["status"], &test["tags"]),
        (&json!("failed"), &json!(["demand zero", "lab 2"]))
    );
    assert!(
        test["output"]
            .as_str()
            .expect("text")
            .contains("about: zeroing"),
        "{test:#}"
    );
    assert_eq!(
        results["output"],
        "3.25 of 10 points for what is shown here."
    );
    assert_eq!(results["extra_data"]["source_sha256"], "ab".repeat(32));
}

#[test]
fn no_name_of_a_hidden_trace_is_in_it() {
    for class in [one("failed"), one("livelock"), late(), not_graded()] {
        let text = results(&shown(&class), Wish::default()).to_string();
        assert!(!text.contains("SECRET"), "{text}");
    }
}

#[test]
fn what_was_not_graded_is_no_result_and_no_zero() {
    let results = results(&shown(&not_graded()), Wish::default());
    assert_eq!((results.get("score"), results.get("tests")), (None, None));
    assert!(
        results["output"]
            .as_str()
            .expect("text")
            .contains("no zero")
    );
    // Gradescope asks for a score somewhere, and reports an error of the autograder.
    assert_eq!(against(SPECS, &results).len(), 1);
    let early: Value =
        serde_json::from_str(&no_result("not finished").expect("JSON")).expect("JSON");
    assert_eq!(against(SPECS, &early).len(), 1);
    assert_eq!(early["output"], "not finished");
}

#[test]
fn a_standing_is_the_score_and_says_how_it_comes_about() {
    let results = valid(&late());
    assert_eq!(results["score"], 3.75);
    let said: Vec<&str> = results["output"].as_str().expect("text").lines().collect();
    assert_eq!(
        said[1..],
        [
            "Late: 1 h after the due date: 1 day begun. That costs 1.00 points.",
            "+1.50 points for lab 2: =good idea (grace)",
        ]
    );
}

#[test]
fn a_standing_without_points_is_no_result() {
    let mut class = late();
    class["submissions"][0]["standing"]["points"] = Value::Null;
    let results = results(&shown(&class), Wish::default());
    assert_eq!((results.get("score"), results.get("tests")), (None, None));
}

#[test]
fn a_refused_one_gets_nothing_of_everything() {
    let results = valid(&refused());
    assert_eq!(scores(&results), (0.0, 10.0));
    assert_eq!(
        results["tests"][0]["output"],
        "refused\n| the archive has a link"
    );
}

#[test]
fn parts_may_be_seen_later_and_then_no_total_is_told() {
    let wish = Wish {
        parts: Visibility::AfterDueDate,
        ranked: Ranked::Nothing,
    };
    let results = results(&shown(&one("failed")), wish);
    assert_eq!(against(SPECS, &results), [""; 0]);
    assert_eq!(results["tests"][0]["visibility"], "visible");
    assert_eq!(results["tests"][1]["visibility"], "after_due_date");
    assert!(!results["output"].as_str().expect("text").contains("3.25"));
}

#[test]
fn sealed_traces_are_counted_later_and_the_subtotal_says_so() {
    let mut class = one("failed");
    class["submissions"][0]["sealed"] = json!(2);
    let results = valid(&class);
    let said = results["output"].as_str().expect("text");
    assert!(
        said.ends_with("\n2 sealed traces are counted later."),
        "{said}"
    );
}

#[test]
fn a_leaderboard_ranks_points_if_somebody_wants_it() {
    let wish = Wish {
        parts: Visibility::Visible,
        ranked: Ranked::Points,
    };
    let results = results(&shown(&late()), wish);
    assert_eq!(against(SPECS, &results), [""; 0]);
    assert_eq!(
        results["leaderboard"],
        json!([{ "name": "points", "value": 3.75, "order": "desc" }])
    );
    assert_eq!(valid(&late()).get("leaderboard"), None);
}

#[test]
fn the_file_is_what_its_own_schema_says_whatever_stands_in_it() {
    let schema = gradescope_schema();
    each_nasty(|class| {
        let results = results(class, Wish::default());
        assert_eq!(against(&schema, &results), [""; 0]);
        let is_graded = results.get("tests").is_some();
        assert_eq!(against(SPECS, &results).is_empty(), is_graded);
        crate::reports::is_harmless(
            &file(class.submissions().next().expect("one"), Wish::default()).expect("JSON"),
        );
    });
}
