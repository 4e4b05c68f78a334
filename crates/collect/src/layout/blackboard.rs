//! Blackboard: one flat folder, with a text beside each attempt.
//!
//! `<assignment>_<user>_attempt_<YYYY-MM-DD-HH-MM-SS>_<file>`, and the same without a file
//! and with `.txt`, which tells name and user (`Name: Ada Lovelace (ada)`), and what each
//! file was called when it was handed in. Users and assignments may have underscores; the
//! text says where one ends.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use regex::Regex;

use super::{Known, Reading, View, times};
use crate::hand_in::{Field, HandIn, Person, Placed};
use crate::trouble::CollectError;

/// What the text beside an attempt tells.
#[derive(Debug, Default)]
struct Told {
    name: String,
    user: Option<String>,
    files: HashMap<String, String>,
}

/// One attempt: its text, and its files with the names that they have now.
#[derive(Debug, Default)]
struct Attempt {
    text: Option<usize>,
    files: Vec<(usize, String)>,
}

/// Reads an export.
///
/// # Errors
///
/// If a text beside an attempt cannot be read.
pub fn read(view: View<'_>, known: &Known<'_>) -> Result<Reading, CollectError> {
    let (attempts, explained) = attempts(view);
    let assignment = common(attempts.keys().map(|(head, _)| head.as_str()));
    let mut hand_ins = Vec::new();
    for ((head, time), attempt) in attempts {
        let text = attempt
            .text
            .map(|entry| view.listing.text(entry))
            .transpose();
        let text = text.map_err(CollectError::read(&view.listing.path))?;
        let told = text.map(|text| told(&text)).unwrap_or_default();
        let mut hand_in = hand_in(&head, assignment, &told);
        hand_in.at = times::civil("%Y-%m-%d-%H-%M-%S", &time, &known.zone);
        hand_in.label = format!("{head}_attempt_{time}");
        let full = |file: &str| format!("{}_{file}", hand_in.label);
        let placed = attempt.files.iter().map(|(entry, file)| {
            let original = told.files.get(&full(file)).unwrap_or(file);
            Placed {
                entry: *entry,
                parts: vec![safe(original, file)],
            }
        });
        hand_in.files = placed.collect();
        hand_ins.push(hand_in);
    }
    Ok(Reading {
        hand_ins,
        explained,
    })
}

fn attempts(view: View<'_>) -> (BTreeMap<(String, String), Attempt>, usize) {
    static NAME: LazyLock<Regex> = LazyLock::new(|| {
        let name =
            r"(?s)^(?<head>.*?)_attempt_(?<time>\d{4}(?:-\d\d){5})(?:(?<text>\.txt)|_(?<file>.+))$";
        Regex::new(name).expect("a pattern")
    });
    let mut all: BTreeMap<(String, String), Attempt> = BTreeMap::new();
    let mut explained = 0;
    for (entry, parts) in view.files() {
        let [name] = parts else { continue };
        let Some(said) = NAME.captures(name) else {
            continue;
        };
        explained += 1;
        let key = (said["head"].to_owned(), said["time"].to_owned());
        let attempt = all.entry(key).or_default();
        match said.name("file") {
            Some(file) => attempt.files.push((entry, file.as_str().to_owned())),
            None => attempt.text = Some(entry),
        }
    }
    (all, explained)
}

/// What stands before the user in all of them: up to the last underscore that they share.
fn common<'a>(heads: impl Iterator<Item = &'a str> + Clone) -> Option<usize> {
    let mut heads = heads;
    let first = heads.next()?;
    let mut shared = first.len();
    for head in heads {
        let same = first.bytes().zip(head.bytes()).take_while(|(a, b)| a == b);
        shared = shared.min(same.count());
    }
    first.as_bytes()[..shared]
        .iter()
        .rposition(|byte| *byte == b'_')
}

fn hand_in(head: &str, assignment: Option<usize>, told: &Told) -> HandIn {
    let fits = |user: &&String| {
        let before = head.strip_suffix(user.as_str());
        before.is_some_and(|before| before.is_empty() || before.ends_with('_'))
    };
    let by_text = told.user.as_ref().filter(fits).cloned();
    let by_others = assignment
        .and_then(|at| head.get(at + 1..))
        .map(str::to_owned);
    let unclear = match (&told.user, &by_text, &by_others) {
        (Some(user), None, _) => Some(format!("its text says that it is of `{user}`")),
        (None, _, None) => Some("its name has no user".to_owned()),
        _ => None,
    };
    let key = by_text.or(by_others).unwrap_or_else(|| head.to_owned());
    let key = if unclear.is_some() {
        head.to_owned()
    } else {
        key
    };
    let person = Person::new(key, &[Field::Login, Field::Id]).shown_as(&told.name);
    HandIn {
        unclear,
        ..HandIn::of(person, head)
    }
}

/// Blackboard writes the lines above the first blank one, and those below the last
/// `Files:`; what is between them is the student's.
fn told(text: &str) -> Told {
    let mut told = Told::default();
    let head = text.lines().take_while(|line| !line.trim().is_empty());
    for line in head {
        let Some(who) = line.strip_prefix("Name:") else {
            continue;
        };
        let inner = who
            .trim_end()
            .strip_suffix(')')
            .and_then(|who| who.rsplit_once('('));
        if let Some((name, user)) = inner {
            told.name = name.trim().to_owned();
            told.user = Some(user.trim().to_owned());
        }
        break;
    }
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let below = lines.iter().rposition(|line| *line == "Files:");
    let mut original = None;
    for line in &lines[below.map_or(lines.len(), |at| at + 1)..] {
        if let Some(name) = line.strip_prefix("Original filename:") {
            original = Some(name.trim().to_owned());
        } else if let Some(name) = line.strip_prefix("Filename:")
            && let Some(original) = original.take()
        {
            told.files.insert(name.trim().to_owned(), original);
        }
    }
    told
}

/// The name that it had, if that is one.
fn safe(original: &str, now: &str) -> String {
    match crate::place::Place::parse(original) {
        Ok(Some(place)) => place.last().to_owned(),
        _ => now.to_owned(),
    }
}
