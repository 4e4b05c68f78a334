//! As much of a student's text as a report has room for.

use std::collections::HashSet;

/// Bytes of one text: more than the first errors of a compiler and any panic that means
/// something.
const TEXT_BYTES_MAX: usize = 16 << 10;

/// Bytes of all texts of a submission together: a class of 300 makes a report of at most
/// 20 MiB, which a browser still opens.
const SUBMISSION_BYTES_MAX: usize = 64 << 10;

/// Bytes of a text that costs no room when it is told again: what an unwritten hole says is
/// said of each of its traces, and would leave nothing for the labs behind it.
const AGAIN_BYTES_MAX: usize = 160;
/// The same where one submission is all that is shown: more than its runs can say.
const ALONE_BYTES_MAX: usize = 64 << 20;

/// Names that were ignored; whoever handed in a whole build folder knows that.
const NAMES_MAX: usize = 40;

/// What is left of the room for one submission.
pub(super) struct Room {
    bytes: usize,
    /// What was told already, where that is short.
    told: HashSet<String>,
}

impl Room {
    pub fn new() -> Self {
        Self {
            bytes: SUBMISSION_BYTES_MAX,
            told: HashSet::new(),
        }
    }

    /// The room of a submission that is shown alone.
    pub fn alone() -> Self {
        Self {
            bytes: ALONE_BYTES_MAX,
            told: HashSet::new(),
        }
    }

    /// A text, or its beginning and how much more there was.
    pub fn text(&mut self, text: &str) -> String {
        if self.told.contains(text) {
            return text.to_owned();
        }
        let mut end = text.len().min(TEXT_BYTES_MAX).min(self.bytes);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        self.bytes -= end;
        if end == text.len() && end <= AGAIN_BYTES_MAX {
            self.told.insert(text.to_owned());
        }
        match text.len() - end {
            0 => text.to_owned(),
            more => format!("{}… and {more} more bytes", &text[..end]),
        }
    }

    /// Some names, or the first of them and how many more there were.
    pub fn names(&mut self, names: &[String]) -> Vec<String> {
        let first = names.iter().take(NAMES_MAX);
        let mut shown: Vec<String> = first.map(|name| self.text(name)).collect();
        let more = names.len().saturating_sub(NAMES_MAX);
        if more > 0 {
            shown.push(format!("… and {more} more"));
        }
        shown
    }
}
