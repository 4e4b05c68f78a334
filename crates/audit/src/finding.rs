//! What is wrong, where, and what to do about it.

use std::fmt;
use std::path::Path;

use schemars::JsonSchema;
use serde::Serialize;

/// Something that the audit found wrong: a line for a person, who can go and mend it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Finding {
    /// The lab.
    pub lab: u8,
    /// The check that found it.
    pub check: &'static str,
    /// The file to look at, below the workspace's root.
    pub file: String,
    /// What is wrong with it.
    pub what: String,
    /// What to do about it.
    pub help: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Finding {
            check,
            file,
            what,
            help,
            ..
        } = self;
        write!(f, "{file}: {what} [{check}]\n  help: {help}")
    }
}

/// A path as findings show it.
pub(crate) fn shown(root: &Path, path: &Path) -> String {
    let below = path.strip_prefix(root).unwrap_or(path);
    below.display().to_string()
}
