//! A sheet of answers: sections of names and texts, as a person fills them in.
//!
//! A sheet is TOML, and whoever fills it in may know no TOML: a mistake is told with
//! its line, and spoils the answer on that line and no other.

use std::collections::BTreeMap;
use std::fmt;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Complaints that are told; who made more of them has not made them by hand.
const COMPLAINTS_MAX: usize = 10;

/// What to do about a line that is no answer.
const HELP: &str = "help: one line an answer, in quotes, as in `8 = \"hit\"`";

/// A sheet.
pub struct Sheet {
    name: &'static str,
    /// By section and name.
    answers: BTreeMap<(String, String), Answer>,
    /// What is wrong and belongs to no answer.
    complaints: Vec<(Place, String)>,
}

/// An answer as it stands there, or what is wrong with it.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Where it stands.
    pub at: Place,
    /// The text, or what is wrong with it.
    pub text: Result<String, String>,
}

/// A line of a sheet.
#[derive(Clone, Debug)]
pub struct Place {
    sheet: &'static str,
    /// From 1.
    pub line: u64,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.sheet, self.line)
    }
}

/// Something that is no TOML.
struct Mistake {
    at: Place,
    message: String,
    /// What stands there: the name, if it is one that was used before.
    word: String,
}

impl Sheet {
    /// Reads a sheet, whatever is wrong with it.
    pub fn read(name: &'static str, text: &str) -> Self {
        let (table, errors) = DeTable::parse_recoverable(text);
        let at = |offset: usize| Place {
            sheet: name,
            line: 1 + newlines(text, offset),
        };
        let mistakes = errors.iter().map(|error| {
            let span = error.span().unwrap_or_default();
            Mistake {
                at: at(span.start),
                message: format!("{}\n{HELP}", error.message()),
                word: text.get(span).unwrap_or_default().to_owned(),
            }
        });
        let mut sheet = Self {
            name,
            answers: BTreeMap::new(),
            complaints: Vec::new(),
        };
        for (section, content) in table.get_ref() {
            match content.get_ref() {
                DeValue::Table(answers) => sheet.add(section.get_ref(), answers, at),
                _ => {
                    let complaint = format!("`{}` is in no section", section.get_ref());
                    sheet.complaints.push((at(section.span().start), complaint));
                }
            }
        }
        mistakes.for_each(|mistake| sheet.spoil(mistake));
        sheet
    }

    fn add(&mut self, section: &str, answers: &DeTable<'_>, at: impl Fn(usize) -> Place) {
        for (name, value) in answers {
            let answer = Answer {
                at: at(name.span().start),
                text: text_of(value),
            };
            let name = (section.to_owned(), name.get_ref().to_string());
            self.answers.insert(name, answer);
        }
    }

    /// A mistake spoils the answer that it is in; who answers twice has not answered.
    fn spoil(&mut self, mistake: Mistake) {
        let mut spoilt = self.answers.iter_mut().filter(|((_, name), answer)| {
            answer.at.line == mistake.at.line || *name == mistake.word
        });
        match spoilt.next() {
            Some((_, answer)) => answer.text = Err(mistake.message),
            None => self.complaints.push((mistake.at, mistake.message)),
        }
    }

    /// The answers: section, name, and what stands there.
    pub fn answers(&self) -> impl Iterator<Item = (&str, &str, &Answer)> {
        let answers = self.answers.iter();
        answers.map(|((section, name), answer)| (section.as_str(), name.as_str(), answer))
    }

    /// Takes an answer from the sheet, if there is one.
    pub fn take(&mut self, section: &str, name: &str) -> Option<Answer> {
        self.answers.remove(&(section.to_owned(), name.to_owned()))
    }

    /// What is wrong with the sheet itself, and answers that nobody took, each with
    /// its place.
    pub fn complaints(self) -> Vec<(String, String)> {
        let unasked = self.answers.into_iter().map(|((section, name), answer)| {
            let complaint =
                format!("nothing called `{name}` is asked in `[{section}]`\nhelp: take it out");
            (answer.at, complaint)
        });
        let mut all: Vec<(Place, String)> = self.complaints.into_iter().chain(unasked).collect();
        all.sort_by_key(|(at, _)| at.line);
        let more = all.len().saturating_sub(COMPLAINTS_MAX);
        all.truncate(COMPLAINTS_MAX);
        let mut told: Vec<(String, String)> = all
            .into_iter()
            .map(|(at, complaint)| (at.to_string(), complaint))
            .collect();
        if more > 0 {
            told.push((
                self.name.to_owned(),
                format!("and {more} more of this kind"),
            ));
        }
        told
    }
}

fn text_of(value: &Spanned<DeValue<'_>>) -> Result<String, String> {
    let value = value.get_ref();
    value
        .as_str()
        .map(str::to_owned)
        .ok_or_else(|| format!("expected a text, found {}\n{HELP}", value.type_str()))
}

fn newlines(text: &str, end: usize) -> u64 {
    let before = text.bytes().take(end);
    before.filter(|&byte| byte == b'\n').count() as u64
}
