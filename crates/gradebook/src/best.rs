//! Which attempt counts where the best one does: that is known when all are graded.

use std::collections::BTreeMap;

use course::feedback::Feedback;
use grader::feedback::ShownResult;
use roster::class::AttemptRule;
use roster::late::Worth;
use roster::student::StudentId;

use crate::book::Book;
use crate::entry::Taken;
use crate::error::BookError;
use crate::rules::{Rules, Tried};
use crate::sittings::Sitting;
use crate::standing::worth;

/// Lets the best attempt of each student count, if that is the rule: by what may be shown of
/// it unless more is asked for, or the choice would tell what is sealed.
///
/// # Errors
///
/// If the book cannot be read or written.
pub fn choose(book: &mut Book, sitting: &Sitting, rules: &Rules) -> Result<(), BookError> {
    if rules.class.attempt != AttemptRule::Best {
        return Ok(());
    }
    let mut graded: BTreeMap<StudentId, Vec<(Tried, Option<Worth>)>> = BTreeMap::new();
    book.attempts(|entry| {
        if entry.taken != Taken::Unread {
            let result = book.result_of(&entry, &sitting.conditions)?;
            let shown = ShownResult::in_class(&result, Feedback::default());
            let worth = worth(Some(shown.submission()));
            let of_student = graded.entry(entry.student.clone()).or_default();
            of_student.push((Tried::from(&entry), worth));
        }
        Ok::<(), BookError>(())
    })?;
    let best = graded.into_iter().filter_map(|(student, graded)| {
        let number = rules.best(&student, &graded)?;
        Some((student, number))
    });
    book.count(&best.collect::<Vec<_>>())
}
