//! All students of a class, and how they are found.

use std::collections::HashMap;

use crate::student::{Student, StudentId};

/// How many names that are nearly right are told.
const NEAR_MAX: usize = 3;

/// How alike two names are from which on one may be meant by the other.
const NEAR_MIN: f64 = 0.75;

/// All students of a class, in the order of the file. No two of them share an id, an
/// address or an account.
///
/// Addresses and accounts are found in upper and lower case alike, and kept as they were
/// written: Moodle tells them apart. Nobody is found by what they are called.
#[derive(Clone, Debug, Default)]
pub struct Roster {
    students: Vec<Student>,
    ids: HashMap<String, usize>,
    emails: HashMap<String, usize>,
    logins: HashMap<String, usize>,
    /// Columns of the file that mean nothing to us.
    pub ignored_columns: Vec<String>,
    /// Rows that are no student's: a line each, for people.
    pub left_out: Vec<String>,
}

/// A student who says the same of themselves as another.
#[derive(Debug, thiserror::Error)]
#[error("{column} `{text}` is also that of {of}")]
pub struct Duplicate {
    /// Which column.
    pub column: &'static str,
    /// What both have there.
    pub text: String,
    /// The other's id.
    pub of: StudentId,
}

impl Roster {
    /// Puts a student at the end.
    ///
    /// # Errors
    ///
    /// If somebody else has the id, the address or the account.
    pub fn add(&mut self, student: Student) -> Result<(), Duplicate> {
        let email = student.email.as_deref().unwrap_or_default();
        let login = student.login.as_deref().unwrap_or_default();
        let keys = [
            (
                "student_id",
                student.id.0.as_str(),
                student.id.0.clone(),
                &self.ids,
            ),
            ("email", email, email.to_lowercase(), &self.emails),
            ("login", login, login.to_lowercase(), &self.logins),
        ];
        for (column, text, key, known) in &keys {
            if let Some(&of) = known.get(key).filter(|_| !key.is_empty()) {
                return Err(Duplicate {
                    column,
                    text: (*text).to_owned(),
                    of: self.students[of].id.clone(),
                });
            }
        }
        let [id, email, login] = keys.map(|(_, _, key, _)| key);
        let at = self.students.len();
        self.ids.insert(id, at);
        self.emails.insert(email, at);
        self.logins.insert(login, at);
        self.students.push(student);
        Ok(())
    }

    /// The students, in the order of the file.
    pub fn students(&self) -> &[Student] {
        &self.students
    }

    /// The student with this id, letter by letter.
    pub fn by_id(&self, id: &str) -> Option<&Student> {
        self.ids.get(id).map(|&at| &self.students[at])
    }

    /// The student with this address.
    pub fn by_email(&self, email: &str) -> Option<&Student> {
        self.found(&self.emails, email)
    }

    /// The student with this account.
    pub fn by_login(&self, login: &str) -> Option<&Student> {
        self.found(&self.logins, login)
    }

    /// The student whom this is the id of, or else the address, or else the account.
    pub fn known_as(&self, text: &str) -> Option<&Student> {
        self.by_id(text)
            .or_else(|| self.by_email(text))
            .or_else(|| self.by_login(text))
    }

    fn found(&self, known: &HashMap<String, usize>, text: &str) -> Option<&Student> {
        let text = text.trim();
        let at = known.get(&text.to_lowercase()).filter(|_| !text.is_empty());
        at.map(|&at| &self.students[at])
    }

    /// What is to be done about an id that nobody has: a line of help.
    pub fn help_for(&self, unknown: &str) -> String {
        let ids = self.students.iter().map(|student| student.id.0.as_str());
        did_you_mean(unknown, ids)
    }
}

/// What may have been meant by a name that is none: a line of help.
pub fn did_you_mean<'a>(unknown: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let near = near(unknown, known);
    match near.is_empty() {
        true => "the first column of the roster has the ids".to_owned(),
        false => format!("did you mean `{}`?", near.join("`, `")),
    }
}

/// The names that are most like this one, the nearest first.
pub fn near<'a>(unknown: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let unknown = unknown.to_lowercase();
    let alike = |name: &'a str| (strsim::jaro_winkler(&unknown, &name.to_lowercase()), name);
    let mut near: Vec<(f64, &str)> = known.into_iter().map(alike).collect();
    near.retain(|(alike, _)| *alike >= NEAR_MIN);
    near.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    near.into_iter()
        .take(NEAR_MAX)
        .map(|(_, name)| name)
        .collect()
}
