//! Brightspace (D2L): a folder for each hand-in,
//! `<user>-<assignment> - <name> - Nov 20, 2026 903 PM/`, and an `index.html`.
//!
//! The time is the site's, to the minute, and is read where it is written in English.
//! All attempts of a student are exported.

use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

use regex::Regex;

use super::{Known, Reading, View, times};
use crate::hand_in::{Field, HandIn, Person};

/// Reads an export.
pub fn read(view: View<'_>, known: &Known<'_>) -> Reading {
    static FOLDER: LazyLock<Regex> = LazyLock::new(|| {
        let folder = r"^(?<user>\d+)-(?<folder>\d+) - (?<name>.*) - (?<time>[^-]*\d{4} .*)$";
        Regex::new(folder).expect("a pattern")
    });
    let mut reading = Reading {
        explained: usize::from(view.top_file("index.html").is_some()),
        ..Reading::default()
    };
    let mut names: HashMap<String, BTreeSet<String>> = HashMap::new();
    for (folder, files) in view.by_top_folder() {
        let Some(said) = FOLDER.captures(folder) else {
            continue;
        };
        reading.explained += files.len();
        let person = Person::new(&said["user"], &[Field::Id]).shown_as(&said["name"]);
        let mut hand_in = HandIn::of(person, folder);
        hand_in.at = times::brightspace(&said["time"], &known.zone);
        hand_in.folder = Some(view.whole(&[folder.to_owned()]));
        hand_in.files = files;
        let called = names.entry(said["user"].to_owned()).or_default();
        called.insert(said["name"].to_owned());
        reading.hand_ins.push(hand_in);
    }
    if reading.hand_ins.is_empty() {
        return Reading::default();
    }
    for hand_in in &mut reading.hand_ins {
        let user = &hand_in.who[0].key;
        if names.get(user).is_some_and(|names| names.len() > 1) {
            hand_in.unclear = Some(format!("user {user} has several names"));
        }
    }
    reading
}
