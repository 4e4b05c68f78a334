//! Classroom 50 and GitHub Classroom: a folder of clones, `<assignment>-<login>/`.
//!
//! Logins have hyphens, as assignments have. Where one ends is said by a `scores.csv`
//! (`gh teacher download` writes one), by the folder `<assignment>-submissions/` (`gh
//! classroom clone`), by the roster's logins, or by what all folders have in common. Git
//! is not run: a checkout's configuration can run programs. So when something was handed
//! in is known only where `scores.csv` tells it.

use std::collections::HashMap;

use csv::ReaderBuilder;
use jiff::Timestamp;

use super::{Reading, View, times};
use crate::hand_in::{Field, HandIn, Person};
use crate::trouble::CollectError;

/// The table of all scores.
const SCORES: &str = "scores.csv";

/// What the folder of all clones is called by `gh classroom clone`.
const SUBMISSIONS: &str = "-submissions";

/// A row of the table.
#[derive(Debug)]
struct Row {
    login: String,
    at: Option<Timestamp>,
    late: bool,
}

/// Reads an export.
///
/// # Errors
///
/// If the table of scores cannot be read.
pub fn read(view: View<'_>) -> Result<Reading, CollectError> {
    let scores = view.top_file(SCORES);
    let rows = scores.map(|entry| rows(view, entry)).transpose()?;
    let rows = rows.unwrap_or_default();
    let folders = view.by_top_folder();
    let names: Vec<&str> = folders.keys().copied().collect();
    let Some(prefix) = prefix(view, &names, &rows) else {
        return Ok(Reading::default());
    };
    let mut reading = Reading {
        explained: usize::from(scores.is_some()),
        ..Reading::default()
    };
    for (folder, files) in folders {
        let Some(login) = folder
            .strip_prefix(&prefix)
            .filter(|login| !login.is_empty())
        else {
            continue;
        };
        reading.explained += files.len();
        let person = Person::new(login, &[Field::Login, Field::Id]);
        let mut hand_in = HandIn::of(person, folder);
        if let Some(row) = rows.get(&login.to_lowercase()) {
            (hand_in.at, hand_in.late) = (row.at, row.late);
        }
        hand_in.folder = Some(view.whole(&[folder.to_owned()]));
        hand_in.files = files;
        reading.hand_ins.push(hand_in);
    }
    Ok(reading)
}

/// What stands before each login; none if this is no folder of clones.
fn prefix(view: View<'_>, names: &[&str], rows: &HashMap<String, Row>) -> Option<String> {
    let by_scores = names.iter().find_map(|name| {
        let of = |row: &&Row| ends_with(name, &row.login);
        let longest = rows.values().filter(of).max_by_key(|row| row.login.len())?;
        Some(name[..name.len() - longest.login.len()].to_owned())
    });
    if by_scores.is_some() {
        return by_scores;
    }
    let around = around(view);
    let assignment = around
        .as_deref()
        .and_then(|name| name.strip_suffix(SUBMISSIONS));
    if let Some(assignment) = assignment {
        let prefix = format!("{assignment}-");
        if names.iter().any(|name| name.starts_with(&prefix)) {
            return Some(prefix);
        }
    }
    match are_clones(view, names) {
        true => common(names),
        false => None,
    }
}

/// Logins are one whatever the case of their letters; they are ASCII.
fn ends_with(name: &str, login: &str) -> bool {
    let at = name.len().checked_sub(login.len());
    let end = at.and_then(|at| name.split_at_checked(at));
    end.is_some_and(|(before, end)| before.ends_with('-') && end.eq_ignore_ascii_case(login))
}

/// The name of the folder that all clones are in.
fn around(view: View<'_>) -> Option<String> {
    let inside = view.whole(&[]).last().cloned();
    inside.or_else(|| {
        let path = view.listing.path.canonicalize().ok()?;
        let name = path.file_name()?.to_string_lossy().into_owned();
        Some(name.trim_end_matches(".zip").to_owned())
    })
}

/// Whether most of them have been cloned.
fn are_clones(view: View<'_>, names: &[&str]) -> bool {
    if !view.listing.is_folder || names.len() < 2 {
        return false;
    }
    let root = view.whole(&[]);
    let root = root
        .iter()
        .fold(view.listing.path.clone(), |path, part| path.join(part));
    let cloned = names
        .iter()
        .filter(|name| root.join(name).join(".git").exists());
    cloned.count() * 2 > names.len()
}

/// Up to the last hyphen that all share.
fn common(names: &[&str]) -> Option<String> {
    let (first, others) = names.split_first()?;
    let mut shared = first.len();
    for name in others {
        let same = first.bytes().zip(name.bytes()).take_while(|(a, b)| a == b);
        shared = shared.min(same.count());
    }
    let at = first.as_bytes()[..shared]
        .iter()
        .rposition(|byte| *byte == b'-')?;
    first.get(..=at).map(str::to_owned)
}

fn rows(view: View<'_>, entry: usize) -> Result<HashMap<String, Row>, CollectError> {
    let text = view.listing.text(entry);
    let text = text.map_err(CollectError::read(&view.listing.path))?;
    let mut reader = ReaderBuilder::new()
        .flexible(true)
        .from_reader(text.as_bytes());
    let heads = reader
        .headers()
        .map_err(|error| view.misunderstood(SCORES, error))?;
    let column = |name: &str| heads.iter().position(|head| head.trim() == name);
    let Some(username) = column("username") else {
        return Ok(HashMap::new());
    };
    let (datetime, late) = (column("datetime"), column("late"));
    let mut rows = HashMap::new();
    for record in reader.records() {
        let record = record.map_err(|error| view.misunderstood(SCORES, error))?;
        let cell = |at: Option<usize>| at.and_then(|at| record.get(at)).unwrap_or_default();
        let login = cell(Some(username)).trim().to_owned();
        let row = Row {
            at: times::with_zone(cell(datetime)),
            late: matches!(cell(late).to_lowercase().as_str(), "true" | "yes" | "1"),
            login: login.clone(),
        };
        if !login.is_empty() {
            rows.insert(login.to_lowercase(), row);
        }
    }
    Ok(rows)
}
