//! Which attempt is the best, where the best counts: known when all were graded.

use std::collections::BTreeMap;

use course::feedback::Feedback;
use grader::feedback::ShownClass;
use roster::class::AttemptRule;
use roster::late::Worth;
use roster::student::StudentId;

use crate::book::Book;
use crate::entry::Entry;
use crate::error::BookError;
use crate::key::Conditions;
use crate::rules::{Rules, Tried};
use crate::standing::worth;

impl Book {
    /// Says of each student which attempt is the best, if the best is what counts. It is
    /// found without sealed points, so that nobody reads these out of it.
    ///
    /// # Errors
    ///
    /// If the book cannot be read or written.
    pub fn settle(&mut self, rules: &Rules, conditions: &Conditions) -> Result<(), BookError> {
        if rules.class.attempt != AttemptRule::Best {
            return Ok(());
        }
        let mut entries: BTreeMap<StudentId, Vec<Entry>> = BTreeMap::new();
        self.attempts(|entry| {
            entries
                .entry(entry.student.clone())
                .or_default()
                .push(entry);
            Ok::<(), BookError>(())
        })?;
        let mut best = Vec::new();
        for (student, entries) in entries {
            let number = self.best(rules, conditions, &student, &entries)?;
            best.extend(number.map(|number| (student, number)));
        }
        self.count(&best)
    }

    fn best(
        &self,
        rules: &Rules,
        conditions: &Conditions,
        student: &StudentId,
        entries: &[Entry],
    ) -> Result<Option<u32>, BookError> {
        let tried: Vec<Tried> = entries.iter().map(Tried::from).collect();
        let candidates = rules.candidates(student, &tried);
        let mut graded = Vec::new();
        for entry in entries
            .iter()
            .filter(|entry| candidates.contains(&entry.number))
        {
            graded.push((Tried::from(entry), self.shown_worth(entry, conditions)?));
        }
        Ok(rules.best(student, &graded))
    }

    fn shown_worth(
        &self,
        entry: &Entry,
        conditions: &Conditions,
    ) -> Result<Option<Worth>, BookError> {
        let result = self.result_of(entry, conditions)?;
        let shown = ShownClass::alone(&result, Feedback::default());
        Ok(worth(shown.class().submissions.first()))
    }
}
