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
    let (mut rest, mut last) = (json, ' ');
    // All but a few letters are plain: they are copied many at a time.
    while let Some(at) = rest.bytes().position(may_change) {
        let (plain, behind) = rest.split_at(at);
        text.push_str(plain);
        if !plain.is_empty() {
            last = ' ';
        }
        let mut letters = behind.chars();
        for letter in letters.by_ref().take(1) {
            match hides(letter) || letter == '#' && last == '#' {
                true => escape(&mut text, letter),
                false => text.push(letter),
            }
            last = letter;
        }
        rest = letters.as_str();
    }
    text + rest + "\n"
}

/// Whether a byte is of a letter that is changed in some places.
fn may_change(byte: u8) -> bool {
    byte == b'#' || byte != b'\n' && !(b' '..=b'~').contains(&byte)
}

fn escape(text: &mut String, letter: char) {
    let mut units = [0; 2];
    for unit in letter.encode_utf16(&mut units) {
        let _infallible = write!(text, "\\u{unit:04x}");
    }
}
