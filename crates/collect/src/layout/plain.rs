//! Plain: a folder or an archive for each student, called as the student is.

use grader::intake::archive;

use super::{Reading, View};
use crate::hand_in::{Field, HandIn, Person, Placed};

/// What a name may be in a roster.
const FIELDS: [Field; 3] = [Field::Id, Field::Login, Field::Email];

/// Reads an export.
pub fn read(view: View<'_>) -> Reading {
    let mut reading = Reading::default();
    for (folder, files) in view.by_top_folder() {
        reading.explained += files.len();
        let mut hand_in = HandIn::of(person(folder), folder);
        hand_in.folder = Some(view.whole(&[folder.to_owned()]));
        hand_in.files = files;
        reading.hand_ins.push(hand_in);
    }
    for (entry, parts) in view.files() {
        let [name] = parts else { continue };
        let Some((stem, _)) = archive::kind_of(name) else {
            continue;
        };
        reading.explained += 1;
        let mut hand_in = HandIn::of(person(stem), name);
        hand_in.files.push(Placed {
            entry,
            parts: vec![name.clone()],
        });
        reading.hand_ins.push(hand_in);
    }
    reading
}

/// A student by the name of a folder.
pub(crate) fn person(name: &str) -> Person {
    Person::new(name, &FIELDS)
}
