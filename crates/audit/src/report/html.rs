//! The audit as a page.

use crate::result::AuditResult;

/// The page.
pub fn render(_: &AuditResult) -> String {
    String::new()
}
