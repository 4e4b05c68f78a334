//! What may stand on the sheet of predictions.

use crate::sheet::{Answer, Place};

/// The section of the questions about words.
pub const VOCABULARY: &str = "vocabulary";

/// The section of the accesses, by their lines.
pub const ACCESSES: &str = "accesses";

/// What may be answered to a question.
pub const CHOICES: [&str; 4] = ["a", "b", "c", "d"];

/// The classes, as the handout lists them.
pub const CLASSES: [&str; 17] = [
    "hit",
    "minor zero-page",
    "minor demand-zero",
    "minor map-resident",
    "minor copy-on-write",
    "minor reuse",
    "minor write-notify",
    "minor spurious",
    "major file-read",
    "major file-read copy",
    "major swap-in",
    "major swap-in copy",
    "segv maperr",
    "segv accerr",
    "segv kernel",
    "bus adrerr",
    "oom",
];

/// Whether an answer is one of those that there are, right or wrong.
///
/// # Errors
///
/// With what is wrong, and the remedy.
pub fn is_known(section: &str, text: &str) -> Result<(), String> {
    match section {
        VOCABULARY if !CHOICES.contains(&text) => Err(format!(
            "expected one of the four letters, found `{text}`\nhelp: write {}",
            CHOICES.map(|choice| format!("\"{choice}\"")).join(" or ")
        )),
        ACCESSES => match unknown_class(text) {
            Some(unknown) => Err(format!(
                "no class is called `{unknown}`\nhelp: one of {}",
                CLASSES.join(", ")
            )),
            None => Ok(()),
        },
        _ => Ok(()),
    }
}

/// What stands on a sheet for an answer.
pub enum Given {
    /// None, or an empty one.
    Nothing,
    /// Something that is no text.
    Unreadable {
        /// Where it stands.
        at: Place,
        /// What is wrong with it.
        why: String,
    },
    /// A text, with single blanks between its words.
    Text {
        /// Where it stands.
        at: Place,
        /// The words.
        text: String,
    },
}

/// Words are compared, and not the blanks between them.
pub fn given(answer: Option<Answer>) -> Given {
    let Some(Answer { at, text }) = answer else {
        return Given::Nothing;
    };
    match text.map(|text| text.split_whitespace().collect::<Vec<_>>().join(" ")) {
        Ok(text) if text.is_empty() => Given::Nothing,
        Ok(text) => Given::Text { at, text },
        Err(why) => Given::Unreadable { at, why },
    }
}

/// The first part of an answer that is neither a class nor the outcome of one.
pub fn unknown_class(answer: &str) -> Option<&str> {
    let known = |part: &&str| {
        CLASSES
            .iter()
            .any(|&class| class == *part || outcome(class) == *part)
    };
    answer.split(" then ").find(|part| !known(part))
}

/// How an access ends: the first word of its last fault.
pub fn outcome(class: &str) -> &str {
    let last = class.rsplit(" then ").next().unwrap_or(class);
    last.split(' ').next().unwrap_or(last)
}
