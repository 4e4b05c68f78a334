//! What is told of a grade: from a book, without grading.

use course::feedback::Feedback;
use gradebook::attempts::{Entered, Role};
use gradebook::book::Book;
use gradebook::dossier::Dossier;
use gradebook::explanation::{Explanation, TraceName};
use gradebook::told;
use grader::result::{LabResult, PartResult, Points, Share, SubmissionResult};
use roster::student::StudentId;
use verdict::end::End;

use crate::moved::run;
use crate::rules::{LATE, rules};
use crate::{Shelf, conditions, entered, found, result, sit, source};

fn share(trace: &str, weight: f64, earned: f64) -> Share {
    Share {
        trace: trace.to_owned(),
        weight,
        earned,
    }
}

fn part(name: &str, score: f64, max: f64, shares: Vec<Share>) -> PartResult {
    PartResult {
        name: name.to_owned(),
        concept: "faults".to_owned(),
        end: if score < max {
            End::Failed
        } else {
            End::Passed
        },
        score,
        max,
        sealed: Points::default(),
        shares,
    }
}

/// Of 10 points, 7 for `classify` of which two of three traces passed, and all of the rest.
fn graded() -> SubmissionResult {
    let classify = vec![
        share("one", 1.0, 1.0),
        share("two", 2.0, 0.0),
        share("three", 0.5, 0.0),
    ];
    let parts = vec![
        part("classify", 2.0, 7.0, classify),
        part("integration", 3.0, 3.0, vec![share("one", 1.0, 1.0)]),
    ];
    let mut two = run("classify", "two", End::Failed);
    two.message = "\u{1b}[31mred\u{1b}[0m".to_owned();
    let traces = vec![
        run("classify", "one", End::Passed),
        two,
        run("classify", "three", End::Panicked),
        run("integration", "one", End::Passed),
    ];
    SubmissionResult {
        labs: vec![LabResult {
            number: 1,
            title: "Classify".to_owned(),
            score: 5.0,
            max: 10.0,
            parts,
        }],
        traces,
        source: Some(source("code")),
        ..result(End::Failed, 5.0)
    }
}

/// A book in which ada has handed in twice, an hour too late the second time.
fn book(shelf: &Shelf, result: &SubmissionResult) -> Book {
    let mut book = shelf.open();
    let at = |time: &str, role, mut entered: Entered| {
        entered.attempt.at = Some(time.parse().unwrap());
        Entered { role, ..entered }
    };
    let class = [
        at("2026-11-19T12:00:00Z", Role::Stays, entered("ada", 1)),
        at("2026-11-20T13:00:00Z", Role::Counts, entered("ada", 2)),
    ];
    let sitting = sit(&mut book, 'a', &class);
    book.note(&[found("ada", 2, "code")]).unwrap();
    book.record(&sitting, &source("code"), result).unwrap();
    book
}

fn explain(book: &Book, trace: Option<&str>, feedback: Feedback) -> Result<Explanation, String> {
    let ada = StudentId("ada".to_owned());
    let dossier = Dossier::read(book, &ada, &rules("latest", LATE), feedback);
    let dossier = dossier.unwrap().expect("ada has handed in");
    let trace = trace.map(TraceName::new);
    Explanation::new(&dossier, trace.as_ref()).map_err(|error| error.to_string())
}

/// The lines of a text, but those that name a time or a hash of today.
fn steady(text: &str) -> String {
    let changes = ["graded: ", "source: ", "traces and keys: ", "policy: "];
    let is_steady = |line: &&str| !changes.iter().any(|name| line.trim().starts_with(name));
    text.lines()
        .filter(is_steady)
        .map(|line| format!("{line}\n"))
        .collect()
}

#[test]
fn every_number_and_every_point_is_told() {
    let shelf = Shelf::new();
    let book = book(&shelf, &graded());
    let told = told::text(&explain(&book, None, Feedback::Full).unwrap());
    let expected = "\
ada: panicked
  5 of 10: attempt 2 of 2
  -1 late: handed in 1 hour after 2026-11-20 12:00 UTC; 1 day late costs 10 % of 10 points: 1 point
  4 points

attempts
  1: 2026-11-19 12:00 UTC, `ada_1.zip`
  2: 2026-11-20 13:00 UTC, `ada_2.zip`, counts

graded with
  compiler: rustc 1.95.0

missing: 5 points

  5 of 7 points of lab 1, classify (panicked)
    28.57 % of what its 3 runs count was earned, 1 of 3.5: 7 × 1 / 3.5 = 2
    lab 1, classify, public trace two: failed
      -4: it counts 2 of 3.5
      | \\u{1b}[31mred\\u{1b}[0m
    lab 1, classify, public trace three: panicked
      -1: it counts 0.5 of 3.5

what would make it different
  if all of that had passed: 5 points more, before what being late costs
  if it had been handed in until 2026-11-20 12:00 UTC: 1 point more
";
    assert_eq!(steady(&told), expected);
}

#[test]
fn a_trace_is_told_with_all_its_runs_however_it_is_called() {
    let shelf = Shelf::new();
    let book = book(&shelf, &graded());
    for name in ["one", "1/one", "lab1/one"] {
        let told = explain(&book, Some(name), Feedback::Full).unwrap();
        let runs: Vec<String> = told
            .runs
            .iter()
            .map(|run| format!("{} ({})", run.what, run.counts))
            .collect();
        assert_eq!(
            runs,
            [
                "lab 1, classify, public trace one: passed (it cost nothing)",
                "lab 1, integration, public trace one: passed (it cost nothing)",
            ]
        );
        assert!(told.losses.is_empty());
    }
    let two = explain(&book, Some("two"), Feedback::Full).unwrap();
    assert_eq!(two.runs[0].counts, "-4: it counts 2 of 3.5");
}

#[test]
fn a_trace_that_is_not_there_is_told_with_what_may_be_meant() {
    let shelf = Shelf::new();
    let book = book(&shelf, &graded());
    let error = |name| explain(&book, Some(name), Feedback::Full).unwrap_err();
    assert_eq!(
        error("thre"),
        "no run of a trace `thre` is told of\nhelp: did you mean `three`?"
    );
    assert!(error("lab2/one").starts_with("no run of a trace `one` is told of\n"));
    assert!(error("zzz").ends_with("\nhelp: without a trace, every run that cost points is told"));
}

#[test]
fn what_may_not_be_told_is_not_told() {
    let shelf = Shelf::new();
    let mut result = graded();
    for trace in result.traces.iter_mut().filter(|trace| trace.name == "two") {
        trace.public = false;
        trace.feedback = Feedback::Points;
    }
    let book = book(&shelf, &result);
    let told = explain(&book, None, Feedback::Category).unwrap();
    assert_eq!((told.lost, told.losses.len()), (5.0, 1), "points are told");
    let text = told::text(&told) + &told::markdown(&told) + &serde_json::to_string(&told).unwrap();
    assert!(!text.contains("two"), "{text}");
    assert!(
        text.contains("is not told at the level `category`"),
        "{text}"
    );
}

#[test]
fn what_was_not_graded_is_told_as_no_zero() {
    let shelf = Shelf::new();
    let book = book(&shelf, &grader::grade::not_graded("no memory".to_owned()));
    let told = told::text(&explain(&book, None, Feedback::Full).unwrap());
    assert!(told.contains("no points yet"), "{told}");
    assert!(told.contains("missing: 0 points"), "{told}");
    assert!(told.contains("tries it again"), "{told}");
}

#[test]
fn a_text_of_a_students_stays_text_in_markdown() {
    let shelf = Shelf::new();
    let mut result = graded();
    result.traces[1].message = "```\n# [free points](https://x) <script>".to_owned();
    let book = book(&shelf, &result);
    let page = told::markdown(&explain(&book, None, Feedback::Full).unwrap());
    // The fence is longer than any that the student wrote.
    assert!(
        page.contains("````text\n| ```\n| # [free points](https://x) <script>\n"),
        "{page}"
    );
}

#[test]
fn other_gradings_of_the_same_are_told() {
    let shelf = Shelf::new();
    let mut book = book(&shelf, &graded());
    let mut second = entered("ada", 2);
    second.attempt.at = Some("2026-11-20T13:00:00Z".parse().unwrap());
    let sitting = sit(&mut book, 'c', &[second]);
    assert_eq!(sitting.conditions, conditions('c'));
    book.record(&sitting, &source("code"), &result(End::Passed, 10.0))
        .unwrap();
    let told = explain(&book, None, Feedback::Full).unwrap();
    assert_eq!(told.standing.raw, 10.0);
    let [other] = &told.other_gradings[..] else {
        panic!("{:?}", told.other_gradings);
    };
    assert!(
        other.starts_with("number 1, ") && other.ends_with(": 5 of 10, with other traces or keys"),
        "{other}"
    );
}
