//! A gradebook, and one student in it, as chores are told of them.

use std::path::{Path, PathBuf};

use gradebook::book::{Book, FILE};
use gradebook::entry::Entry;
use gradebook::error::BookError;
use gradebook::rules::Rules;
use gradebook::standings::labs;
use roster::class::Class;
use roster::list::near;
use roster::student::StudentId;

use crate::exit::Trouble;
use crate::workspace;

/// Where the grades are, and what the course says of them.
#[derive(Clone, Debug, clap::Args)]
pub struct Place {
    /// Where `grade` has put the results; `target/grades` unless said.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// The course (class.toml): which attempt counts, what being late costs. The file that
    /// `grade` was told, unless said.
    #[arg(long, value_name = "FILE")]
    pub class: Option<PathBuf>,
}

impl Place {
    /// The gradebook.
    pub fn book(&self) -> PathBuf {
        let out = self.out.clone();
        out.unwrap_or_else(|| workspace::root().join("target/grades"))
            .join(FILE)
    }

    /// What the course says of the hand-ins in a book.
    pub fn rules(&self, book: &Book) -> Result<Rules, Trouble> {
        rules(book, self.class.as_deref())
    }
}

/// What a class.toml says of the hand-ins in a book: this one, or the one that the class was
/// graded with.
pub fn rules(book: &Book, class: Option<&Path>) -> Result<Rules, Trouble> {
    let class = match class {
        Some(file) => Class::read(file).map_err(|error| Trouble::BadInput(error.into()))?,
        None => as_graded(book)?,
    };
    let labs = labs(book).map_err(trouble)?;
    let rules = Rules::new(class, &labs);
    rules.map_err(|error| Trouble::BadInput(error.into()))
}

/// The course that a class was graded with, as it is now.
fn as_graded(book: &Book) -> Result<Class, Trouble> {
    let Some(file) = book.course().map_err(trouble)? else {
        return Ok(Class::default());
    };
    Class::read(&file).map_err(|error| {
        let message = format!(
            "{error}\nhelp: the class was graded with this file; `--class FILE` names another one"
        );
        Trouble::BadInput(message.into())
    })
}

/// The student whom people call so: by id, or as the roster knows them.
pub fn find(book: &Book, rules: &Rules, named: &str) -> Result<StudentId, Trouble> {
    let mut known: Vec<String> = Vec::new();
    book.attempts(|entry: Entry| {
        known.push(entry.student.0);
        Ok::<(), BookError>(())
    })
    .map_err(trouble)?;
    known.dedup();
    let by_roster = rules
        .class
        .roster
        .as_ref()
        .and_then(|roster| roster.known_as(named));
    let wanted = by_roster.map_or(named, |student| &student.id.0);
    if known.iter().any(|id| id == wanted) {
        return Ok(StudentId(wanted.to_owned()));
    }
    let help = match near(named, known.iter().map(String::as_str)) {
        near if near.is_empty() => format!("{} students have handed something in", known.len()),
        near => format!("did you mean `{}`?", near.join("`, `")),
    };
    let message = match by_roster {
        Some(_) => format!("`{wanted}` has handed nothing in\nhelp: {help}"),
        None => format!("there is no student `{named}` in this gradebook\nhelp: {help}"),
    };
    Err(Trouble::BadInput(message.into()))
}

/// A book that cannot be used is the user's, or ours.
pub fn trouble(error: BookError) -> Trouble {
    match error.is_bad_input() {
        true => Trouble::BadInput(error.into()),
        false => Trouble::OurFault(error.into()),
    }
}

/// Reads a book that somebody else may write meanwhile.
pub fn read(path: &Path) -> Result<Book, Trouble> {
    Book::read_only(path).map_err(trouble)
}
