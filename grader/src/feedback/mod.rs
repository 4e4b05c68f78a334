//! What a student may be told of each trace.
//!
//! A student can write handlers that fail exactly if some bit of a hidden trace is
//! set, and read the bit from the verdict; or panic with the trace in the message. So
//! whatever `grade` prints and writes goes through [`ShownClass`] first, and a report
//! takes nothing else: a log of a CI system is read by students.
//!
//! What is shown is the closer of what the registry allows for the trace (`feedback` in
//! `lab.toml` and `hidden.toml`) and of what was asked for (`grade --feedback`). Only
//! [`Feedback::Full`], asked for, shows everything: it is for the instructor's eyes.
//!
//! No level shows nothing: one submission tells its author at most log₂ of the number
//! of things that could stand there, for each hidden trace and part:
//!
//! | level | shows of a hidden trace | outcomes | bits |
//! |---|---|---|---|
//! | `full` | everything | what a process can say | all |
//! | `divergence` | and what differs, by class, without address, value, event or line | 2 + 19 · 7 · 313² | < 24 |
//! | `category` | its category, the concept, and the rule that decides at the first difference | passed, not graded, failed by one of 18 rules or none | < 4.4 |
//! | `verdict` | passed or not | passed, failed, not graded | < 1.6 |
//! | `points` | nothing but the points of its part | as many sums as there are sets of traces | ≤ 1 |
//! | `sealed` | not even that; it is counted later | 1 | 0 |
//!
//! For all levels but `full`, how a run failed is not told (a panic, a limit and a wrong
//! answer are as many outcomes as a student likes), nor what was printed, where in the
//! student's code it ended, or how long it took. A part is `not written yet` only if that
//! is so in every trace, public ones too: one bit for the part. Points are told for each
//! part at every level but `sealed`, and say no more than the verdicts that they are the
//! sum of.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

mod board;
mod class;
mod excerpt;

pub use board::ShownBoard;
pub use class::{ShownClass, ShownSubmission};

/// How much is shown of a trace, from everything to nothing.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Feedback {
    /// Everything, as for a trace that students have. A registry may say `public`.
    #[serde(alias = "public")]
    Full,
    /// The first difference, by its class, and the rule that decides.
    Divergence,
    /// What the trace is about, and the rule that decides.
    #[default]
    Category,
    /// Passed or not.
    Verdict,
    /// Nothing but the points of the part.
    Points,
    /// Not even the points: they are counted when everything is published.
    Sealed,
}

impl Feedback {
    /// What can be asked for. Sealed traces are sealed by the registry, for all.
    pub const ASKED: [Feedback; 5] = [
        Feedback::Full,
        Feedback::Divergence,
        Feedback::Category,
        Feedback::Verdict,
        Feedback::Points,
    ];

    /// Its name in a registry and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Feedback::Full => "full",
            Feedback::Divergence => "divergence",
            Feedback::Category => "category",
            Feedback::Verdict => "verdict",
            Feedback::Points => "points",
            Feedback::Sealed => "sealed",
        }
    }

    /// What it shows of a hidden trace, in a line of help.
    pub fn describe(self) -> &'static str {
        match self {
            Feedback::Full => {
                "everything, sealed traces too: for your own eyes, never for a log or a file \
                 that students can read"
            }
            Feedback::Divergence => "what differs first, by its class, and the rule",
            Feedback::Category => "what the trace is about, and the rule",
            Feedback::Verdict => "passed or not",
            Feedback::Points => "nothing but the points of its part",
            Feedback::Sealed => "nothing: its points are counted later",
        }
    }

    /// What is shown of a hidden trace that may be shown so, if so much was asked for.
    fn with(self, asked: Feedback) -> Feedback {
        match asked {
            Feedback::Full => Feedback::Full,
            asked => self.max(asked),
        }
    }
}

impl fmt::Display for Feedback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// No level that can be asked for is called so.
#[derive(Debug, thiserror::Error)]
#[error("no level of feedback is called `{0}`")]
pub struct UnknownFeedback(String);

impl FromStr for Feedback {
    type Err = UnknownFeedback;

    fn from_str(name: &str) -> Result<Self, UnknownFeedback> {
        let mut levels = Feedback::ASKED.into_iter();
        let named = levels.find(|level| level.name() == name);
        named.ok_or_else(|| UnknownFeedback(name.to_owned()))
    }
}
