//! JSON that can be looked at: what would hide in it is written as JSON writes it,
//! `\u202e`, which means the same to every reader.

use std::fmt::Write;

use serde::Serialize;

use super::visible::hides;

/// A value on one line, with a line break.
///
/// # Errors
///
/// If the value cannot be written as JSON.
pub fn line(value: &impl Serialize) -> serde_json::Result<String> {
    serde_json::to_string(value).map(|text| visible(&text))
}

/// A value on many lines, for people.
///
/// # Errors
///
/// If the value cannot be written as JSON.
pub fn pretty(value: &impl Serialize) -> serde_json::Result<String> {
    serde_json::to_string_pretty(value).map(|text| visible(&text))
}

/// Only a string can contain what is changed here, so that it may be an escape. `##[` is
/// a command of CI systems wherever it stands in a log.
fn visible(json: &str) -> String {
    let mut text = String::with_capacity(json.len() + 1);
    let mut last = ' ';
    for letter in json.chars() {
        match hides(letter) && letter != '\n' || letter == '#' && last == '#' {
            true => escape(&mut text, letter),
            false => text.push(letter),
        }
        last = letter;
    }
    text + "\n"
}

fn escape(text: &mut String, letter: char) {
    let mut units = [0; 2];
    for unit in letter.encode_utf16(&mut units) {
        let _infallible = write!(text, "\\u{unit:04x}");
    }
}
