//! The JSON Schemas of the results.

use schemars::JsonSchema;

use crate::leaderboard::Leaderboard;
use crate::result::ClassResult;

/// The schema that `grader/schema/grade.schema.json` holds.
pub fn json_schema() -> String {
    schema_of::<ClassResult>()
}

/// The schema that `grader/schema/leaderboard.schema.json` holds.
pub fn leaderboard_schema() -> String {
    schema_of::<Leaderboard>()
}

fn schema_of<T: JsonSchema>() -> String {
    let schema = schemars::schema_for!(T);
    let text = serde_json::to_string_pretty(&schema).expect("a schema is JSON");
    text + "\n"
}
