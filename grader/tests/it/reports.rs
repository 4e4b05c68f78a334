//! Whole reports of a class in which every text is nasty: nothing bites in any.

use course::feedback::Feedback;
use grader::feedback::{ShownBoard, ShownClass};
use grader::leaderboard::Leaderboard;
use grader::report;
use grader::report::json::Form;
use grader::report::sink::visible::hides;
use grader::result::ClassResult;
use pulldown_cmark::{Event, Options, Parser};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::sinks::NASTY;

/// Names of fields that say one of a few things, and no text.
const WORDS: [&str; 4] = ["end", "feedback", "oracle", "kind"];

/// The same, with a text in every field that can have one.
pub fn filled<T: Serialize + DeserializeOwned>(value: &T, text: &str) -> T {
    let mut value = serde_json::to_value(value).expect("JSON");
    fill(&mut value, text);
    serde_json::from_value(value).expect("the same form")
}

fn fill(value: &mut Value, text: &str) {
    match value {
        Value::String(old) => text.clone_into(old),
        Value::Array(values) => values.iter_mut().for_each(|value| fill(value, text)),
        Value::Object(fields) => {
            let texts = fields
                .iter_mut()
                .filter(|(name, _)| !WORDS.contains(&name.as_str()));
            texts.for_each(|(_, value)| fill(value, text));
        }
        _ => {}
    }
}

/// A class that has everything that there can be.
pub fn class() -> ClassResult {
    let run = |public: bool, part: &str, end: &str| {
        json!({
            "lab": 5, "name": "t", "public": public, "feedback": "full", "category": "t",
            "part": part, "end": end, "message": "t", "at": "t:7", "hint": "t",
            "difference": {
                "line": 7, "event": "t", "what": "t", "oracle": "K", "expected": "t",
                "got": "t", "explanation": {
                    "vma": "t", "before": "t", "after": "t", "rule": "t", "signal": "t",
                },
            },
            "told": { "rule": "t", "what": "t", "expected": "t", "got": "t" },
        })
    };
    let submission = |end: &str| {
        json!({
            "id": "t", "end": end, "score": 1.5, "max": 10.0, "message": "t\nt",
            "ignored": ["t", "t"], "sealed": 2,
            "flags": [{ "file": "t", "line": 7, "what": "t" }],
            "labs": [{
                "number": 5, "title": "t", "score": 1.5, "max": 10.0,
                "parts": [
                    { "name": "t", "concept": "t", "end": end, "score": 1.5, "max": 8.0 },
                    { "name": "t", "concept": "t", "end": "failed", "score": 0.0, "max": 2.0 },
                ],
            }],
            "traces": [
                run(true, "t", end), run(false, "t", end), run(false, "break-it", "failed"),
                run(true, "t", end),
            ],
        })
    };
    let ends = [
        "failed",
        "does not compile",
        "not graded",
        "panicked",
        "passed",
    ];
    let submissions: Vec<Value> = ends.into_iter().map(submission).collect();
    let class = json!({ "schema": "t", "submissions": submissions });
    serde_json::from_value(class).expect("results")
}

fn board() -> Leaderboard {
    let run = json!({ "end": "failed", "reads": 1, "writes": 2, "cost": 4, "relative": null,
        "message": "t", "at": "t" });
    let row = |runs: Value| {
        json!({ "name": "t", "kind": "submission", "end": "failed", "relative": null,
            "message": "t", "runs": runs })
    };
    let board = json!({
        "schema": "t", "read_weight": 2, "write_weight": 1,
        "traces": [{ "name": "t", "about": "t" }],
        "rows": [row(json!([run])), row(json!([]))],
        "without": ["t"],
    });
    serde_json::from_value(board).expect("a leaderboard")
}

fn written(write: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut out = Vec::new();
    write(&mut out);
    String::from_utf8(out).expect("text")
}

/// What every report is held to that may be printed.
pub fn is_harmless(report: &str) {
    let hidden = report
        .chars()
        .find(|&letter| letter != '\n' && hides(letter));
    assert_eq!(hidden, None, "{report:?}");
    for line in report.lines() {
        assert!(!line.trim_start().starts_with("::"), "{line:?}");
        for command in ["##[", "##vso[", "##teamcity["] {
            assert!(!line.contains(command), "{line:?}");
        }
    }
}

fn each(check: impl Fn(&ShownClass)) {
    for text in NASTY {
        let class = filled(&class(), text);
        for asked in Feedback::ASKED {
            check(&ShownClass::new(&class, asked));
        }
    }
}

#[test]
fn every_text_of_the_results_is_nasty_here() {
    let class = serde_json::to_string(&filled(&class(), "nasty")).expect("JSON");
    assert!(!class.contains("\"t\"") && class.matches("nasty").count() > 200);
}

#[test]
fn the_text_is_harmless() {
    each(|class| is_harmless(&report::text::render(class)));
    for text in NASTY {
        let board = ShownBoard::new(&filled(&board(), text), Feedback::Full);
        is_harmless(&report::leaderboard::render(&board));
    }
}

#[test]
fn the_json_is_harmless_and_says_the_same() {
    each(|class| {
        let line = report::json::class(class).expect("JSON");
        assert_eq!(line.lines().count(), 1);
        let file = report::json::class_file(class).expect("JSON");
        for text in [line, file] {
            is_harmless(&text);
            let read: Value = serde_json::from_str(&text).expect("JSON");
            assert_eq!(read, serde_json::to_value(class).expect("JSON"));
        }
    });
}

#[test]
fn a_class_that_goes_by_is_written_as_one_in_memory() {
    let sizes = [0, 1, 3].map(|count| {
        let first = class().submissions[0].clone();
        ClassResult::of(vec![first; count])
    });
    for class in &sizes {
        let shown = ShownClass::new(class, Feedback::Full);
        let streamed = |form| {
            written(|out| report::json::write(&shown, form, out).expect("a vector takes it"))
        };
        let whole = report::json::class(&shown).expect("JSON");
        assert_eq!(streamed(Form::Line), whole);
        let whole = report::json::class_file(&shown).expect("JSON");
        assert_eq!(streamed(Form::Pretty), whole);
    }
}

#[test]
fn the_tables_have_the_cells_that_they_should() {
    let rows = |table: &str| {
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .from_reader(table.as_bytes());
        let rows: Vec<_> = reader.records().map(|row| row.expect("a row")).collect();
        rows
    };
    each(|class| {
        let table = written(|out| report::csv::write(class, out).expect("a table"));
        is_harmless(&table);
        let rows = rows(&table);
        assert_eq!(rows.len(), 1 + class.class().submissions.len());
        for row in &rows[1..] {
            assert!(
                !row[0].starts_with(['=', '+', '-', '@', '\t', '\r']),
                "{table}"
            );
            assert_eq!(&row[2], "1.5", "{table}");
        }
    });
    for text in NASTY {
        let board = ShownBoard::new(&filled(&board(), text), Feedback::Full);
        let table = written(|out| report::leaderboard::write_csv(&board, out).expect("a table"));
        is_harmless(&table);
        for row in &rows(&table)[1..] {
            let formula = row
                .iter()
                .find(|cell| cell.starts_with(['=', '+', '-', '@', '\t']));
            assert_eq!(formula, None, "{table}");
        }
    }
}

#[test]
fn the_junit_report_is_xml_of_one_form() {
    let form = |class: &ShownClass| {
        let xml = written(|out| report::junit::write(class, out).expect("a report"));
        is_harmless(&xml);
        let read =
            roxmltree::Document::parse(&xml).unwrap_or_else(|error| panic!("{error}: {xml}"));
        let names = read.descendants().filter(|node| node.is_element());
        let names: Vec<String> = names.map(|e| e.tag_name().name().to_owned()).collect();
        for suite in read
            .descendants()
            .filter(|node| node.has_tag_name("testsuite") || node.has_tag_name("testsuites"))
        {
            let count = |name: &str| {
                let cases = suite.descendants().filter(|e| e.has_tag_name(name));
                cases.count().to_string()
            };
            assert_eq!(suite.attribute("tests"), Some(&*count("testcase")));
            assert_eq!(suite.attribute("failures"), Some(&*count("failure")));
            assert_eq!(suite.attribute("errors"), Some(&*count("error")));
            let cases = suite.children().filter(|e| e.has_tag_name("testcase"));
            let mut names: Vec<&str> = cases.filter_map(|case| case.attribute("name")).collect();
            let all = names.len();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), all, "{xml}");
        }
        names
    };
    for asked in Feedback::ASKED {
        let plain = form(&ShownClass::new(&filled(&class(), "plain"), asked));
        assert!(plain.iter().any(|name| name == "failure"));
        for text in NASTY.into_iter().filter(|text| !text.is_empty()) {
            let nasty = form(&ShownClass::new(&filled(&class(), text), asked));
            assert_eq!(nasty, plain, "{text:?}");
        }
    }
}

#[test]
fn the_log_of_a_workflow_has_no_commands_but_ours() {
    each(|class| {
        let log = report::github::log(class).expect("random numbers");
        let (ours, text) = log.split_once("\n::stop-commands::").expect("a stop");
        let (token, text) = text.split_once('\n').expect("a token");
        let (text, end) = text.split_once(&format!("::{token}::\n")).expect("an end");
        assert_eq!(end, "");
        is_harmless(text);
        let commands: Vec<&str> = ours.lines().collect();
        assert_eq!(commands.len(), 6, "{ours}");
        for command in commands {
            let known = [
                "::notice title=",
                "::error title=",
                "::error file=",
                "::warning ",
            ];
            assert!(
                known.iter().any(|start| command.starts_with(start)),
                "{command:?}"
            );
            assert!(!command.chars().any(hides), "{command:?}");
        }
    });
}

#[test]
fn the_summary_of_a_job_has_no_links_images_or_tags() {
    each(|class| {
        let summary = report::github::summary(class, usize::MAX).expect("a class in memory");
        is_harmless(&summary);
        let bites = Parser::new_ext(&summary, Options::ENABLE_TABLES | Options::ENABLE_GFM);
        for event in bites {
            let bites = match &event {
                Event::Html(_) | Event::InlineHtml(_) | Event::FootnoteReference(_) => true,
                Event::Start(tag) => matches!(
                    tag,
                    pulldown_cmark::Tag::Link { .. }
                        | pulldown_cmark::Tag::Image { .. }
                        | pulldown_cmark::Tag::HtmlBlock
                ),
                _ => false,
            };
            assert!(!bites, "{event:?} in {summary}");
        }
    });
}

#[test]
fn a_log_has_ten_annotations_and_a_summary_has_an_end() {
    let mut class = class();
    class.submissions = vec![class.submissions[0].clone(); 300];
    let shown = ShownClass::new(&class, Feedback::default());
    let log = report::github::log(&shown).expect("random numbers");
    assert_eq!(log.matches("\n::error ").count(), 10);
    assert!(log.contains("::notice title=Faultline::and 290 more like these\n"));
    for room in [0, 100, 300, 5_000, 20_000, 1 << 20] {
        let summary = report::github::summary(&shown, room).expect("a class in memory");
        let head = report::github::summary(&shown, 0).map(|it| it.len());
        let head = head.expect("a class in memory");
        assert!(summary.len() <= room.max(head), "{room}: {}", summary.len());
        let is_whole = summary.matches("\n### ").count() == 300;
        assert_eq!(
            summary.contains("… and "),
            !is_whole && room >= 300,
            "{summary}"
        );
    }
}
