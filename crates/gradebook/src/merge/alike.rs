//! What books have in common is the same in all of them.

use std::collections::HashMap;

use roster::student::StudentId;

use super::{MergeError, Part, best, path, source};
use crate::book::Book;
use crate::canonical::result_line;
use crate::entry::{Entry, Grading};
use crate::error::BookError;
use crate::key::Conditions;

pub(super) fn same_conditions(one: &Part<'_>, other: &Part<'_>) -> Result<(), MergeError> {
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

pub(super) fn same_division(one: &Part<'_>, other: &Part<'_>) -> Result<(), MergeError> {
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
pub(super) fn class(parts: &[Part<'_>]) -> Result<Vec<(usize, Entry)>, MergeError> {
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

/// A source may be in several books, whoever handed it in: it came to the same in all.
pub(super) fn same_results(parts: &[Part<'_>], class: &[(usize, Entry)]) -> Result<(), MergeError> {
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
pub(super) fn same_as_before(
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

pub(super) fn is_same(one: &Grading, other: &Grading) -> bool {
    result_line(&one.result) == result_line(&other.result)
}
