//! How much of a trace may be told, as a registry says it.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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
    #[must_use]
    pub fn with(self, asked: Feedback) -> Feedback {
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
