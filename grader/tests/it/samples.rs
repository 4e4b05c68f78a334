//! The sample class, graded once: each submission gets what its folder's name and
//! `grader/samples/expected.toml` promise.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;

use course::feedback::Feedback;
use grader::class;
use grader::feedback::ShownClass;
use grader::grade::Grader;
use grader::intake;
use grader::kit::Kit;
use grader::report;
use grader::result::{ClassResult, PartResult, SubmissionResult};
use serde::Deserialize;
use verdict::end::End;

use crate::workspace::{catalogue, root};

/// What a folder promises.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Promise {
    end: End,
    score: Option<f64>,
    #[serde(default)]
    complete: Vec<u8>,
    #[serde(default)]
    loses: Vec<String>,
}

pub static CLASS: LazyLock<ClassResult> = LazyLock::new(|| {
    let kit = Kit::build(&root()).unwrap_or_else(|error| panic!("{error}"));
    let submissions = intake::find(&samples()).unwrap_or_else(|error| panic!("{error}"));
    let jobs = std::thread::available_parallelism().map_or(1, usize::from);
    class::grade(&Grader::new(kit, catalogue()), &submissions, jobs, |_| {})
});

fn samples() -> PathBuf {
    root().join("grader/samples")
}

fn promises() -> BTreeMap<String, Promise> {
    let text = fs::read_to_string(samples().join("expected.toml")).expect("promises are made");
    toml::from_str(&text).unwrap_or_else(|error| panic!("expected.toml: {error}"))
}

fn sample(id: &str) -> Sample {
    let found = CLASS.submissions.iter().find(|s| s.id == id);
    Sample(found.unwrap_or_else(|| panic!("no sample is called {id}")))
}

/// A graded sample, to be asked about.
struct Sample(&'static SubmissionResult);

impl Sample {
    fn parts(&self) -> impl Iterator<Item = (u8, String, &'static PartResult)> {
        self.0.labs.iter().flat_map(|lab| {
            let name = move |part: &PartResult| format!("lab{} {}", lab.number, part.name);
            lab.parts
                .iter()
                .map(move |part| (lab.number, name(part), part))
        })
    }

    /// What of a promise is not kept.
    fn breaks(&self, promise: &Promise) -> Vec<String> {
        let mut broken = Vec::new();
        let SubmissionResult { id, end, score, .. } = self.0;
        if *end != promise.end {
            broken.push(format!("{id}: ended as {end}, not as {}", promise.end));
        }
        if promise.score.is_some_and(|promised| promised != *score) {
            broken.push(format!("{id}: {score} points, not {:?}", promise.score));
        }
        for (lab, name, part) in self.parts() {
            let PartResult {
                score, max, end, ..
            } = part;
            let kept = match (
                promise.complete.contains(&lab),
                promise.loses.contains(&name),
            ) {
                (false, _) => *score == 0.0,
                (true, true) => score < max,
                (true, false) => score == max,
            };
            if !kept {
                broken.push(format!("{id}: {name} has {score} of {max} ({end})"));
            }
        }
        for lost in &promise.loses {
            if !self.parts().any(|(_, name, _)| name == *lost) {
                broken.push(format!("{id}: there is no part {lost}"));
            }
        }
        broken
    }

    fn explained(&self) -> String {
        let alone = ClassResult {
            schema: CLASS.schema.clone(),
            sandbox: CLASS.sandbox,
            compiler_sandbox: None,
            submissions: vec![self.0.clone()],
        };
        report::text::render(&ShownClass::new(&alone, Feedback::default()))
    }

    /// The text for people has all of these words.
    fn is_explained_by(&self, words: &[&str]) {
        let text = self.explained();
        for word in words {
            assert!(text.contains(word), "no `{word}` in:\n{text}");
        }
    }
}

#[test]
fn every_sample_promises_something_and_every_promise_has_a_sample() {
    let graded: Vec<&str> = CLASS.submissions.iter().map(|s| s.id.as_str()).collect();
    let promises = promises();
    let promised: Vec<&str> = promises.keys().map(String::as_str).collect();
    assert_eq!(graded, promised);
}

#[test]
fn every_sample_gets_what_it_promises() {
    let promises = promises();
    let broken: Vec<String> = promises
        .iter()
        .flat_map(|(id, promise)| sample(id).breaks(promise))
        .collect();
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn a_folder_is_named_after_its_end() {
    for (id, promise) in promises() {
        let end = promise.end.to_string().replace(' ', "-");
        let named = match promise.end {
            End::Passed => id.starts_with("perfect-"),
            End::DoesNotCompile => id == "not-compiling",
            End::NotWritten => promise.score.is_some() || id.starts_with("not-written"),
            _ => id.starts_with(&format!("{end}-")),
        };
        assert!(named, "{id} ends as {end}");
    }
}

#[test]
fn the_perfect_ones_get_everything() {
    for id in ["perfect-ada", "perfect-grace"] {
        for (_, name, part) in sample(id).parts() {
            assert_eq!(
                (part.score, part.end),
                (part.max, End::Passed),
                "{id}: {name}"
            );
        }
    }
}

#[test]
fn the_skeleton_gets_exactly_nothing() {
    for id in ["skeleton-untouched", "empty"] {
        for (_, name, part) in sample(id).parts() {
            assert_eq!(
                (part.score, part.end),
                (0.0, End::NotWritten),
                "{id}: {name}"
            );
        }
        let passed = sample(id)
            .0
            .traces
            .iter()
            .find(|t| t.end != End::NotWritten);
        assert!(passed.is_none(), "{id}: {passed:?}");
    }
}

#[test]
fn the_untouched_skeleton_is_the_skeleton() {
    for file in course::handed_in::HANDLER_FILES.into_iter().chain([
        course::handed_in::POLICY_FILE,
        course::handed_in::PREDICTIONS,
    ]) {
        let sample = fs::read_to_string(samples().join("skeleton-untouched").join(file));
        let skeleton = fs::read_to_string(root().join("labs/skeleton/src").join(file));
        assert!(
            sample.expect("a sample") == skeleton.expect("a skeleton"),
            "help: cp labs/skeleton/src/{file} grader/samples/skeleton-untouched/"
        );
    }
}

#[test]
fn a_wrong_classify_costs_no_points_of_copy_on_write() {
    let gustav = sample("failed-counts-owners-off-by-one");
    let of = |wanted: &str| {
        let found = gustav.parts().find(|(_, name, _)| name == wanted);
        found.map(|(_, _, part)| part.score / part.max)
    };
    assert!(of("lab1 classify") < Some(1.0));
    for hole in ["fork_page", "copy_on_write", "reuse"] {
        assert_eq!(of(&format!("lab5 {hole}")), Some(1.0), "{hole}");
    }
}

#[test]
fn a_failed_run_is_explained_by_trace_rule_expected_and_got() {
    sample("failed-maperr-for-accerr").is_explained_by(&[
        "trace permission",
        "line 4: write 1 0x30000010",
        "expected SIGSEGV (accerr)",
        "got      SIGSEGV (maperr)",
        "rule: R3",
    ]);
    sample("failed-writes-shared-frame").is_explained_by(&["others use its frame", "rule: R5"]);
}

#[test]
fn a_mistake_is_reported_at_the_students_own_line() {
    sample("failed-leaks-on-unmap").is_explained_by(&["leaked", "labs/skeleton/src/lab2.rs:25"]);
    sample("panicked-unwrap").is_explained_by(&[
        "at labs/skeleton/src/lab1.rs:6",
        "expected SIGSEGV (maperr)",
        "got      the run stopped here",
    ]);
    sample("not-compiling").is_explained_by(&["expected `FrameRef`, found `Pfn`"]);
}

#[test]
fn a_prediction_is_explained_by_its_line_and_rule() {
    let guesses = sample("failed-guesses");
    let of = |name: &str| {
        let mut traces = guesses.0.traces.iter();
        traces.find(|trace| trace.part == "predict" && trace.name == name)
    };
    let half = of("line 26").expect("a result");
    let rule = half
        .difference
        .as_ref()
        .and_then(|d| d.explanation.rule.as_ref());
    assert!(rule.is_some_and(|rule| rule.starts_with("R5")), "{rule:?}");
    assert_eq!(of("line 41").map(|line| line.end), Some(End::NotWritten));
    guesses.is_explained_by(&["lab 1 lost: predict"]);
}

#[test]
fn a_suite_is_told_what_counts_and_what_it_exposed() {
    let text = sample("failed-guesses").explained();
    assert!(
        text.contains("wrong kernels exposed:\n    0 of 5 with a mistake in addresses"),
        "{text}"
    );
    let refused = |name: &str| {
        let mut traces = sample("failed-guesses").0.traces.iter();
        let found = traces.find(|trace| trace.name == name).expect("a result");
        (found.end, found.message.as_str())
    };
    let (end, why) = refused("no-expectation.trace");
    assert_eq!(end, End::Failed);
    assert!(
        why.starts_with("no-expectation.trace:3: the access says no class"),
        "{why}"
    );
    let (_, why) = refused("wrong-expectation.trace");
    assert!(
        why.contains("wrong-expectation.trace:6: ") && why.contains("`minor reuse`"),
        "{why}"
    );
}

#[test]
fn code_that_does_not_compile_costs_no_points_for_what_is_no_code() {
    let zoe = sample("not-compiling");
    let predicted = zoe.parts().find(|(_, name, _)| name == "lab1 predict");
    assert_eq!(
        predicted.map(|(_, _, part)| (part.score, part.end)),
        Some((4.0, End::Passed))
    );
    assert_eq!(zoe.0.end, End::DoesNotCompile);
}

#[test]
fn whoever_handed_in_nothing_is_told_so() {
    sample("empty").is_explained_by(&["no handler file was handed in", "notes.txt"]);
}

#[test]
fn the_json_is_what_its_schema_says() {
    let schema: serde_json::Value =
        serde_json::from_str(&report::schema::json_schema()).expect("the schema is JSON");
    let validator = jsonschema::validator_for(&schema).expect("the schema is a schema");
    for asked in Feedback::ASKED {
        let class = report::json::class(&ShownClass::new(&CLASS, asked)).expect("JSON");
        let class: serde_json::Value = serde_json::from_str(&class).expect("JSON");
        let errors: Vec<String> = validator
            .iter_errors(&class)
            .map(|error| format!("{error} at {}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{asked}: {}", errors.join("\n"));
    }
}

#[test]
fn the_csv_has_a_row_for_each_submission() {
    let rows = csv_rows(&CLASS);
    let ids: Vec<&str> = rows.iter().skip(1).map(|row| row[0].as_str()).collect();
    let graded: Vec<&str> = CLASS.submissions.iter().map(|s| s.id.as_str()).collect();
    assert_eq!(ids, graded);
    let ada = rows.iter().find(|row| row[0] == "perfect-ada");
    let all = catalogue().max().to_string();
    assert_eq!(ada.expect("a row")[1..4], ["passed", &all, &all]);
}

#[test]
fn a_name_that_looks_like_a_formula_gets_a_quote() {
    let mut class = CLASS.clone();
    class.submissions.truncate(1);
    class.submissions[0].id = "=HYPERLINK(\"x\")".to_owned();
    assert_eq!(csv_rows(&class)[1][0], "'=HYPERLINK(\"x\")");
}

fn csv_rows(class: &ClassResult) -> Vec<Vec<String>> {
    let mut table = Vec::new();
    let class = ShownClass::new(class, Feedback::default());
    report::csv::write(&class, &mut table).expect("a vector takes it");
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(&table[..]);
    let rows = reader.records().map(|row| row.expect("a row of CSV"));
    rows.map(|row| row.iter().map(str::to_owned).collect())
        .collect()
}
