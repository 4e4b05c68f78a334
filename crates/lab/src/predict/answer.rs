//! What was meant, and whether it is right.

use verdict::prediction::{CLASSES, outcome, unknown_class};

/// Columns of a class in the list.
const CLASS_COLUMNS: usize = 34;

/// An answer; empty if somebody does not know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Answer(String);

/// How good an answer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Grade {
    /// The class.
    Right,
    /// `minor`, `major`, `segv` …, and not which.
    OutcomeOnly,
    /// Something else.
    Wrong,
    /// Nothing was said.
    Unknown,
}

impl Answer {
    /// Reads classes or their numbers, joined with `then`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let parts = words.split(|word| *word == "then");
        let parts: Vec<String> = parts.map(|words| part(&words.join(" "))).collect();
        let answer = parts.join(" then ");
        match unknown_class(&answer).filter(|_| !answer.is_empty()) {
            Some(unknown) => Err(format!(
                "no class is called `{unknown}`: a number from 1 to {}, or the words; `?` lists them",
                CLASSES.len()
            )),
            None => Ok(Self(answer)),
        }
    }

    pub fn grade(&self, class: &str) -> Grade {
        match self.0.as_str() {
            "" => Grade::Unknown,
            answer if answer == class => Grade::Right,
            answer if outcome(answer) == outcome(class) => Grade::OutcomeOnly,
            _ => Grade::Wrong,
        }
    }
}

fn part(text: &str) -> String {
    let number: Option<usize> = text.parse().ok();
    let class = number.and_then(|number| CLASSES.get(number.checked_sub(1)?));
    class.map_or_else(|| text.to_lowercase(), |class| (*class).to_owned())
}

/// The classes with their numbers, in two columns.
pub(super) fn menu() -> String {
    let half = CLASSES.len().div_ceil(2);
    let entry = |at: usize| {
        CLASSES
            .get(at)
            .map(|class| format!("{:>4}  {class}", at + 1))
    };
    let rows = (0..half).map(|at| {
        let (left, right) = (entry(at).unwrap_or_default(), entry(at + half));
        let row = format!("{left:<CLASS_COLUMNS$}{}", right.unwrap_or_default());
        format!("{}\n", row.trim_end())
    });
    rows.collect()
}
