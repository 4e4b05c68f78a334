//! The JSON Schemas of the results.

use schemars::JsonSchema;

use super::{autolab, classroom50, gradescope};
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

/// The schema that `grader/schema/gradescope.schema.json` holds: of the `results.json`
/// that we write, which is stricter than what Gradescope takes.
pub fn gradescope_schema() -> String {
    schema_of::<gradescope::Results>()
}

/// The schema that `grader/schema/classroom50.schema.json` holds.
pub fn classroom50_schema() -> String {
    schema_of::<classroom50::Outcome>()
}

/// The schema that `grader/schema/autolab.schema.json` holds: of the last line.
pub fn autolab_schema() -> String {
    schema_of::<autolab::Autoresult>()
}

fn schema_of<T: JsonSchema>() -> String {
    let schema = schemars::schema_for!(T);
    let text = serde_json::to_string_pretty(&schema).expect("a schema is JSON");
    text + "\n"
}
