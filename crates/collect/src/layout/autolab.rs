//! Autolab: `<email>_<version>_<file>`, or a folder for each address with
//! `<version>_<file>`.
//!
//! Addresses have underscores before the `@`, and none behind it, so the first `@` says
//! where they end (`handin_file_long_filename` in app/models/submission.rb). All versions
//! of a student are exported, unless only the last ones were asked for.

use std::sync::LazyLock;

use regex::Regex;

use super::{Reading, View};
use crate::hand_in::{Field, HandIn, Person, Placed};

/// Reads an export.
pub fn read(view: View<'_>) -> Reading {
    static FLAT: LazyLock<Regex> = LazyLock::new(|| {
        let flat = r"(?s)^(?<email>[^@]+@[^_@]+)_(?<version>\d+)_(?<file>.+)$";
        Regex::new(flat).expect("a pattern")
    });
    static VERSION: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"(?s)^(?<version>\d+)_(?<file>.+)$").expect("a pattern"));
    let mut reading = Reading::default();
    for (entry, parts) in view.files() {
        let (email, said) = match parts {
            [name] => match FLAT.captures(name) {
                Some(said) => (said["email"].to_owned(), said),
                None => continue,
            },
            [email, name] if email.contains('@') => match VERSION.captures(name) {
                Some(said) => (email.clone(), said),
                // What the autograder said, and what an assistant wrote into it.
                None => {
                    reading.explained += 1;
                    continue;
                }
            },
            _ => continue,
        };
        reading.explained += 1;
        if said["file"].ends_with("autograde.txt") {
            continue;
        }
        let label = format!("{email}_{}", &said["version"]);
        let person = Person::new(email, &[Field::Email, Field::Id, Field::Login]);
        let mut hand_in = HandIn::of(person, label);
        hand_in.order = said["version"].parse().ok();
        hand_in.files.push(Placed {
            entry,
            parts: vec![said["file"].to_owned()],
        });
        reading.hand_ins.push(hand_in);
    }
    reading
}
