//! Books of several machines, joined.
//!
//! Whatever order they come in, and however often, the outcome is the same: what two books
//! have in common must be the same in both, and is there once. All of that is looked at
//! before anything is written.

mod alike;
mod refused;

use std::path::{Path, PathBuf};

use collect::attempt::Attempt;
use grader::intake::hash::SourceHash;

use crate::attempts::{Entered, Found, Role};
use crate::book::Book;
use crate::entry::{Entry, Grading, Taken};
use crate::error::BookError;
use crate::key::Conditions;
use crate::shard::Shard;
use crate::sittings::{Asked, Scope, Sitting};

use self::alike::{class, is_same, same_as_before, same_conditions, same_division, same_results};
pub use self::refused::MergeError;

/// What a merge came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Merged {
    /// Attempts that count.
    pub students: usize,
    /// Books whose graders were stopped before they were done.
    pub unfinished: Vec<PathBuf>,
    /// Parts of the class of which there is no book.
    pub missing: Vec<Shard>,
}

/// A book that is joined with others, and its latest sitting.
struct Part<'a> {
    book: &'a Book,
    sitting: Sitting,
}

/// Joins books into one, which may have been joined before.
///
/// # Errors
///
/// If they cannot be joined; then nothing was written.
pub fn merge(into: &mut Book, books: &[Book]) -> Result<Merged, MergeError> {
    let parts: Vec<Part<'_>> = books.iter().map(part).collect::<Result<_, _>>()?;
    let Some(first) = parts.first() else {
        return Ok(Merged::default());
    };
    for other in &parts {
        same_conditions(first, other)?;
        same_division(first, other)?;
    }
    let class = class(&parts)?;
    same_results(&parts, &class)?;
    let conditions = first.sitting.conditions.clone();
    same_as_before(into, &parts, &class, &conditions)?;
    let merged = Merged {
        students: class.iter().filter(|(_, entry)| entry.counts).count(),
        unfinished: unfinished(&parts),
        missing: missing(&parts),
    };
    let sitting = enter(into, &class, conditions)?;
    record(into, &parts, &class, &sitting)?;
    for part in &parts {
        for said in part.book.overlay()?.into_values().flatten() {
            into.say(&said)?;
        }
    }
    if merged.unfinished.is_empty() && merged.missing.is_empty() {
        into.finish(&sitting)?;
    }
    Ok(merged)
}

fn part(book: &Book) -> Result<Part<'_>, MergeError> {
    match book.latest_sitting()? {
        Some(sitting) => Ok(Part { book, sitting }),
        None => Err(MergeError::Book(BookError::Empty {
            path: book.path().to_owned(),
        })),
    }
}

fn path(book: &Book) -> PathBuf {
    let path = book.path();
    path.parent()
        .map_or_else(|| path.to_owned(), Path::to_owned)
}

fn source(entry: &Entry) -> Option<SourceHash> {
    match entry.taken {
        Taken::Sources(source) => Some(source),
        Taken::Refused(_) | Taken::Unread => None,
    }
}

/// What a source came to in any of the books: a complete grading, if there is one.
fn best<'a>(
    parts: &'a [Part<'_>],
    source: &SourceHash,
) -> Result<Option<(&'a Book, Grading)>, BookError> {
    let mut best: Option<(&Book, Grading)> = None;
    for Part { book, sitting } in parts {
        let grading = book.grading(source, &sitting.conditions)?;
        let is_better = |new: &Grading| best.is_none() || new.is_complete;
        if let Some(grading) = grading.filter(is_better) {
            let is_complete = grading.is_complete;
            best = Some((book, grading));
            if is_complete {
                break;
            }
        }
    }
    Ok(best)
}

fn enter(
    into: &mut Book,
    class: &[(usize, Entry)],
    conditions: Conditions,
) -> Result<Sitting, BookError> {
    let entered: Vec<Entered> = class.iter().map(|(_, entry)| entered(entry)).collect();
    let asked = Asked {
        conditions,
        scope: Scope::Changed,
        shard: None,
    };
    let sitting = into.sit(&asked, &entered)?;
    let found: Vec<Found> = class.iter().filter_map(|(_, entry)| found(entry)).collect();
    into.note(&found)?;
    Ok(sitting)
}

fn entered(entry: &Entry) -> Entered {
    Entered {
        attempt: Attempt {
            student: entry.student.clone(),
            partners: entry.partners.clone(),
            number: entry.number,
            at: entry.at,
            marked_late: entry.marked_late,
            label: entry.label.clone(),
            // Nobody reads it here.
            path: PathBuf::new(),
        },
        role: match entry.counts {
            true => Role::Counts,
            false => Role::Stays,
        },
    }
}

fn found(entry: &Entry) -> Option<Found> {
    let taken = match &entry.taken {
        Taken::Unread => return None,
        Taken::Sources(source) => Ok(*source),
        Taken::Refused(why) => Err(why.clone()),
    };
    Some(Found {
        student: entry.student.clone(),
        number: entry.number,
        taken,
        ignored: entry.ignored.clone(),
    })
}

/// Writes down what is not known yet.
fn record(
    into: &mut Book,
    parts: &[Part<'_>],
    class: &[(usize, Entry)],
    sitting: &Sitting,
) -> Result<(), BookError> {
    for (_, entry) in class {
        let Some(source) = source(entry) else {
            continue;
        };
        let Some((_, new)) = best(parts, &source)? else {
            continue;
        };
        let before = into.grading(&source, &sitting.conditions)?;
        if !before.is_some_and(|before| before.is_complete || is_same(&before, &new)) {
            into.record(sitting, &source, &new.result)?;
        }
    }
    Ok(())
}

fn unfinished(parts: &[Part<'_>]) -> Vec<PathBuf> {
    let stopped = parts.iter().filter(|part| !part.sitting.is_finished);
    stopped.map(|part| path(part.book)).collect()
}

/// The parts of the division of which there is no book; none if a book has all.
fn missing(parts: &[Part<'_>]) -> Vec<Shard> {
    let there: Option<Vec<Shard>> = parts.iter().map(|part| part.sitting.shard).collect();
    let there = there.unwrap_or_default();
    let of = there.first().map_or(0, |shard| shard.of());
    let all = (1..=of).filter_map(|number| Shard::new(number, of).ok());
    all.filter(|shard| !there.contains(shard)).collect()
}
