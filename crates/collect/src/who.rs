//! Whose a hand-in is, by the roster.
//!
//! Nobody is found by a display name. Whoever the roster does not know keeps the key of
//! the course system, and is told of.

use roster::list::Roster;
use roster::student::{Student, StudentId};
use unicode_normalization::UnicodeNormalization;

use crate::hand_in::{Field, Person};

/// What the roster says of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Whose {
    /// The key.
    pub id: StudentId,
    /// Why the roster has nobody for them; none if it has, or if there is no roster.
    pub unmatched: Option<String>,
    /// What they are called: by the roster, or else by the course system.
    pub name: Option<String>,
}

/// Finds a person.
pub fn whose(person: &Person, roster: Option<&Roster>) -> Whose {
    let Some(roster) = roster else {
        return unmatched(person, None, None);
    };
    let mut found: Vec<&Student> = Vec::new();
    for (field, text) in &person.known_as {
        let student = by(roster, *field, text);
        found.extend(student.filter(|one| found.iter().all(|other| other.id != one.id)));
    }
    match found.as_slice() {
        [student] => Whose {
            id: student.id.clone(),
            unmatched: None,
            name: student.name.clone().or_else(|| person.shown.clone()),
        },
        [] => unmatched(person, Some("not in the roster".to_owned()), Some(roster)),
        several => {
            let ids: Vec<String> = several.iter().map(|one| format!("`{}`", one.id)).collect();
            let why = format!("the roster has several: {}", ids.join(" and "));
            unmatched(person, Some(why), Some(roster))
        }
    }
}

fn by<'r>(roster: &'r Roster, field: Field, text: &str) -> Option<&'r Student> {
    let composed: String = text.nfc().collect();
    let find = |text: &str| match field {
        Field::Id => roster.by_id(text),
        Field::Email => roster.by_email(text),
        Field::Login => roster.by_login(text),
    };
    find(text).or_else(|| find(&composed))
}

/// Their own key, unless that is the id of somebody whom they are not.
pub fn unmatched(person: &Person, why: Option<String>, roster: Option<&Roster>) -> Whose {
    let taken = roster.is_some_and(|roster| roster.by_id(&person.key).is_some());
    let id = match taken {
        true => format!("unmatched {}", person.key),
        false => person.key.clone(),
    };
    Whose {
        id: StudentId(id),
        unmatched: why,
        name: person.shown.clone(),
    }
}
