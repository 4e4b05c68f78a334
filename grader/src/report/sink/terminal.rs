//! The terminal, and the log of a CI system, which is read like one.

use super::visible;

/// Letters of a line that are shown; whoever wants more reads the JSON.
const LINE_LETTERS_MAX: usize = 1000;

/// What stands before each line of a student's text, so that it is seen to be one, and
/// so that no line of the report begins with what somebody else wrote.
const BAR: &str = "| ";

/// A text as one line, or as a part of one.
pub fn line(text: &str) -> String {
    visible::cut(&visible::line(text), LINE_LETTERS_MAX)
}

/// A text as a cell of a table, so short that the table stays one.
pub fn cell(text: &str, letters: usize) -> String {
    let shown = visible::line(text);
    match shown.char_indices().nth(letters) {
        None => shown,
        Some(_) => shown.chars().take(letters - 1).chain(['…']).collect(),
    }
}

/// The first lines of a text, each behind a bar, and how many more there were.
pub fn quoted(text: &str, lines_max: usize) -> Vec<String> {
    let mut quoted: Vec<String> = text
        .lines()
        .take(lines_max)
        .map(|text| format!("{BAR}{}", line(text)))
        .collect();
    let more = text.lines().count().saturating_sub(lines_max);
    if more > 0 {
        quoted.push(format!("… and {more} more lines"));
    }
    quoted
}
