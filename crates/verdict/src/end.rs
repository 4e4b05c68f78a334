//! The names of how things end.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How a trace, or a whole submission, ended. Ordered from the one that is reported
/// first: a submission's end is the first of its traces' ends in this order.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
pub enum End {
    /// Our own fault: no points are taken for it.
    #[serde(rename = "not graded")]
    NotGraded,
    /// The source was not accepted.
    #[serde(rename = "refused")]
    Refused,
    /// The compiler rejects it.
    #[serde(rename = "does not compile")]
    DoesNotCompile,
    /// The compiler took too long, or too much.
    #[serde(rename = "compile limit")]
    CompileLimit,
    /// A system call that handlers have no use for.
    #[serde(rename = "forbidden call")]
    ForbiddenCall,
    /// It ran out of time.
    #[serde(rename = "time limit")]
    TimeLimit,
    /// It ran out of memory.
    #[serde(rename = "memory limit")]
    MemoryLimit,
    /// It printed too much.
    #[serde(rename = "output limit")]
    OutputLimit,
    /// A handler panicked.
    #[serde(rename = "panicked")]
    Panicked,
    /// The same access faulted again and again.
    #[serde(rename = "livelock")]
    Livelock,
    /// Another answer than Linux gives.
    #[serde(rename = "failed")]
    Failed,
    /// A hole that is not written yet was called.
    #[serde(rename = "not written yet")]
    NotWritten,
    /// All as Linux does it.
    #[serde(rename = "passed")]
    Passed,
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            End::NotGraded => "not graded",
            End::Refused => "refused",
            End::DoesNotCompile => "does not compile",
            End::CompileLimit => "compile limit",
            End::ForbiddenCall => "forbidden call",
            End::TimeLimit => "time limit",
            End::MemoryLimit => "memory limit",
            End::OutputLimit => "output limit",
            End::Panicked => "panicked",
            End::Livelock => "livelock",
            End::Failed => "failed",
            End::NotWritten => "not written yet",
            End::Passed => "passed",
        })
    }
}
