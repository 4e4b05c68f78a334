//! The JSON Schema of the results.

use crate::result::ClassResult;

/// The schema that `grader/schema/grade.schema.json` holds.
///
/// # Panics
///
/// Never: a schema is always JSON.
pub fn json_schema() -> String {
    let schema = schemars::schema_for!(ClassResult);
    let text = serde_json::to_string_pretty(&schema).expect("a schema is JSON");
    text + "\n"
}
