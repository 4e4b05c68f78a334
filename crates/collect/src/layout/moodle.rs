//! Moodle: a folder for each student and kind of hand-in, or one flat folder.
//!
//! `<name>_<number>_assignsubmission_file_/…`, in newer sites without the last underscore,
//! and `<name>_<number>_assignsubmission_file_<file>` where the teacher wants no folders
//! (`load_submissionplugin_filelist` in mod/assign/classes/downloader.php). A name has no
//! underscore: Moodle makes spaces of them. The number is that of `Participant N` in the
//! grading worksheet; with blind marking, `Participant` is also the name. Of a group that
//! hands in together there is one, under the group's name and number.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::{Reading, View};
use crate::hand_in::{Field, HandIn, Person, Placed};

/// What no student has handed in as a file.
const ONLINE_TEXT: &str = "onlinetext";

/// Reads an export.
pub fn read(view: View<'_>) -> Reading {
    static FOLDER: LazyLock<Regex> = LazyLock::new(|| {
        let folder = r"^(?<name>[^_]*)(?:_(?<id>\d+))?_assignsubmission_(?<kind>[a-z0-9]+)_?$";
        Regex::new(folder).expect("a pattern")
    });
    static FLAT: LazyLock<Regex> = LazyLock::new(|| {
        let flat =
            r"(?s)^(?<name>[^_]*)(?:_(?<id>\d+))?_assignsubmission_(?<kind>[a-z0-9]+)_(?<file>.+)$";
        Regex::new(flat).expect("a pattern")
    });
    let mut all: BTreeMap<String, HandIn> = BTreeMap::new();
    let mut explained = 0;
    for (entry, parts) in view.files() {
        let (said, inner) = match parts {
            [file] => match FLAT.captures(file) {
                Some(said) => {
                    let file = said["file"].to_owned();
                    (said, vec![file])
                }
                None => continue,
            },
            [folder, inner @ ..] => match FOLDER.captures(folder) {
                Some(said) => (said, inner.to_vec()),
                None => continue,
            },
            [] => continue,
        };
        explained += 1;
        let hand_in = hand_in(&mut all, &said);
        if &said["kind"] == ONLINE_TEXT {
            continue;
        }
        if parts.len() > 1 {
            hand_in.folder = Some(view.whole(&parts[..1]));
        }
        hand_in.files.push(Placed {
            entry,
            parts: inner,
        });
    }
    for folder in view.top_folders() {
        if let Some(said) = FOLDER.captures(folder) {
            hand_in(&mut all, &said);
        }
    }
    Reading {
        hand_ins: all.into_values().collect(),
        explained,
    }
}

fn hand_in<'a>(all: &'a mut BTreeMap<String, HandIn>, said: &Captures<'_>) -> &'a mut HandIn {
    let name = &said["name"];
    let id = said.name("id").map(|id| id.as_str());
    // Two numbers are two students, whatever they are called; without any, it is whoever
    // is in no group.
    let key = id.unwrap_or(name).to_owned();
    let label = match id {
        Some(id) => format!("{name}_{id}"),
        None => name.to_owned(),
    };
    all.entry(label.clone()).or_insert_with(|| {
        let fields: &[Field] = if id.is_some() { &[Field::Id] } else { &[] };
        let shown = if name == "Participant" { "" } else { name };
        let mut hand_in = HandIn::of(Person::new(key, fields).shown_as(shown), label);
        if id.is_none() {
            let why = "Moodle gives no number: students in no group hand in as one";
            hand_in.unclear = Some(why.to_owned());
        }
        hand_in
    })
}
