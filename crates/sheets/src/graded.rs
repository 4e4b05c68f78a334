//! What everybody of a class gets, from the file that has all of it.
//!
//! The file may be larger than the memory: of each submission nothing stays but the grade.

use std::fmt;
use std::io::Read;

use grader::result::SubmissionResult;
use roster::list::Roster;
use serde::Deserializer;
use serde::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::grades::{Grade, of_one};

/// The field of a class that has its submissions.
const SUBMISSIONS: &str = "submissions";

/// Reads `grades.json`, as `grade` writes it.
///
/// # Errors
///
/// If it is none, with the line.
pub fn read(file: impl Read, roster: Option<&Roster>) -> serde_json::Result<Vec<Grade>> {
    let mut json = serde_json::Deserializer::from_reader(file);
    let grades = Class(roster).deserialize(&mut json)?;
    json.end()?;
    Ok(grades)
}

/// A class, and all that is known by its roster.
struct Class<'a>(Option<&'a Roster>);

impl<'de> DeserializeSeed<'de> for Class<'_> {
    type Value = Vec<Grade>;

    fn deserialize<D: Deserializer<'de>>(self, class: D) -> Result<Vec<Grade>, D::Error> {
        class.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Class<'_> {
    type Value = Vec<Grade>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the results of a class")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut class: A) -> Result<Vec<Grade>, A::Error> {
        let mut grades = None;
        while let Some(field) = class.next_key::<String>()? {
            match field.as_str() {
                SUBMISSIONS => grades = Some(class.next_value_seed(Submissions(self.0))?),
                _ => drop(class.next_value::<IgnoredAny>()?),
            }
        }
        grades.ok_or_else(|| A::Error::missing_field(SUBMISSIONS))
    }
}

/// The submissions of a class.
struct Submissions<'a>(Option<&'a Roster>);

impl<'de> DeserializeSeed<'de> for Submissions<'_> {
    type Value = Vec<Grade>;

    fn deserialize<D: Deserializer<'de>>(self, all: D) -> Result<Vec<Grade>, D::Error> {
        all.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Submissions<'_> {
    type Value = Vec<Grade>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("submissions")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut all: A) -> Result<Vec<Grade>, A::Error> {
        let mut grades = Vec::new();
        while let Some(submission) = all.next_element::<SubmissionResult>()? {
            grades.push(of_one(&submission, self.0));
        }
        Ok(grades)
    }
}
