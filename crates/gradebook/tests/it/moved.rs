//! Who moved, and why.

use gradebook::key::Conditions;
use gradebook::moved::{Graded, Moved, Why, moved};
use grader::result::{SubmissionResult, TraceResult};
use verdict::end::End;

use crate::{conditions, result, source};

/// A run of lab 1's trace `name`.
pub fn run(part: &str, name: &str, end: End) -> TraceResult {
    TraceResult {
        lab: 1,
        name: name.to_owned(),
        public: true,
        feedback: course::feedback::Feedback::Full,
        category: String::new(),
        part: part.to_owned(),
        end,
        message: String::new(),
        at: None,
        difference: None,
        told: None,
        hint: None,
    }
}

/// Ada's result with so many points, for this source and these runs of `classify`.
fn ada(text: &str, score: f64, runs: &[(&str, End)]) -> SubmissionResult {
    let ends = runs.iter().map(|(_, end)| *end);
    SubmissionResult {
        id: "ada".to_owned(),
        source: Some(source(text)),
        traces: runs
            .iter()
            .map(|(name, end)| run("classify", name, *end))
            .collect(),
        ..result(ends.min().unwrap_or(End::Passed), score)
    }
}

/// `2 → 3, Why, [one: failed → passed]`, or nothing.
fn told(before: (&Conditions, SubmissionResult), after: (&Conditions, SubmissionResult)) -> String {
    let (was, is) = ([before.1], [after.1]);
    let graded = |conditions, results| Graded {
        conditions,
        results,
    };
    let all = moved(graded(before.0, &was), graded(after.0, &is));
    let points =
        |points: Option<roster::cost::Cents>| points.map_or("none".to_owned(), |it| it.to_string());
    let end = |end: Option<End>| end.map_or("-".to_owned(), |end| end.to_string());
    let line = |one: &Moved| {
        let runs = one
            .runs
            .iter()
            .map(|run| format!("{}: {} → {}", run.trace, end(run.before), end(run.after)));
        let runs: Vec<String> = runs.collect();
        format!(
            "{} → {}, {:?}, [{}]",
            points(one.before),
            points(one.after),
            one.why,
            runs.join(", ")
        )
    };
    all.iter().map(line).collect()
}

#[test]
fn nobody_moves_where_nothing_is_different() {
    let (a, b) = (conditions('a'), conditions('b'));
    let same = || ada("code", 2.0, &[("one", End::Failed), ("two", End::Passed)]);
    assert_eq!(told((&a, same()), (&a, same())), "");
    assert_eq!(
        told((&a, same()), (&b, same())),
        "",
        "other keys, and the same answers"
    );
}

#[test]
fn who_moved_is_told_with_the_runs_and_why() {
    let (a, b) = (conditions('a'), conditions('b'));
    let was = || ada("code", 2.0, &[("one", End::Failed), ("two", End::Passed)]);
    let is = || ada("code", 3.0, &[("one", End::Passed), ("three", End::Passed)]);
    assert_eq!(
        told((&a, was()), (&b, is())),
        "2 → 3, Conditions([\"traces or keys\"]), [one: failed → passed, three: - → passed, two: \
         passed → -]"
    );
}

#[test]
fn each_condition_has_its_own_name() {
    let a = conditions('a');
    let other = Conditions {
        toolchain: gradebook::key::Toolchain::said("rustc 1.96.0"),
        policy: gradebook::key::Policy::from_digits(&"c".repeat(64)).unwrap(),
        ..a.clone()
    };
    let (was, is) = (ada("code", 2.0, &[]), ada("code", 3.0, &[]));
    assert_eq!(
        told((&a, was), (&other, is)),
        "2 → 3, Conditions([\"compiler\", \"policy\"]), []"
    );
}

#[test]
fn another_result_of_the_same_is_chance_and_told_as_that() {
    let a = conditions('a');
    let was = ada("code", 2.0, &[("one", End::TimeLimit)]);
    let is = ada("code", 3.0, &[("one", End::Passed)]);
    assert_eq!(
        told((&a, was), (&a, is)),
        "2 → 3, Unsteady, [one: time limit → passed]"
    );
}

#[test]
fn what_was_not_graded_is_no_chance() {
    let a = conditions('a');
    let nothing = || SubmissionResult {
        max: 0.0,
        ..ada("code", 0.0, &[("one", End::NotGraded)])
    };
    let is = || ada("code", 3.0, &[("one", End::Passed)]);
    let forth = "none → 3, NotGraded, [one: not graded → passed]";
    assert_eq!(told((&a, nothing()), (&a, is())), forth);
    let back = "3 → none, NotGraded, [one: passed → not graded]";
    assert_eq!(told((&a, is()), (&a, nothing())), back);
}

#[test]
fn another_hand_in_is_another_hand_in() {
    let (a, b) = (conditions('a'), conditions('b'));
    let (was, is) = (ada("code", 2.0, &[]), ada("other code", 3.0, &[]));
    assert_eq!(told((&a, was), (&b, is)), "2 → 3, OtherSource, []");
}

#[test]
fn the_same_points_for_other_runs_are_told() {
    let a = conditions('a');
    let was = ada("code", 2.0, &[("one", End::Failed), ("two", End::Passed)]);
    let is = ada("code", 2.0, &[("one", End::Passed), ("two", End::Failed)]);
    let (was, is) = ([was], [is]);
    let graded = |results| Graded {
        conditions: &a,
        results,
    };
    let all = moved(graded(&was), graded(&is));
    assert_eq!(all.len(), 1);
    assert!(!all[0].has_other_points() && all[0].why == Why::Unsteady);
}
