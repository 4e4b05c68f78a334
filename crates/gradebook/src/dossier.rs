//! All that a book knows of one student's grade.

use course::feedback::Feedback;
use grader::feedback::ShownResult;
use grader::result::SubmissionResult;
use roster::student::StudentId;

use crate::book::Book;
use crate::entry::{Entry, Grading, Taken};
use crate::error::BookError;
use crate::key::Conditions;
use crate::rules::Rules;
use crate::standings::Standings;

/// All that a book knows of one student's grade, as far as it may be shown.
#[derive(Debug)]
pub struct Dossier {
    /// Everything that was handed in.
    pub attempts: Vec<Entry>,
    /// What it was graded with.
    pub conditions: Conditions,
    /// The grading that counts; none if there is none, or the attempt was refused.
    pub grading: Option<Grading>,
    /// All other gradings of the same source, the newest first.
    pub others: Vec<Grading>,
    /// What the course decides.
    pub rules: Rules,
    /// How much is shown.
    pub feedback: Feedback,
    shown: ShownResult,
}

impl Dossier {
    /// Reads what a book knows of a student; none if no attempt of theirs counts.
    ///
    /// # Errors
    ///
    /// If the book cannot be read.
    pub fn read(
        book: &Book,
        student: &StudentId,
        rules: &Rules,
        feedback: Feedback,
    ) -> Result<Option<Self>, BookError> {
        let (Some(sitting), Some(counting)) = (book.latest_sitting()?, book.counting(student)?)
        else {
            return Ok(None);
        };
        let conditions = sitting.conditions;
        let result = book.result_of(&counting, &conditions)?;
        let (grading, others) = gradings(book, &counting, &conditions)?;
        let standings = Standings::read(book, rules.clone())?;
        let shown = ShownResult::alone(&result, feedback);
        Ok(Some(Self {
            attempts: attempts(book, student)?,
            conditions,
            grading,
            others,
            rules: rules.clone(),
            feedback,
            shown: shown.with_standing(|shown| standings.of(shown)),
        }))
    }

    /// What may be shown, with what the student gets.
    pub fn submission(&self) -> &SubmissionResult {
        self.shown.submission()
    }
}

fn attempts(book: &Book, student: &StudentId) -> Result<Vec<Entry>, BookError> {
    let mut own = Vec::new();
    book.attempts(|entry| {
        if entry.student == *student {
            own.push(entry);
        }
        Ok::<(), BookError>(())
    })?;
    Ok(own)
}

/// The grading that counts, and all others of the source.
fn gradings(
    book: &Book,
    entry: &Entry,
    conditions: &Conditions,
) -> Result<(Option<Grading>, Vec<Grading>), BookError> {
    let Taken::Sources(source) = &entry.taken else {
        return Ok((None, Vec::new()));
    };
    let counts = book.grading(source, conditions)?;
    let number = counts.as_ref().map(|grading| grading.number);
    let mut others = book.history(source)?;
    others.retain(|grading| Some(grading.number) != number);
    Ok((counts, others))
}
