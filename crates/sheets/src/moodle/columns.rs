//! Where what is in a worksheet.

use super::Headers;
use super::language::{self, LANGUAGES, Language};
use crate::cells::Row;
use crate::matching::Key;
use crate::number::Decimal;
use crate::trouble::Trouble;

/// Where what is.
pub(super) struct Columns {
    pub identifier: usize,
    pub grade: usize,
    pub modified: usize,
    pub maximum: Option<usize>,
    pub comments: Option<usize>,
    pub decimal: Decimal,
    changeable: Option<usize>,
    email: Option<usize>,
    id_number: Option<usize>,
    username: Option<usize>,
    full_name: Option<usize>,
    language: Language,
}

/// Where Moodle writes a maximum or a time, and there is none.
const NONE: [&str; 2] = ["", "-"];

impl Columns {
    pub fn of(header: &Row, named: &Headers) -> Result<Self, Trouble> {
        let names: Vec<&str> = header.texts().map(str::trim).collect();
        let language = language::of(&names);
        // With all three named, the rest is looked for in English.
        let words = language.unwrap_or(LANGUAGES[0]);
        let at = |word: &str| names.iter().position(|name| *name == word);
        let must = |own: &Option<String>, word: &str, option: &str| {
            let word = own.as_deref().unwrap_or(word);
            at(word).ok_or_else(|| no_column(word, option, &names))
        };
        Ok(Self {
            identifier: must(&named.identifier, words.identifier, "--identifier-column")?,
            grade: must(&named.grade, words.grade, "--grade-column")?,
            modified: must(&named.modified, words.modified, "--modified-column")?,
            comments: match &named.comments {
                Some(own) => Some(must(&Some(own.clone()), "", "--comments-column")?),
                None => at(words.comments),
            },
            maximum: at(words.maximum),
            decimal: words.decimal,
            changeable: at(words.changeable),
            email: at(words.email),
            id_number: at(words.id_number),
            username: at(words.username),
            full_name: at(words.full_name),
            language: words,
        })
    }

    /// What a row says of its student: first of all the number of the participant, which
    /// is empty if there is none.
    pub fn keys<'r>(&self, row: &'r Row) -> [(Key, &'r str); 4] {
        let cell = |column: Option<usize>| column.map_or("", |column| row.cell(column));
        [
            (Key::Id, number(row.cell(self.identifier))),
            (Key::Id, cell(self.id_number)),
            (Key::Login, cell(self.username)),
            (Key::Email, cell(self.email)),
        ]
    }

    /// Whether Moodle lets nobody change the grade.
    pub fn is_locked(&self, row: &Row) -> bool {
        let cell = self.changeable.map_or("", |column| row.cell(column));
        let cell = cell.trim();
        cell.eq_ignore_ascii_case(self.language.no) || cell.eq_ignore_ascii_case("No")
    }

    /// Whether Moodle has a grade, and would take its time in the sheet for none: it reads
    /// times with PHP's `strtotime`, which knows English only.
    pub fn is_stale(&self, row: &Row) -> bool {
        let has_grade = !NONE.contains(&row.cell(self.grade).trim());
        let time = row.cell(self.modified).trim();
        let is_english = time.is_ascii() && self.language.code == "en";
        has_grade && (NONE.contains(&time) || !is_english)
    }

    /// Whose a row is, for people.
    pub fn name(&self, row: &Row) -> String {
        let name = self.full_name.map_or("", |column| row.cell(column)).trim();
        let identifier = row.cell(self.identifier).trim();
        match name {
            "" => identifier.to_owned(),
            name => format!("{name} ({identifier})"),
        }
    }
}

/// The number of `Participant 12`, `Teilnehmer/in12`, `参加者 12`.
fn number(identifier: &str) -> &str {
    let identifier = identifier.trim();
    let word = identifier.trim_end_matches(|letter: char| letter.is_ascii_digit());
    &identifier[word.len()..]
}

fn no_column(word: &str, option: &str, names: &[&str]) -> Trouble {
    let languages: Vec<&str> = LANGUAGES.iter().map(|language| language.code).collect();
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    Trouble::OtherSheet {
        system: "grading worksheet of Moodle's",
        why: format!("it has no column `{word}`"),
        help: format!(
            "in Moodle: View all submissions, Download grading worksheet. Known are the headers \
             of {}; in other words, name the column with {option}: the sheet has {}",
            languages.join(", "),
            names.join(", ")
        ),
    }
}
