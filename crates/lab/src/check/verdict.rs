//! What a check came to, and its JSON form.

use schemars::JsonSchema;
use serde::Serialize;
use verdict::compare::STOPPED;
use verdict::end::End;
use verdict::explanation::Explanation;

/// Version of the form; it grows when a field changes its meaning.
pub(crate) const SCHEMA: &str = "faultline.check/1";

/// What a check came to.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct Verdict {
    /// [`SCHEMA`].
    pub schema: &'static str,
    /// The labs that were checked.
    pub labs: Vec<LabVerdict>,
    /// The first thing that is wrong, in full.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub finding: Option<Finding>,
}

/// A lab.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct LabVerdict {
    /// Its number.
    pub number: u8,
    /// Its title.
    pub title: String,
    /// Its points on public traces.
    pub points: Points,
    /// Its holes, and `integration`.
    pub parts: Vec<Part>,
    /// Its public traces.
    pub traces: Vec<TraceVerdict>,
}

/// Points on public traces. What is missing has failed, or is not written yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub(crate) struct Points {
    /// On traces that passed.
    pub passed: f64,
    /// On traces that are right so far and wait for a hole that is not written yet.
    pub waiting: f64,
    /// On all.
    pub max: f64,
}

/// A hole, or all methods together.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct Part {
    /// The hole, or `integration`.
    pub name: String,
    /// How it stands.
    pub state: State,
    /// Its points on public traces.
    pub points: Points,
    /// Where it is still a `todo!`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
}

/// How a trace or a hole stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum State {
    /// Something is wrong.
    Failed,
    /// The hole is not written yet.
    NotWritten,
    /// Not run, because an earlier trace ran out of time.
    NotRun,
    /// Right so far; it waits for a hole that is not written yet.
    Waits,
    /// As Linux does it, to the end.
    Passed,
}

/// A public trace.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct TraceVerdict {
    /// Its name.
    pub name: String,
    /// How it stands.
    pub state: State,
    /// How its run ended, in the grader's words.
    pub end: End,
    /// The hole that is not written yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub needs: Option<String>,
    /// The last line of the trace up to which all is right; 0 for none.
    pub right_to_line: u64,
    /// What there is to say of the end.
    pub message: String,
    /// The line of the student's code that is to blame, or that is not written yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// The first difference to what Linux does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub difference: Option<Differs>,
}

/// The first difference.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct Differs {
    /// The line of the trace; 0 for its end.
    pub line: u64,
    /// The event.
    pub event: String,
    /// What differs: the class of the fault, a value, …
    pub what: String,
    /// The oracle's letter: K, V, G, S, I, T or C.
    pub oracle: char,
    /// What Linux does, as the log has it.
    pub expected: String,
    /// What the handlers did, as the log has it.
    pub got: String,
}

/// The first thing that is wrong, with all that helps to see why.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct Finding {
    /// The lab.
    pub lab: u8,
    /// The trace.
    pub trace: String,
    /// Its file.
    pub file: String,
    /// What it is for.
    pub teaches: String,
    /// The hole that seems to be to blame.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hole: Option<String>,
    /// What Linux does, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
    /// What the handlers did, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub got: Option<String>,
    /// What such a difference means.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub meaning: Option<String>,
    /// What the kernel looks at, and the rule that decides.
    pub explanation: Explanation,
    /// The VMA that the student's handlers came to, if it is another one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vma: Option<String>,
    /// The entry that the fault found, if it should have found another one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// The entry as the student's handlers left it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// What the student's `classify` said there, if it is not what Linux decides.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub classified: Option<Classified>,
    /// The function that decides there, if a decision is what differs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided: Option<Did>,
    /// The first event at which another page was evicted than the expected one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub victim: Option<Victim>,
    /// What the student's code did there, if that is what differs.
    pub did: Vec<Did>,
    /// The earlier event that left the page as it is, if this one did not fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before_that: Option<Earlier>,
}

/// Two verdicts on one fault.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct Classified {
    /// The reference's.
    pub expected: String,
    /// The student's.
    pub got: String,
}

/// An event that took memory from another page than it should have.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct Victim {
    /// The line of the trace.
    pub line: u64,
    /// The event.
    pub event: String,
    /// The pages that Linux evicts.
    pub expected: Vec<String>,
    /// The pages that the student's handlers evicted.
    pub got: Vec<String>,
}

/// A line of the student's code, and what it made the kernel do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct Did {
    /// `labs/skeleton/src/lab2.rs:17`.
    pub at: String,
    /// What stands there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// What it did, in words.
    pub what: String,
}

/// An earlier event that left a page as it is.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(crate) struct Earlier {
    /// Its line.
    pub line: u64,
    /// The event.
    pub event: String,
    /// Its class.
    pub class: String,
    /// Whether Linux changed the entry of the page there, and the handlers did not.
    pub missed: bool,
    /// The hole that should have.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hole: Option<String>,
    /// What the student's code did then.
    pub did: Vec<Did>,
}

impl TraceVerdict {
    /// Whether the run came to its end in the very event that is told: what it ended with
    /// is then what is wrong there, and else what became of it later.
    pub fn ended_there(&self) -> bool {
        let there = |it: &Differs| it.got == STOPPED || it.got.ends_with("livelock");
        self.difference.as_ref().is_none_or(there)
    }
}

impl Verdict {
    /// Whether nothing failed, and nothing is missing or waits.
    pub fn is_all_right(&self) -> bool {
        let mut traces = self.labs.iter().flat_map(|lab| &lab.traces);
        traces.all(|trace| trace.state == State::Passed)
    }

    /// Whether nothing is wrong, and no hole of these labs is missing. What waits for
    /// another lab is neither.
    pub fn is_right_so_far(&self) -> bool {
        let wrong = |state| matches!(state, State::Failed | State::NotWritten | State::NotRun);
        let parts = self.labs.iter().flat_map(|lab| &lab.parts);
        let traces = self.labs.iter().flat_map(|lab| &lab.traces);
        let mut states = parts.map(|it| it.state).chain(traces.map(|it| it.state));
        !states.any(wrong)
    }

    /// Whether nothing is wrong in what is written. What is missing is not looked at.
    pub fn is_right_where_written(&self) -> bool {
        let wrong = |state| matches!(state, State::Failed | State::NotRun);
        let parts = self.labs.iter().flat_map(|lab| &lab.parts);
        let traces = self.labs.iter().flat_map(|lab| &lab.traces);
        let mut states = parts.map(|it| it.state).chain(traces.map(|it| it.state));
        !states.any(wrong)
    }

    /// The sum of the points.
    pub fn points(&self) -> Points {
        Points::sum(self.labs.iter().map(|lab| lab.points)).rounded()
    }
}

impl Points {
    /// Adds points up.
    pub fn sum(all: impl Iterator<Item = Points>) -> Self {
        all.fold(Points::default(), |sum, more| Points {
            passed: sum.passed + more.passed,
            waiting: sum.waiting + more.waiting,
            max: sum.max + more.max,
        })
    }

    /// Points have two decimals, and add up to no more than there are.
    pub fn rounded(self) -> Self {
        // Zero has no sign: the sum of nothing is -0.
        let round = |points: f64| (points * 100.0).round() / 100.0 + 0.0;
        let passed = round(self.passed);
        Points {
            passed,
            waiting: round(round(self.passed + self.waiting) - passed),
            max: round(self.max),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::Verdict;

    /// `UPDATE_SCHEMA=1 cargo test -p lab schema` writes it.
    #[test]
    fn the_committed_schema_is_that_of_the_code() {
        let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema/check.schema.json");
        let schema = schemars::schema_for!(Verdict);
        let now = serde_json::to_string_pretty(&schema).expect("a schema is JSON") + "\n";
        if std::env::var_os("UPDATE_SCHEMA").is_some() {
            fs::write(&committed, &now).expect("the schema can be written");
        }
        let then = fs::read_to_string(&committed).expect("a schema is committed");
        assert!(
            then == now,
            "help: UPDATE_SCHEMA=1 cargo test -p lab schema"
        );
    }
}
