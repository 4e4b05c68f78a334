//! How a run ends, as the runner tells it on its last line.

use serde::{Deserialize, Serialize};

/// How a run ended. A process that ends without telling this has not finished.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "end", rename_all = "kebab-case")]
pub enum End {
    /// The trace was replayed to its end.
    Finished,
    /// A handler that is not written yet was called: `todo!()`.
    NotWritten(Place),
    /// A handler panicked.
    Panicked(Place),
    /// A handler did what no kernel may do.
    KernelBug(Place),
    /// The same access faulted again and again.
    Livelock {
        /// The line of the trace.
        line: u64,
    },
    /// The trace is malformed: its reader's fault, not the handlers'.
    BadTrace {
        /// What is wrong with it.
        message: String,
    },
    /// The sandbox that was asked for cannot be had, and no handler was called: the
    /// machine's fault.
    NotConfined {
        /// What is missing, and why.
        message: String,
    },
}

/// A message and the line of code that it comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// What was said.
    pub message: String,
    /// `file:line`.
    pub at: String,
}
