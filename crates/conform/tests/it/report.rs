//! The JSON form of a report and its committed schema.

use std::fs;
use std::path::PathBuf;

use conform::report::{Report, json_schema};
use naive::rule::NaiveRule;

use crate::{broken, case, compared, facts};

fn committed() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("schema/conform.schema.json")
}

/// `UPDATE_SCHEMA=1 cargo test -p conform schema` writes the schema.
#[test]
fn the_committed_schema_is_that_of_the_report() {
    let path = committed();
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        fs::write(&path, json_schema()).expect("the schema can be written");
    }
    let text = fs::read_to_string(path).expect("the schema is in the repository");
    assert_eq!(text, json_schema());
}

#[test]
fn a_report_is_what_its_schema_says() {
    let Some(facts) = facts() else { return };
    let schema = serde_json::from_str(&json_schema()).expect("the schema is JSON");
    let validator = jsonschema::validator_for(&schema).expect("the schema is a schema");
    let trace = "mmap 1 0x100000000 4K rw private anon\nread 1 0x100000000\nwrite 1 0x100000000";
    let rule = NaiveRule::ZeroPageUnused;
    let outcome = compared(vec![case(trace)], &facts, &broken(rule));
    let report = Report::new(&facts, Some(7), outcome, 1.0).json();
    let json: serde_json::Value = serde_json::from_str(&report).expect("a report is JSON");
    let errors: Vec<String> = validator
        .iter_errors(&json)
        .map(|e| e.to_string())
        .collect();
    assert!(errors.is_empty(), "{errors:?}");
    assert_eq!(json["differences"][0]["what"], "faults");
    assert_eq!(json["seed"], 7);
}
