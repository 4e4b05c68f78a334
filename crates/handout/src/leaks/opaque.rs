//! What nobody can read, and so nobody can look into: files that are no text, and text that
//! stands for something else, such as base64.

use crate::leaks::Look;
use crate::refusal::Finding;

/// Letters in a row that are no word of any language. Base64 is written in lines of 64 or
/// 76.
const LETTERS_MAX: usize = 60;

/// The hexadecimal digits of a SHA-256, which a manifest and a lock file have.
const DIGEST: usize = 64;

/// What to do about it.
const REMEDY: &str = "ship what can be read";

/// Looks for what cannot be looked into.
pub fn check(look: Look<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (path, bytes) in look.parcel.files() {
        match std::str::from_utf8(bytes) {
            Ok(text) => found.extend(encoded(path, text)),
            Err(_) => found.push(Finding::file(path, "not text", REMEDY)),
        }
    }
    found
}

fn encoded(path: &str, text: &str) -> Vec<Finding> {
    let is_coded = |letter: char| letter.is_ascii_alphanumeric() || "+/=".contains(letter);
    let is_long = |run: &str| run.len() > LETTERS_MAX && !is_digest(run);
    let lines = text.lines().enumerate();
    let found = lines.filter_map(|(index, line)| {
        let mut runs = line.split(|letter| !is_coded(letter));
        let run = runs.find(|run| is_long(run))?;
        let what = format!("{} letters in a row, from `{}`", run.len(), &run[..12]);
        Some(Finding::line(path, index + 1, what, REMEDY))
    });
    found.collect()
}

fn is_digest(run: &str) -> bool {
    run.len() == DIGEST
        && run
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}
