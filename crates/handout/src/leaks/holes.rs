//! As many holes as the labs promise, and nothing but a hole in each.
//!
//! The registries promise holes by name. Each must be a function of that name in the
//! lab's file, whose body is what a student gets: perhaps `let _ = (…);`, and one
//! `todo!(…)`. A marker that stood a line too low leaves more than that. The generator
//! must tell of the same holes, no other `todo!` may be there, no word of the marker
//! language may be left, and no question may be answered.

use std::collections::BTreeSet;

use crate::leaks::Look;
use crate::refusal::{Finding, Refusal};
use crate::skeleton::{PARTS, SKELETON, Skeleton};

/// The words that all markers consist of, without what joins them.
const MARKERS: [&str; 3] = ["FAULTLINEBEGIN", "FAULTLINEHANDOUT", "FAULTLINESOLUTION"];

/// The questions that come before the code.
const PREDICT: &str = "labs/skeleton/src/predict.toml";

/// The trace that they are about, whose comments at home are the answers.
const QUIZ: &str = "labs/01-classify/predict.trace";

/// The trace with them.
const ANSWERED: &str = "grader/hidden/01-classify/predict.trace";

/// What to do if holes do not add up.
const REMEDY: &str = "mend the markers in labs/solution, or the holes in the lab.toml, and \
                      run `cargo xtask skeleton`";

/// Counts the holes of the parcel's skeleton.
pub fn check(look: Look<'_>) -> Result<Vec<Finding>, Refusal> {
    let mut found = Vec::new();
    for lab in look.labs {
        let Some(file) = &lab.file else { continue };
        let path = format!("{SKELETON}/{file}");
        match look.parcel.text(&path) {
            Some(text) => found.extend(in_file(&path, text, &lab.holes)),
            None => found.push(Finding::file(&path, "not in the handout", REMEDY)),
        }
    }
    found.extend(told(look)?);
    found.extend(elsewhere(look));
    found.extend(markers(look));
    found.extend(answers(look)?);
    found.extend(answers_elsewhere(look)?);
    Ok(found)
}

/// Compares a file's holes with those that its lab promises.
fn in_file(path: &str, text: &str, promised: &[String]) -> Vec<Finding> {
    let mut found = Vec::new();
    for name in promised {
        match body(text, name) {
            None => {
                let what = format!("no function `{name}`, which the lab promises as a hole");
                found.push(Finding::file(path, what, REMEDY));
            }
            Some((line, body)) if !is_hole(&body) => {
                let what = format!("`{name}` holds more than a hole");
                found.push(Finding::line(path, line, what, REMEDY));
            }
            Some(_) => {}
        }
    }
    let count = todos(text);
    if count != promised.len() {
        let what = format!("{count} holes, and the lab promises {}", promised.len());
        found.push(Finding::file(path, what, REMEDY));
    }
    found
}

/// Finds a function's body without white space, and the line that it begins on.
fn body(text: &str, name: &str) -> Option<(usize, String)> {
    let code = without_comments(text);
    let start = code.find(&format!("fn {name}("))?;
    let open = start + code[start..].find('{')?;
    let mut depth = 0;
    let mut body = String::new();
    for letter in code[open..].chars() {
        depth += i32::from(letter == '{') - i32::from(letter == '}');
        if depth == 0 {
            break;
        }
        body.push(letter);
    }
    let line = 1 + code[..open].matches('\n').count();
    let body = body.trim_start_matches('{');
    Some((
        line,
        body.chars()
            .filter(|letter| !letter.is_whitespace())
            .collect(),
    ))
}

/// The text without comments, each line where it was. What is in a string may be cut
/// off, too; holes have no such strings.
fn without_comments(text: &str) -> String {
    let lines = text
        .lines()
        .map(|line| line.split("//").next().unwrap_or(""));
    let lines: Vec<&str> = lines.collect();
    lines.join("\n")
}

/// Whether this is all that a student gets: what silences the compiler, and a `todo!`.
fn is_hole(body: &str) -> bool {
    let rest = match body.strip_prefix("let_=") {
        Some(rest) => match rest.split_once(';') {
            Some((names, rest)) if names.chars().all(is_of_names) => rest,
            _ => return false,
        },
        None => body,
    };
    let Some(rest) = rest.strip_prefix("todo!(\"") else {
        return false;
    };
    let Some((_, rest)) = rest.split_once('"') else {
        return false;
    };
    matches!(rest, ")" | ");")
}

fn is_of_names(letter: char) -> bool {
    letter.is_alphanumeric() || "_(),&".contains(letter)
}

fn todos(text: &str) -> usize {
    without_comments(text).matches("todo!").count()
}

/// Compares what the generator tells with what the labs promise.
fn told(look: Look<'_>) -> Result<Vec<Finding>, Refusal> {
    let skeleton = Skeleton {
        root: &look.sources.root,
        parts: PARTS,
    };
    let mut found = Vec::new();
    let promised = look.labs.iter().flat_map(|lab| lab.holes.iter().cloned());
    let mut promised: BTreeSet<String> = promised.collect();
    for file in skeleton.files()? {
        let path = format!("{SKELETON}/{}", file.name);
        for hole in &file.holes {
            if !promised.remove(&hole.name) {
                let what = format!("no lab promises the hole `{}`", hole.name);
                found.push(Finding::line(&path, hole.line, what, REMEDY));
            }
        }
    }
    let without = promised.iter().map(|name| {
        let what = format!("the solution has no markers for the hole `{name}`");
        Finding::file(crate::skeleton::SOLUTION, what, REMEDY)
    });
    found.extend(without);
    Ok(found)
}

/// Holes in files that no lab is about.
fn elsewhere(look: Look<'_>) -> Vec<Finding> {
    let of_a_lab = |path: &str| {
        let name = path
            .strip_prefix(SKELETON)
            .map(|name| name.trim_start_matches('/'));
        look.labs.iter().any(|lab| lab.file.as_deref() == name)
    };
    let files = look
        .parcel
        .texts()
        .filter(|(path, _)| path.starts_with(SKELETON));
    let strays = files.filter(|(path, text)| !of_a_lab(path) && todos(text) > 0);
    let strays = strays.map(|(path, _)| Finding::file(path, "a hole that no lab promises", REMEDY));
    strays.collect()
}

/// Lines with words of the marker language, however they are written.
fn markers(look: Look<'_>) -> Vec<Finding> {
    let is_marker = |line: &str| {
        let letters = line.chars().filter(char::is_ascii_alphanumeric);
        let letters: String = letters.map(|letter| letter.to_ascii_uppercase()).collect();
        MARKERS.iter().any(|marker| letters.contains(marker))
    };
    let mut found = Vec::new();
    for (path, text) in look.parcel.texts() {
        for (index, line) in text.lines().enumerate().filter(|(_, line)| is_marker(line)) {
            let what = format!("the words of a marker: `{}`", line.trim());
            found.push(Finding::line(path, index + 1, what, "take them out"));
        }
    }
    found
}

/// Questions that are answered already, or beside which an answer stands.
fn answers(look: Look<'_>) -> Result<Vec<Finding>, Refusal> {
    let remedy = "hand it out with empty answers";
    let mut found = Vec::new();
    if let Some(sheet) = look.parcel.text(PREDICT) {
        let quiz = match look.sources.files.contains(QUIZ) {
            true => look.sources.text(QUIZ)?,
            false => String::new(),
        };
        let answered = sheet.lines().enumerate();
        let answered = answered.filter(|(_, line)| is_answered(line, &quiz));
        found.extend(answered.map(|(index, line)| {
            let what = format!("answered already: `{}`", line.trim());
            Finding::line(PREDICT, index + 1, what, remedy)
        }));
    }
    let quiz = look.parcel.text(QUIZ).unwrap_or_default();
    let told = quiz.lines().enumerate();
    let told = told.filter(|(_, line)| line.contains("=>"));
    found.extend(told.map(|(index, line)| {
        let what = format!("answered already: `{}`", line.trim());
        Finding::line(QUIZ, index + 1, what, "take the comment out")
    }));
    Ok(found)
}

/// Right answers as one writes them on the sheet, `11 = "hit"`, in any file.
fn answers_elsewhere(look: Look<'_>) -> Result<Vec<Finding>, Refusal> {
    if !look.sources.files.contains(ANSWERED) {
        return Ok(Vec::new());
    }
    let squeezed = |text: &str| text.split_whitespace().collect::<String>();
    let quiz = look.sources.text(ANSWERED)?;
    let numbered = quiz.lines().enumerate();
    let answers = numbered.filter_map(|(index, line)| {
        let (_, answer) = line.split_once("=>")?;
        Some(squeezed(&format!("{} = \"{answer}\"", index + 1)))
    });
    let answers: Vec<String> = answers.collect();
    let mut found = Vec::new();
    for (path, text) in look.parcel.texts() {
        for (index, line) in text.lines().enumerate() {
            let line = squeezed(line).replace(['`', '\''], "\"");
            if answers.iter().any(|answer| is_in(&line, answer)) {
                let what = "an answer of the quiz of lab 1";
                found.push(Finding::line(path, index + 1, what, "take it out"));
            }
        }
    }
    Ok(found)
}

/// Whether a line has an answer whose number is not the end of another number.
fn is_in(line: &str, answer: &str) -> bool {
    let mut places = line.match_indices(answer);
    places.any(|(at, _)| !line[..at].ends_with(char::is_alphanumeric))
}

/// Whether a line of the sheet has more than a question: a value that is not empty, or a
/// remark that is not the event which the question is about.
fn is_answered(line: &str, quiz: &str) -> bool {
    let (entry, remark) = line.split_once('#').unwrap_or((line, ""));
    let Some((question, value)) = entry.split_once('=') else {
        return false;
    };
    let number: Option<usize> = question.trim().parse().ok();
    let asked = number.and_then(|number| quiz.lines().nth(number.checked_sub(1)?));
    let asked = asked.and_then(|event| event.split('#').next());
    let asked = asked.unwrap_or_default().split_whitespace();
    // Without the trace, nobody knows what the remarks should be.
    let is_remarked = !quiz.is_empty() && !remark.split_whitespace().eq(asked);
    is_remarked || !value.replace(['"', ' '], "").is_empty()
}
