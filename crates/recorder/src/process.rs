//! One process of the log: its open files and the calls that have not ended.

use std::collections::HashMap;

use vmsim::addr::Pid;

use crate::files::Descriptors;
use crate::line::{Call, Outcome};

/// What must be remembered from line to line.
pub(crate) struct Process {
    pub pid: Pid,
    pub open: Descriptors,
    pending: HashMap<u32, Pending>,
    printed_last: Option<u32>,
}

/// A call whose end is on a later line.
struct Pending {
    name: String,
    args: String,
}

/// A call that has ended, with all that is known of it.
pub(crate) struct Ended {
    pub thread: u32,
    pub name: String,
    pub args: String,
    pub outcome: Outcome,
}

impl Process {
    pub fn new(pid: Pid, open: Descriptors) -> Self {
        Self {
            pid,
            open,
            pending: HashMap::new(),
            printed_last: None,
        }
    }

    /// Takes a call; hands it back at once if its line says how it ended.
    pub fn begin(&mut self, call: &Call) -> Option<Ended> {
        let pending = Pending {
            name: call.name.into(),
            args: call.args.into(),
        };
        self.pending.insert(call.thread, pending);
        self.printed_last = Some(call.thread);
        self.end(call.thread, call.outcome?)
    }

    /// Ends the call of this thread.
    pub fn end(&mut self, thread: u32, outcome: Outcome) -> Option<Ended> {
        let Pending { name, args } = self.pending.remove(&thread)?;
        Some(Ended {
            thread,
            name,
            args,
            outcome,
        })
    }

    /// Ends the call that was printed last. There is none at the start of a
    /// child's log, which begins inside its parent's fork.
    pub fn end_last(&mut self, outcome: Outcome) -> Option<Ended> {
        self.end(self.printed_last?, outcome)
    }
}
