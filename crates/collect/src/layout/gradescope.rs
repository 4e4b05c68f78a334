//! Gradescope: a folder for each submission, and one file that says whose they are.
//!
//! `assignment_<id>_export/submission_metadata.yml`, written by Ruby with symbols for
//! keys: for each `submission_<id>` its `:submitters:` (several are a group), each with
//! `:name:`, `:sid:` and `:email:`, and `:created_at:`. The whole output of the student's
//! last run stands in it too, and is passed over.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufReader;

use serde::Deserialize;

use super::{Reading, View, times};
use crate::hand_in::{Field, HandIn, Person};
use crate::trouble::CollectError;

/// The file that says whose they are.
const METADATA: &str = "submission_metadata.yml";

/// The number of items that a file of [`crate::limits::METADATA_BYTES_MAX`] can hold.
const NODES_MAX: usize = 64 << 20;

#[derive(Debug, Default, Deserialize)]
struct Submission {
    #[serde(rename = ":submitters", default)]
    submitters: Option<Vec<Submitter>>,
    #[serde(rename = ":created_at", default)]
    created_at: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Submitter {
    #[serde(rename = ":name", default)]
    name: Option<String>,
    #[serde(rename = ":sid", default)]
    sid: Option<String>,
    #[serde(rename = ":email", default)]
    email: Option<String>,
}

/// Reads an export.
///
/// # Errors
///
/// If the file that says whose they are cannot be understood.
pub fn read(view: View<'_>) -> Result<Reading, CollectError> {
    let Some(entry) = view.top_file(METADATA) else {
        return Ok(Reading::default());
    };
    let mut told = metadata(view, entry)?;
    let mut explained = 1;
    let mut hand_ins = Vec::new();
    for (folder, files) in view.by_top_folder() {
        let is_one = folder.starts_with("submission_");
        let said = told.remove(folder);
        if said.is_none() && !is_one {
            continue;
        }
        explained += files.len();
        let mut hand_in = hand_in(folder, said.unwrap_or_default());
        hand_in.files = files;
        hand_in.folder = Some(view.whole(&[folder.to_owned()]));
        hand_ins.push(hand_in);
    }
    // Told of, and without any file.
    let empty = told
        .into_iter()
        .map(|(folder, said)| hand_in(&folder, said));
    hand_ins.extend(empty);
    Ok(Reading {
        hand_ins,
        explained,
    })
}

fn metadata(view: View<'_>, entry: usize) -> Result<BTreeMap<String, Submission>, CollectError> {
    let Some(path) = &view.listing.files[entry].content else {
        return Ok(BTreeMap::new());
    };
    let file = File::open(path).map_err(CollectError::read(path))?;
    let budget = serde_saphyr::budget!(
        max_events: NODES_MAX,
        max_nodes: NODES_MAX,
        max_total_scalar_bytes: crate::limits::METADATA_BYTES_MAX as usize,
        max_reader_input_bytes: Some(crate::limits::METADATA_BYTES_MAX as usize),
    );
    let options = serde_saphyr::options!(budget: budget);
    let read: Result<Option<BTreeMap<String, Submission>>, _> =
        serde_saphyr::from_reader_with_options(BufReader::new(file), options);
    read.map(Option::unwrap_or_default)
        .map_err(|error| view.misunderstood(METADATA, error))
}

fn hand_in(folder: &str, said: Submission) -> HandIn {
    let submitters = said.submitters.unwrap_or_default();
    let mut who: Vec<Person> = submitters.into_iter().filter_map(person).collect();
    let unclear = who
        .is_empty()
        .then(|| format!("{METADATA} does not say whose it is"));
    if who.is_empty() {
        who.push(Person::new(folder, &[]));
    }
    let at = said.created_at.as_deref().and_then(times::with_zone);
    HandIn {
        who,
        at,
        unclear,
        ..HandIn::of(Person::new(folder, &[]), folder)
    }
}

/// The number is the key; who has none is known by address.
fn person(said: Submitter) -> Option<Person> {
    let given = |text: Option<String>| text.map(|t| t.trim().to_owned()).filter(|t| !t.is_empty());
    let (sid, email) = (given(said.sid), given(said.email));
    let key = sid.clone().or_else(|| email.clone())?;
    let mut known_as: Vec<(Field, String)> = Vec::new();
    known_as.extend(sid.map(|sid| (Field::Id, sid)));
    known_as.extend(email.map(|email| (Field::Email, email)));
    let person = Person {
        key,
        known_as,
        shown: None,
    };
    Some(person.shown_as(&said.name.unwrap_or_default()))
}
