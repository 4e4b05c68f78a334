//! The JSON form of the results and its committed schema.

use std::fs;
use std::path::PathBuf;

use grader::report::schema::json_schema;

fn committed() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("schema/grade.schema.json")
}

/// `UPDATE_SCHEMA=1 cargo test -p grader schema` writes the schema.
#[test]
fn the_committed_schema_is_that_of_the_code() {
    let now = json_schema();
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        fs::write(committed(), &now).expect("the schema can be written");
    }
    let then = fs::read_to_string(committed()).expect("a schema is committed");
    assert_eq!(
        then, now,
        "help: UPDATE_SCHEMA=1 cargo test -p grader schema"
    );
}
