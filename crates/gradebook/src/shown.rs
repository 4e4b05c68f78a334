//! The class of a book, as far as it may be shown, with what each student gets.

use std::io;

use course::feedback::Feedback;
use grader::feedback::{Shown, ShownResult, ShownSubmission};
use grader::result::SubmissionResult;

use crate::best;
use crate::book::Book;
use crate::error::BookError;
use crate::rules::Rules;
use crate::standings::Standings;

/// The class of a book, as far as it may be shown: each result is read when it is asked for,
/// and in memory no longer than it is told of.
#[derive(Debug)]
pub struct ShownBook<'a> {
    book: &'a Book,
    standings: Standings,
    asked: Feedback,
}

impl<'a> ShownBook<'a> {
    /// The class of a book; which attempts count is decided here, where it is the best ones.
    ///
    /// # Errors
    ///
    /// If the book cannot be read or written.
    pub fn read(book: &'a mut Book, rules: Rules, asked: Feedback) -> Result<Self, BookError> {
        if let Some(sitting) = book.latest_sitting()? {
            best::choose(book, &sitting, &rules)?;
        }
        Ok(Self {
            standings: Standings::read(book, rules)?,
            book,
            asked,
        })
    }

    /// The book.
    pub fn book(&self) -> &Book {
        self.book
    }

    fn show(&self, result: &SubmissionResult) -> ShownResult {
        let shown = ShownResult::in_class(result, self.asked);
        shown.with_standing(|shown| self.standings.of(shown))
    }
}

impl Shown for ShownBook<'_> {
    fn each(&self, mut told: impl FnMut(ShownSubmission<'_>) -> io::Result<()>) -> io::Result<()> {
        let told = self.book.results(|result| {
            let shown = self.show(&result);
            drop(result);
            told(shown.shown()).map_err(Stop::Told)
        });
        told.map_err(|stop| match stop {
            Stop::Book(error) => io::Error::other(error),
            Stop::Told(error) => error,
        })
    }

    fn ids(&self) -> io::Result<Vec<String>> {
        let mut ids = Vec::new();
        let read = self.book.class(|entry| {
            ids.push(entry.student.0);
            Ok::<(), BookError>(())
        });
        read.map(|()| ids).map_err(io::Error::other)
    }
}

/// Why nothing more is shown.
enum Stop {
    Book(BookError),
    Told(io::Error),
}

impl From<BookError> for Stop {
    fn from(error: BookError) -> Self {
        Self::Book(error)
    }
}
