//! The user's own pattern, over the path of each file in the export.

use std::collections::BTreeMap;
use std::str::FromStr;

use regex::Regex;

use super::plain::person;
use super::{Known, Reading, View, times};
use crate::hand_in::{HandIn, Placed};
use crate::place::Place;
use crate::trouble::CollectError;

/// A pattern with the groups `student` and `file`, and perhaps `attempt` and `time`.
#[derive(Clone, Debug)]
pub struct Pattern {
    regex: Regex,
}

/// The groups that it may have.
const GROUPS: [&str; 4] = ["student", "file", "attempt", "time"];

/// Those that it must have.
const NEEDED: [&str; 2] = ["student", "file"];

impl FromStr for Pattern {
    type Err = CollectError;

    fn from_str(text: &str) -> Result<Self, CollectError> {
        let wrong = |why: String| CollectError::Pattern(why);
        let regex = Regex::new(&format!("^(?:{text})$"));
        // Its own message draws the pattern, and where in it the mistake is.
        let regex = regex.map_err(|error| wrong(error.to_string()))?;
        let named: Vec<&str> = regex.capture_names().flatten().collect();
        if let Some(missing) = NEEDED.iter().find(|name| !named.contains(name)) {
            return Err(wrong(format!("it has no group `{missing}`")));
        }
        if let Some(other) = named.iter().find(|name| !GROUPS.contains(name)) {
            let known = GROUPS.join(", ");
            return Err(wrong(format!("a group `{other}`, and there are {known}")));
        }
        Ok(Self { regex })
    }
}

/// Reads an export.
pub fn read(view: View<'_>, known: &Known<'_>) -> Reading {
    let Some(pattern) = known.pattern else {
        return Reading::default();
    };
    let mut all: BTreeMap<(String, String, String), HandIn> = BTreeMap::new();
    let mut explained = 0;
    for (entry, parts) in view.files() {
        let path = parts.join("/");
        let Some(said) = pattern.regex.captures(&path) else {
            continue;
        };
        let group = |name: &str| {
            said.name(name)
                .map_or("", |group| group.as_str())
                .to_owned()
        };
        let (student, file) = (group("student"), group("file"));
        let Ok(Some(place)) = Place::parse(&file) else {
            continue;
        };
        if student.is_empty() {
            continue;
        }
        explained += 1;
        let (attempt, time) = (group("attempt"), group("time"));
        let key = (student.clone(), attempt.clone(), time.clone());
        let hand_in = all.entry(key).or_insert_with(|| {
            let label = [student.as_str(), &attempt, &time].join(" ");
            let mut hand_in = HandIn::of(person(&student), label.trim_end());
            hand_in.order = attempt.parse().ok();
            hand_in.at = times::any(&time, &known.zone);
            hand_in
        });
        hand_in.files.push(Placed {
            entry,
            parts: place.parts().to_vec(),
        });
    }
    Reading {
        hand_ins: all.into_values().collect(),
        explained,
    }
}
