//! A student, and the key that everything else uses.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What a student is known by everywhere in the kit: the roster's `student_id`, or, where
/// there is no roster, what the course system calls them. Never a display name, which two
/// students may share and anybody may change.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StudentId(pub String);

impl fmt::Display for StudentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A row of the roster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Student {
    /// The key.
    pub id: StudentId,
    /// Their address, by which Moodle, Autolab and Gradescope know them.
    pub email: Option<String>,
    /// Their account, by which Canvas, Blackboard and GitHub know them.
    pub login: Option<String>,
    /// What they are called: shown to people, and never a key.
    pub name: Option<String>,
    /// Their section or group.
    pub section: Option<String>,
    /// A due date of their own: an extension.
    pub due: Option<Timestamp>,
    /// Slip days that they have used before, in other exercises of the course.
    pub slip_used: u32,
}
