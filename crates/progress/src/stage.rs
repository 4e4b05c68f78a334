//! What a job consists of, and what came of each thing in a stage.

use std::time::Duration;

use verdict::end::End;

/// A part of a job, with things to do that are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stage {
    /// What it is called, in one word.
    pub name: &'static str,
    /// What is counted, in the plural.
    pub unit: &'static str,
}

impl Stage {
    /// Who handed in what.
    pub const COLLECT: Self = Self::new("collect", "attempts");
    /// The libraries that submissions are compiled against.
    pub const KIT: Self = Self::new("kit", "libraries");
    /// Each submission on all traces.
    pub const GRADE: Self = Self::new("grade", "submissions");
    /// Gradebooks of parts into one.
    pub const MERGE: Self = Self::new("merge", "gradebooks");
    /// Tables, pages and sheets.
    pub const WRITE: Self = Self::new("write", "files");

    /// A stage of this name, which counts this.
    pub const fn new(name: &'static str, unit: &'static str) -> Self {
        Self { name, unit }
    }
}

/// One thing of a stage is done.
#[derive(Clone, Debug)]
pub struct Step {
    /// What: a student's id, or the name of a file.
    pub what: String,
    /// What came of it.
    pub outcome: Outcome,
    /// How long it took, where that was measured.
    pub took: Option<Duration>,
    /// How long its parts took, by name, where they were measured.
    pub parts: Vec<(&'static str, Duration)>,
    /// Why it is a problem, where it is one.
    pub why: Option<String>,
}

impl Step {
    /// It is done, and took as long.
    pub fn new(
        what: impl Into<String>,
        outcome: impl Into<Outcome>,
        took: impl Into<Option<Duration>>,
    ) -> Self {
        Self {
            what: what.into(),
            outcome: outcome.into(),
            took: took.into(),
            parts: Vec::new(),
            why: None,
        }
    }

    /// It is done, and nobody has measured how long it took.
    pub fn untimed(what: impl Into<String>, outcome: Outcome) -> Self {
        Self::new(what, outcome, None)
    }

    /// Says why it is a problem. Of a thing that is none nothing is kept, for it could say
    /// what is in a hidden trace.
    pub fn because(mut self, why: &str) -> Self {
        self.why = self.outcome.is_problem().then(|| why.to_owned());
        self
    }

    /// Says how long a part of it took.
    pub fn with_part(mut self, part: &'static str, took: Duration) -> Self {
        self.parts.push((part, took));
        self
    }
}

/// What came of a thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is done, and there is no more to say.
    Done,
    /// It was done before, and nothing had to be done.
    Known,
    /// A submission came to an end.
    Ended(End),
    /// It could not be done.
    Failed,
}

impl Outcome {
    /// The outcome as whoever sees the terminal, or the log of a CI system, may know it:
    /// how code ended on hidden traces is no business of theirs.
    pub fn shown(self) -> String {
        match self {
            Self::Ended(
                End::Refused | End::DoesNotCompile | End::CompileLimit | End::NotGraded,
            ) => self.known(),
            Self::Ended(_) => "graded".to_owned(),
            _ => self.known(),
        }
    }

    /// The outcome as the instructor's files have it.
    pub fn known(self) -> String {
        match self {
            Self::Done => "done".to_owned(),
            Self::Known => "known".to_owned(),
            Self::Ended(end) => end.to_string(),
            Self::Failed => "failed".to_owned(),
        }
    }

    /// Whether somebody must look after it, other than the student.
    pub fn is_problem(self) -> bool {
        matches!(
            self,
            Self::Ended(End::Refused | End::NotGraded) | Self::Failed
        )
    }

    /// Whether the reason may be shown where the outcome is. Ours for not grading names
    /// hidden traces.
    pub(crate) fn may_say_why(self) -> bool {
        matches!(self, Self::Ended(End::Refused) | Self::Failed)
    }
}

impl From<End> for Outcome {
    fn from(end: End) -> Self {
        Self::Ended(end)
    }
}
