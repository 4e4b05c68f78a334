//! Mistakes that nobody can hand in: the compiler refuses them, each for its reason.

use std::collections::BTreeSet;
use std::fs;

use course::handed_in::HANDLER_FILES;
use grader::compile::{Compiled, compile};
use grader::intake::Sources;
use mutants::impossible::{IMPOSSIBLE, Impossible};

use crate::workspace::{KIT, root};

/// The student's file: the attempt, and the other functions as they were handed out.
fn whole_file(file: &str, attempt: &str) -> String {
    let skeleton = fs::read_to_string(root().join("labs/skeleton/src").join(file));
    let skeleton = skeleton.expect("a skeleton");
    let functions = skeleton.split("\npub fn ").skip(1);
    let handed_out: String = functions
        .filter_map(|rest| {
            let (name, end) = (rest.split_once('(')?.0, rest.find("\n}")?);
            let is_attempted = attempt.contains(&format!("\npub fn {name}("));
            (!is_attempted).then(|| format!("\npub fn {}\n}}\n", &rest[..end]))
        })
        .collect();
    format!("{attempt}{handed_out}")
}

/// What the compiler says to a submission of this one file.
fn compiled(file: &str, attempt: &str) -> Compiled {
    let name = HANDLER_FILES.into_iter().find(|name| *name == file);
    let text = whole_file(file, attempt);
    let sources = Sources {
        files: vec![(name.expect("a handler file"), text)],
        ..Sources::default()
    };
    compile(&KIT, &sources).unwrap_or_else(|error| panic!("{error}"))
}

/// The codes of all errors, and the names of the lints that are denied.
fn errors(words: &str) -> BTreeSet<&str> {
    words
        .lines()
        .filter_map(|line| match line.strip_prefix("error") {
            Some(rest) if rest.starts_with('[') => rest[1..].split(']').next(),
            Some(rest) if rest.ends_with("that must be used") => Some("unused_must_use"),
            Some(rest) if rest.starts_with(": aborting due to") => None,
            other => other,
        })
        .collect()
}

/// The line of the attempt that the compiler points at first.
fn blamed<'a>(attempt: &'a str, words: &str) -> Option<&'a str> {
    let place = words
        .lines()
        .find_map(|line| line.trim_start().strip_prefix("--> "))?;
    let number: usize = place.split(':').nth(1)?.parse().ok()?;
    attempt.lines().nth(number - 1)
}

/// Why this attempt is not stopped as it should be, if it is not.
fn is_not_stopped(attempt: &Impossible) -> Option<String> {
    let Impossible {
        id, file, error, ..
    } = attempt;
    let words = match compiled(file, attempt.attempt) {
        Compiled::Rejected(words) => words,
        other => return Some(format!("{id} is not rejected: {other:?}")),
    };
    if errors(&words) != BTreeSet::from([*error]) {
        return Some(format!("{id} is not stopped by {error} alone:\n{words}"));
    }
    let line = blamed(attempt.attempt, &words).unwrap_or_default();
    (!line.ends_with("// wrong")).then(|| format!("{id} is stopped elsewhere:\n{words}"))
}

/// Why this attempt does not compile without its mistake, if it does not.
fn is_not_mended(attempt: &Impossible) -> Option<String> {
    match compiled(attempt.file, &attempt.mended()) {
        Compiled::Program(_) => None,
        Compiled::Rejected(words) | Compiled::Limit(words) => Some(format!(
            "{} is wrong in more than a line:\n{words}",
            attempt.id
        )),
    }
}

#[test]
fn every_attempt_is_stopped_by_its_error_and_by_no_other() {
    let wrong: Vec<String> = IMPOSSIBLE.iter().filter_map(is_not_stopped).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_attempt_compiles_without_its_mistake() {
    let wrong: Vec<String> = IMPOSSIBLE.iter().filter_map(is_not_mended).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
