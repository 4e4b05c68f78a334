//! What is told, in its JSON form.

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

/// The form of events; it changes with every change that a reader must know of.
pub const SCHEMA: &str = "faultline.progress/1";

/// An event, and when it was.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Told {
    /// The form of this line.
    pub schema: &'static str,
    /// Which run of the command, for files that several runs append to.
    pub run: String,
    /// When.
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub at: Timestamp,
    /// What.
    #[serde(flatten)]
    pub event: Event,
}

/// What happened.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Event {
    /// A command begins.
    Started(Started),
    /// A stage begins.
    StageStarted(StageStarted),
    /// One thing of a stage is done.
    Step(StepDone),
    /// That many things of a stage are done.
    Reached(StageReached),
    /// A stage is over.
    StageEnded(StageEnded),
    /// Something that somebody should know.
    Warning(Warning),
    /// The command is over.
    Ended(Ended),
}

/// What was run, and where.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct Started {
    /// The command and its arguments.
    pub command: Vec<String>,
    /// What the machine is, and what it offers, by name.
    pub machine: BTreeMap<String, String>,
}

/// A stage begins.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct StageStarted {
    /// Its name.
    pub stage: &'static str,
    /// What is counted.
    pub unit: &'static str,
    /// How many there are, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<u64>,
}

/// One thing of a stage is done.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct StepDone {
    /// The stage.
    pub stage: &'static str,
    /// What: a student's id, or the name of a file.
    pub what: String,
    /// What came of it, as far as everybody may know.
    pub outcome: String,
    /// Whether somebody must look after it, other than the student.
    pub problem: bool,
    /// Why, where that may be told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// How long it took, in milliseconds, where that was measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub took_ms: Option<u64>,
    /// How far the stage is with it.
    #[serde(flatten)]
    pub reached: Reached,
    /// What instructors know besides, which is in their files and nowhere else.
    #[serde(skip)]
    pub(crate) known: Known,
}

/// What an instructor's file says of a thing that is done.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    pub outcome: String,
    pub why: Option<String>,
    pub parts: Vec<(&'static str, u64)>,
}

/// That many things of a stage are done.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct StageReached {
    /// The stage.
    pub stage: &'static str,
    /// How far it is.
    #[serde(flatten)]
    pub reached: Reached,
}

/// How far a stage is.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct Reached {
    /// Things done.
    pub done: u64,
    /// Things altogether, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<u64>,
    /// How long the rest will take, in milliseconds, where that can be told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left_ms: Option<u64>,
}

/// A stage is over.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct StageEnded {
    /// The stage.
    pub stage: &'static str,
    /// What was counted.
    pub unit: &'static str,
    /// Things done.
    pub done: u64,
    /// How many came to which outcome.
    pub outcomes: BTreeMap<String, u64>,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
    /// How many came to which end.
    #[serde(skip)]
    pub(crate) known: BTreeMap<String, u64>,
}

/// Something that somebody should know.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Warning {
    /// What.
    pub text: String,
}

/// The command is over.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Ended {
    /// How.
    pub how: How,
    /// What went wrong, if anything did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
}

/// How a command ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum How {
    /// It did what it was asked for.
    Done,
    /// It did, and what it was asked about failed.
    Failed,
    /// It did nothing, for the machine lacks something.
    Skipped,
    /// It stopped at an error.
    Trouble,
}

impl How {
    /// In a word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
            Self::Trouble => "trouble",
        }
    }
}
