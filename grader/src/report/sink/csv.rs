//! Cells that a spreadsheet shows and does not compute.
//!
//! Quotes and commas are the business of the `csv` crate. It cannot know that a
//! spreadsheet computes what begins with `=`, even between quotes, nor that some read
//! the file with another separator, so that a cell begins in the middle of another
//! (OWASP, "CSV Injection").

use super::visible;

/// A text as a cell. Numbers of ours are no texts, and need none of this.
pub fn cell(text: &str) -> String {
    let mut cell = String::with_capacity(text.len() + 1);
    // A command of a CI system has lost its first colon, and the log has the table, too.
    let shown = visible::line(text);
    let mut begins = true;
    for letter in shown.chars() {
        if begins && is_formula(letter) {
            cell.push('\'');
        }
        begins = is_separator(letter) || begins && (letter.is_whitespace() || is_quote(letter));
        cell.push(letter);
    }
    // What was a tab or a line break is a letter now, but the cell still began with it.
    match text.starts_with(['\t', '\r', '\n']) {
        true => format!("'{cell}"),
        false => cell,
    }
}

/// Letters that make a formula of a cell, half as wide and full.
fn is_formula(letter: char) -> bool {
    matches!(letter, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠')
}

fn is_separator(letter: char) -> bool {
    matches!(letter, ',' | ';' | '|')
}

fn is_quote(letter: char) -> bool {
    matches!(letter, '"' | '\'')
}
