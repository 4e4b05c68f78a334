//! The JSON Schema of what the audit found.

use crate::result::AuditResult;

/// The schema that `crates/audit/schema/audit.schema.json` holds.
///
/// # Panics
///
/// Never: a schema is always JSON.
pub fn json_schema() -> String {
    let schema = schemars::schema_for!(AuditResult);
    let text = serde_json::to_string_pretty(&schema).expect("a schema is JSON");
    text + "\n"
}
