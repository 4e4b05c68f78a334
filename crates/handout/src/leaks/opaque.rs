//! What nobody can read, and so nobody can look into: files that are no text, text that
//! stands for something else, such as base64, and characters that nobody sees.

use crate::leaks::Look;
use crate::leaks::reading::is_unseen;
use crate::manifest;
use crate::manifests;
use crate::refusal::Finding;

/// Letters in a row that are no word of any language. Base64 is written in lines of 64 or
/// 76.
const LETTERS_MAX: usize = 60;

/// Letters of a line that is nothing but a run of them, and such lines in a row: no list of
/// words is written like this, and base64 in short lines is.
const RUN_MIN: usize = 16;
const RUNS_MAX: usize = 3;

/// Bytes in a row, each as two hexadecimal digits.
const BYTES_MAX: usize = 12;

/// The hexadecimal digits of a SHA-256, and the files that have such.
const DIGEST: usize = 64;
const WITH_DIGESTS: [&str; 2] = [manifest::NAME, manifests::LOCK];

/// What to do about it.
const REMEDY: &str = "ship what can be read";

/// Looks for what cannot be looked into.
pub fn check(look: Look<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (path, bytes) in look.parcel.files() {
        match std::str::from_utf8(bytes) {
            Ok(text) => {
                found.extend(encoded(path, text));
                found.extend(in_short_lines(path, text));
                found.extend(dumped(path, text));
                found.extend(unseen(path, text));
            }
            Err(_) => found.push(Finding::file(path, "not text", REMEDY)),
        }
    }
    found
}

fn encoded(path: &str, text: &str) -> Vec<Finding> {
    let is_long = |run: &str| {
        let is_known = WITH_DIGESTS.contains(&path) && is_digest(run);
        run.len() > LETTERS_MAX && !is_known
    };
    let lines = text.lines().enumerate();
    let found = lines.filter_map(|(index, line)| {
        let mut runs = line.split(|letter| !is_coded(letter));
        let run = runs.find(|run| is_long(run))?;
        let what = format!("{} letters in a row, from `{}`", run.len(), &run[..12]);
        Some(Finding::line(path, index + 1, what, REMEDY))
    });
    found.collect()
}

fn is_coded(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || "+/=".contains(letter)
}

fn is_digest(run: &str) -> bool {
    run.len() == DIGEST
        && run
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// Lines that are a run of letters each, whatever is written around them.
fn in_short_lines(path: &str, text: &str) -> Vec<Finding> {
    let is_run = |line: &str| {
        let line = line.trim_matches(|letter: char| !letter.is_ascii_alphanumeric());
        line.len() >= RUN_MIN && line.chars().all(is_coded)
    };
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    let mut line = 1;
    for run in lines.chunk_by(|one, next| is_run(one) == is_run(next)) {
        if run.len() > RUNS_MAX && is_run(run[0]) {
            let what = format!("{} lines in a row of letters without a space", run.len());
            found.push(Finding::line(path, line, what, REMEDY));
        }
        line += run.len();
    }
    found
}

/// Bytes as a dump shows them.
fn dumped(path: &str, text: &str) -> Vec<Finding> {
    let is_byte =
        |word: &&str| word.len() == 2 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    let lines = text.lines().enumerate();
    let dumped = lines.filter(|(_, line)| {
        let words: Vec<&str> = line
            .split(|letter: char| !letter.is_ascii_alphanumeric())
            .map(|word| word.trim_start_matches("0x"))
            .filter(|word| !word.is_empty())
            .collect();
        let mut rows = words.windows(BYTES_MAX);
        rows.any(|row| row.iter().all(is_byte))
    });
    let dumped = dumped.map(|(index, _)| {
        let what = "bytes in hexadecimal digits";
        Finding::line(path, index + 1, what, REMEDY)
    });
    dumped.collect()
}

/// Characters that are not seen.
fn unseen(path: &str, text: &str) -> Vec<Finding> {
    let lines = text.split('\n').enumerate();
    let found = lines.filter_map(|(index, line)| {
        let letter = line.chars().find(|letter| is_unseen(*letter))?;
        let what = format!("invisible character `{}`", letter.escape_default());
        Some(Finding::line(path, index + 1, what, REMEDY))
    });
    found.collect()
}
