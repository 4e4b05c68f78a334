//! How a class ended, in a line.

use std::collections::BTreeMap;
use std::fmt;

use verdict::end::End;

use crate::result::SubmissionResult;

/// How many submissions ended how.
#[derive(Clone, Debug, Default)]
pub(super) struct Summary(BTreeMap<End, usize>);

impl Summary {
    pub fn add(&mut self, submission: &SubmissionResult) {
        *self.0.entry(submission.end).or_default() += 1;
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ends = self.0.iter().rev();
        let ends: Vec<String> = ends.map(|(end, count)| format!("{count} {end}")).collect();
        let count: usize = self.0.values().sum();
        let noun = if count == 1 {
            "submission"
        } else {
            "submissions"
        };
        write!(f, "{count} {noun}: {}", ends.join(", "))
    }
}
