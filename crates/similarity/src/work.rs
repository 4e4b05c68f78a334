//! What a student wrote, of all that they handed in.

use std::collections::BTreeMap;
use std::path::Path;

use collect::attempt::Attempt;
use course::handed_in::POLICY_FILE;
use grader::intake::Submission;
use grader::intake::refusal::Refusal;
use jiff::Timestamp;
use roster::class::AttemptRule;
use roster::student::StudentId;

/// What one student, or one group, wrote.
#[derive(Clone, Debug)]
pub struct Work {
    /// Whose.
    pub student: StudentId,
    /// Who else's.
    pub partners: Vec<StudentId>,
    /// When it was handed in, where that is known.
    pub at: Option<Timestamp>,
    /// Names and texts of the files, in order: `lab1.rs` to `lab8.rs`, `policy.rs`.
    pub files: Vec<(String, String)>,
}

impl Work {
    /// Reads what counts of an attempt. `handout` is the folder with the files as they were
    /// handed out.
    ///
    /// # Errors
    ///
    /// If it is refused, as by the grader.
    pub fn read(attempt: &Attempt, handout: &Path) -> Result<Self, Refusal> {
        let submission = Submission {
            id: attempt.student.0.clone(),
            path: attempt.path.clone(),
        };
        let sources = submission.read_beside(handout)?;
        let policy = sources.policy.map(|text| (POLICY_FILE, text));
        let files = sources.files.into_iter().chain(policy);
        Ok(Self {
            student: attempt.student.clone(),
            partners: attempt.partners.clone(),
            at: attempt.at,
            files: files.map(|(name, text)| (name.to_owned(), text)).collect(),
        })
    }
}

/// One attempt for each student: the one that counts. Which of them is the best is not known
/// before they are graded, so the latest stands for it.
pub fn that_count(attempts: &[Attempt], rule: AttemptRule) -> Vec<&Attempt> {
    let mut chosen: BTreeMap<&StudentId, &Attempt> = BTreeMap::new();
    for attempt in attempts {
        let one = chosen.entry(&attempt.student).or_insert(attempt);
        let counts = match rule {
            AttemptRule::First => attempt.number < one.number,
            AttemptRule::Latest | AttemptRule::Best => attempt.number > one.number,
        };
        if counts {
            *one = attempt;
        }
    }
    chosen.into_values().collect()
}
