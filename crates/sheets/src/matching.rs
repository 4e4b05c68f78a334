//! Whose a row is.
//!
//! Nobody is found by a name. A row says several things of its student; all that say
//! anything of somebody must say it of the same one.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::grades::Grade;

/// What a cell of a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// A number of the course system's or of the school's.
    Id,
    /// An account, which may be an address.
    Login,
    /// An address.
    Email,
}

/// Students by what they are known by.
#[derive(Debug, Default)]
pub struct Students<'a> {
    grades: &'a [Grade],
    by_id: HashMap<String, BTreeSet<usize>>,
    by_login: HashMap<String, BTreeSet<usize>>,
    by_email: HashMap<String, BTreeSet<usize>>,
    /// The row of each student who has been found.
    found: BTreeMap<usize, usize>,
}

/// Whose a row is.
#[derive(Debug, PartialEq)]
pub enum Whose<'a> {
    /// This student's.
    Of(&'a Grade),
    /// Nobody's of whom there are points.
    Nobody,
    /// Several students', by their ids.
    Several(Vec<String>),
    /// A student's who has a row already, on this line.
    Again(&'a Grade, usize),
}

impl<'a> Students<'a> {
    /// Students to be found.
    pub fn of(grades: &'a [Grade]) -> Self {
        let mut students = Students {
            grades,
            ..Self::default()
        };
        for (at, grade) in grades.iter().enumerate() {
            let lower = |text: &Option<String>| text.as_deref().map(folded);
            students
                .by_id
                .entry(grade.key().to_owned())
                .or_default()
                .insert(at);
            for key in [
                Some(folded(grade.key())),
                lower(&grade.login),
                lower(&grade.email),
            ] {
                // Accounts are addresses in many a school.
                for known in [&mut students.by_login, &mut students.by_email] {
                    known.extend_with(key.clone(), at);
                }
            }
        }
        students
    }

    /// Finds the student of a row by what its cells say.
    pub fn find(&mut self, line: usize, cells: &[(Key, &str)]) -> Whose<'a> {
        let mut found = BTreeSet::new();
        for (key, text) in cells {
            let text = text.trim();
            let known = match key {
                Key::Id => self.by_id.get(text),
                Key::Login => self.by_login.get(&folded(text)),
                Key::Email => self.by_email.get(&folded(text)),
            };
            found.extend(known.filter(|_| !text.is_empty()).into_iter().flatten());
        }
        let found: Vec<usize> = found.into_iter().collect();
        let grades = self.grades;
        match found.as_slice() {
            [] => Whose::Nobody,
            [one] => match self.found.insert(*one, line) {
                None => Whose::Of(&grades[*one]),
                Some(before) => Whose::Again(&grades[*one], before),
            },
            several => {
                let ids = several.iter().map(|at| grades[*at].id.to_string());
                Whose::Several(ids.collect())
            }
        }
    }

    /// Students that have points, or should have, and were not found.
    pub fn left(&self) -> Vec<String> {
        let all = self.grades.iter().enumerate();
        let left = all.filter(|(at, _)| !self.found.contains_key(at));
        left.map(|(_, grade)| grade.id.to_string()).collect()
    }
}

fn folded(text: &str) -> String {
    text.trim().to_lowercase()
}

/// A map from a key to all who have it.
trait Extend {
    fn extend_with(&mut self, key: Option<String>, at: usize);
}

impl Extend for HashMap<String, BTreeSet<usize>> {
    fn extend_with(&mut self, key: Option<String>, at: usize) {
        if let Some(key) = key.filter(|key| !key.is_empty()) {
            self.entry(key).or_default().insert(at);
        }
    }
}
