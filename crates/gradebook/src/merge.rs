//! Books of several machines, joined.
//!
//! Whatever order they come in, and however often, the outcome is the same: what two books
//! have in common must be the same in both, and is there once. All of that is looked at
//! before anything is written.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use collect::attempt::Attempt;
use grader::intake::hash::SourceHash;
use roster::student::StudentId;

use crate::attempts::{Entered, Found, Role};
use crate::book::Book;
use crate::canonical::result_line;
use crate::entry::{Entry, Grading, Taken};
use crate::error::BookError;
use crate::key::Conditions;
use crate::shard::Shard;
use crate::sittings::{Asked, Scope, Sitting};

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

/// Why books cannot be joined.
#[derive(Debug, thiserror::Error)]
pub enum MergeError {
    /// One of them cannot be used.
    #[error(transparent)]
    Book(#[from] BookError),
    /// One of them is empty.
    #[error("{}: nothing was graded into this gradebook yet\nhelp: let its grader run first", .0.display())]
    Empty(PathBuf),
    /// They were not graded under the same conditions.
    #[error(
        "these gradebooks were graded with different {what}:\n  {}: {}\n  {}: {}\nhelp: grade \
         all parts again with one checkout and one toolchain; what is known is not graded twice",
        one.display(), ones.trim_end(), other.display(), others.trim_end()
    )]
    Mixed {
        /// In what they differ.
        what: &'static str,
        /// A book.
        one: PathBuf,
        /// What it was graded with.
        ones: String,
        /// Another one.
        other: PathBuf,
        /// What that was graded with.
        others: String,
    },
    /// They are parts of classes that were divided differently.
    #[error(
        "{}: this is part {part}, and {} is part {others}\nhelp: merge parts of one division; \
         `cargo xtask grade --shard` makes them",
        path.display(), other.display()
    )]
    Divided {
        /// A book.
        path: PathBuf,
        /// Its part.
        part: Shard,
        /// Another one.
        other: PathBuf,
        /// The part of that.
        others: Shard,
    },
    /// They have different things of one student.
    #[error(
        "{} and {} have different {what} of `{student}`\nhelp: one of them is older: grade that \
         part again, or merge into another `--out`",
        one.display(), other.display()
    )]
    Conflict {
        /// Of what.
        what: &'static str,
        /// Whose.
        student: String,
        /// A book.
        one: PathBuf,
        /// Another one.
        other: PathBuf,
    },
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
        None => Err(MergeError::Empty(path(book))),
    }
}

fn path(book: &Book) -> PathBuf {
    let path = book.path();
    path.parent()
        .map_or_else(|| path.to_owned(), Path::to_owned)
}

fn same_conditions(one: &Part<'_>, other: &Part<'_>) -> Result<(), MergeError> {
    let (ones, others) = (&one.sitting.conditions, &other.sitting.conditions);
    let parts = [
        (
            "traces and answer keys",
            ones.key_set.to_string(),
            others.key_set.to_string(),
        ),
        (
            "compilers",
            ones.toolchain.to_string(),
            others.toolchain.to_string(),
        ),
        (
            "rules of grading",
            ones.policy.to_string(),
            others.policy.to_string(),
        ),
    ];
    let mut mixed = parts.into_iter().filter(|(_, ones, others)| ones != others);
    mixed.next().map_or(Ok(()), |(what, ones, others)| {
        Err(MergeError::Mixed {
            what,
            one: path(one.book),
            ones,
            other: path(other.book),
            others,
        })
    })
}

fn same_division(one: &Part<'_>, other: &Part<'_>) -> Result<(), MergeError> {
    match (one.sitting.shard, other.sitting.shard) {
        (Some(part), Some(others)) if part.of() != others.of() => Err(MergeError::Divided {
            path: path(one.book),
            part,
            other: path(other.book),
            others,
        }),
        _ => Ok(()),
    }
}

/// All attempts, each with the place of the book that has it. Of a student, all books that
/// have one must have the same.
fn class(parts: &[Part<'_>]) -> Result<Vec<(usize, Entry)>, MergeError> {
    let mut class: Vec<(usize, Entry)> = Vec::new();
    let mut of: HashMap<StudentId, (usize, Vec<Entry>)> = HashMap::new();
    for (place, part) in parts.iter().enumerate() {
        let mut own: HashMap<StudentId, Vec<Entry>> = HashMap::new();
        part.book.attempts(|entry| {
            own.entry(entry.student.clone()).or_default().push(entry);
            Ok::<(), BookError>(())
        })?;
        for (student, entries) in own {
            match of.get(&student) {
                None => {
                    class.extend(entries.iter().map(|entry| (place, entry.clone())));
                    of.insert(student, (place, entries));
                }
                Some((_, known)) if *known == entries => {}
                Some((other, _)) => {
                    return Err(conflict(
                        "hand-ins",
                        &student,
                        parts[*other].book,
                        part.book,
                    ));
                }
            }
        }
    }
    class.sort_by(|(_, a), (_, b)| (&a.student, a.number).cmp(&(&b.student, b.number)));
    Ok(class)
}

fn conflict(what: &'static str, student: &StudentId, one: &Book, other: &Book) -> MergeError {
    MergeError::Conflict {
        what,
        student: student.0.clone(),
        one: path(one),
        other: path(other),
    }
}

fn source(entry: &Entry) -> Option<SourceHash> {
    match entry.taken {
        Taken::Sources(source) => Some(source),
        Taken::Refused(_) | Taken::Unread => None,
    }
}

/// A source may be in several books, whoever handed it in: it came to the same in all.
fn same_results(parts: &[Part<'_>], class: &[(usize, Entry)]) -> Result<(), MergeError> {
    for (_, entry) in class {
        let Some(source) = source(entry) else {
            continue;
        };
        let mut known: Option<(&Book, Grading)> = None;
        for Part { book, sitting } in parts {
            let grading = book.grading(&source, &sitting.conditions)?;
            let Some(grading) = grading.filter(|it| it.is_complete) else {
                continue;
            };
            match &known {
                Some((other, known)) if !is_same(known, &grading) => {
                    return Err(conflict("results", &entry.student, other, book));
                }
                Some(_) => {}
                None => known = Some((book, grading)),
            }
        }
    }
    Ok(())
}

/// What was merged before is not contradicted.
fn same_as_before(
    into: &Book,
    parts: &[Part<'_>],
    class: &[(usize, Entry)],
    conditions: &Conditions,
) -> Result<(), MergeError> {
    for (_, entry) in class {
        let Some(source) = source(entry) else {
            continue;
        };
        let before = into.grading(&source, conditions)?;
        let Some(before) = before.filter(|it| it.is_complete) else {
            continue;
        };
        if let Some((book, now)) = best(parts, &source)?
            && now.is_complete
            && !is_same(&before, &now)
        {
            return Err(conflict("results", &entry.student, into, book));
        }
    }
    Ok(())
}

fn is_same(one: &Grading, other: &Grading) -> bool {
    result_line(&one.result) == result_line(&other.result)
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
