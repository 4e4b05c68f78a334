//! The audit for people and for programs.

use std::fs;
use std::path::PathBuf;

use audit::report::{html, schema::json_schema, text};
use mutants::Mutant;

use crate::bench::{Bench, README};
use crate::kernels::{HARMLESS, KNOWN, SPREADS};

fn committed() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("schema/audit.schema.json")
}

/// `UPDATE_SCHEMA=1 cargo test -p audit schema` writes the schema.
#[test]
fn the_committed_schema_is_that_of_the_code() {
    let now = json_schema();
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        fs::write(committed(), &now).expect("the schema can be written");
    }
    let then = fs::read_to_string(committed()).expect("a schema is committed");
    assert_eq!(
        then, now,
        "help: UPDATE_SCHEMA=1 cargo test -p audit schema"
    );
}

#[test]
fn the_json_is_what_its_schema_says() {
    let schema: serde_json::Value = serde_json::from_str(&json_schema()).expect("JSON");
    let bench = Bench::new().edit(README, "`shown`", "it");
    let result = bench.audit(&[KNOWN[0], KNOWN[1], HARMLESS, SPREADS]);
    let json = serde_json::to_value(&result).expect("results can be written");
    let validator = jsonschema::validator_for(&schema).expect("the schema is a schema");
    let errors: Vec<String> = validator
        .iter_errors(&json)
        .map(|error| format!("{error} at {}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
    assert_eq!(json["schema"], "faultline.audit/1");
    assert_eq!(json["passed"], false);
}

#[test]
fn the_text_counts_mutants_by_hole() {
    let said = text::render(&Bench::new().audit(&KNOWN));
    let row = |hole: &str| {
        let line = said
            .lines()
            .find(|line| line.contains(hole))
            .expect("a row");
        line.split_whitespace()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    // Mutants, killed, barely, survived, equivalent, and then K, V, G, S.
    assert_eq!(
        row("zero_page")[..11],
        [
            "2",
            "zero_page",
            "1",
            "1",
            "·",
            "·",
            "·",
            "·",
            "·",
            "·",
            "1"
        ]
    );
    assert_eq!(
        row("demand_zero")[..9],
        ["2", "demand_zero", "1", "1", "·", "·", "·", "·", "1"]
    );
    assert!(
        said.contains("2 mutants: 2 killed, 0 barely, 0 survived, 0 equivalent"),
        "{said}"
    );
    assert!(
        said.contains("Smallest set: 1 of 3 hidden traces are enough"),
        "{said}"
    );
    assert!(said.ends_with("Nothing is wrong.\n"), "{said}");
}

#[test]
fn the_text_says_what_is_wrong_and_what_to_do() {
    let said = text::render(&Bench::new().audit(&[KNOWN[0], KNOWN[1], HARMLESS]));
    assert!(said.contains("Findings: 1\n"), "{said}");
    assert!(
        said.contains("X05 harmless: no hidden trace exposes it"),
        "{said}"
    );
    assert!(
        said.contains("\n  help: write hidden traces about the rule"),
        "{said}"
    );
}

#[test]
fn an_argument_is_printed() {
    let argued = Mutant {
        equivalent: Some("nobody can see it"),
        ..HARMLESS
    };
    let result = Bench::new().audit(&[KNOWN[0], KNOWN[1], argued]);
    let said = text::render(&result);
    assert!(
        said.contains("Argued to be equivalent:\n  X05 harmless: nobody can see it\n"),
        "{said}"
    );
    assert!(html::render(&result).contains("nobody can see it"));
}

#[test]
fn a_mutant_is_explained_trace_by_trace() {
    let result = Bench::new().audit(&KNOWN);
    let said = text::explain(&result.mutants[0], &result.traces);
    let expected = "\
X01 does-not-zero: the frame is not zeroed
lab 2, demand_zero: killed, by 3 hidden and 1 public traces

shown (lab 2, public, demand_zero)
  line 4: read 1 0x10001fff
  the value that was read (V)
    expected `0`
    got      `";
    assert!(said.starts_with(expected), "{said}");
    let together = "\ntraces that show it when all methods run together: lab 2: 4 of 4\n";
    assert!(said.ends_with(together), "{said}");
}

#[test]
fn the_page_has_a_cell_for_each_mutant_and_trace_and_needs_nothing_else() {
    let page = html::render(&Bench::new().audit(&KNOWN));
    // Two mutants, four traces.
    assert_eq!(page.matches("<td class=\"V ").count(), 4, "{page}");
    assert_eq!(page.matches("<td class=\"S ").count(), 4, "{page}");
    assert!(page.contains("line 4: read 1 0x10001fff"), "{page}");
    for foreign in ["<script", "http:", "https:", "url("] {
        assert!(!page.contains(foreign), "{foreign}");
    }
}

#[test]
fn what_a_page_is_told_is_no_markup() {
    let bench = Bench::new().edit("labs/02-lazy/lab.toml", "What it", "<b>What it");
    assert!(!html::render(&bench.audit(&KNOWN)).contains("<b>What"));
}
