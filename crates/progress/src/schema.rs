//! The JSON Schema of the events.

use crate::event::Told;

/// The schema that `crates/progress/schema/progress.schema.json` holds: of one line.
pub fn json_schema() -> String {
    let schema = schemars::schema_for!(Told);
    let text = serde_json::to_string_pretty(&schema).expect("a schema is JSON");
    text + "\n"
}
