//! What Gradescope says of the submission: `submission_metadata.json`.
//!
//! Of all that it says, three things are wanted, and none of them is needed: a field that
//! is missing, or of another form than it was, is as if nothing had been said. Being late
//! is Gradescope's own business; it is told of and costs nothing here.

use std::fs;
use std::path::Path;

use jiff::Timestamp;
use serde_json::Value;

/// What is wanted of it.
#[derive(Debug, Default, PartialEq)]
pub struct Metadata {
    /// The submission's number.
    pub id: Option<u64>,
    /// When it was handed in.
    pub at: Option<Timestamp>,
    /// When it was due, for this student.
    pub due: Option<Timestamp>,
}

impl Metadata {
    /// Reads the file; nothing of it if it is not there.
    pub fn read(file: &Path) -> Self {
        let text = fs::read_to_string(file).unwrap_or_default();
        Self::parse(&text)
    }

    fn parse(text: &str) -> Self {
        let said: Value = serde_json::from_str(text).unwrap_or_default();
        let time = |value: &Value| value.as_str()?.parse().ok();
        // An extension is said of the user, and else nothing is.
        let own = time(&said["users"][0]["assignment"]["due_date"]);
        Self {
            id: said["id"].as_u64(),
            at: time(&said["created_at"]),
            due: own.or_else(|| time(&said["assignment"]["due_date"])),
        }
    }

    /// How late it is, in a sentence; none if it is not.
    pub fn late(&self) -> Option<String> {
        let late = self.at?.duration_since(self.due?);
        let minutes = late.as_secs().div_euclid(60);
        (late.is_positive()).then(|| {
            format!(
                "Handed in {} h {} min after the due date. What that costs is not counted here.",
                minutes / 60,
                minutes % 60
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Metadata;

    const SAID: &str = r#"{
        "id": 123456, "created_at": "2026-11-20T23:30:00.000000-08:00",
        "assignment": { "due_date": "2026-11-20T22:00:00.000000-08:00", "id": 5 },
        "users": [{ "email": "ada@example.edu", "id": 7, "name": "Ada" }],
        "previous_submissions": []
    }"#;

    #[test]
    fn late_is_told_by_the_time_of_both_and_whatever_the_zone() {
        let metadata = Metadata::parse(SAID);
        assert_eq!(metadata.id, Some(123_456));
        let late = metadata.late().expect("it is late");
        assert!(late.starts_with("Handed in 1 h 30 min after"), "{late}");
    }

    #[test]
    fn an_extension_is_the_students_own_due_date() {
        let extension =
            r#""name": "Ada", "assignment": { "due_date": "2026-11-22T00:00:00-08:00" }"#;
        let metadata = Metadata::parse(&SAID.replace(r#""name": "Ada""#, extension));
        assert_eq!(metadata.late(), None);
    }

    #[test]
    fn what_is_not_said_is_not_known() {
        for said in ["", "{", "[]", r#"{"id":"x","created_at":7,"users":{}}"#] {
            assert_eq!(Metadata::parse(said), Metadata::default(), "{said}");
        }
    }
}
