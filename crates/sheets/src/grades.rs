//! What students get, and what they are known by.

use grader::report::sink::{self, terminal};
use grader::report::standing;
use grader::result::{ClassResult, SubmissionResult};
use maud::html;
use roster::list::Roster;
use roster::student::{Student, StudentId};
use verdict::end::End;

/// How the ids of hand-ins begin that a roster knows nobody for.
const UNMATCHED: &str = "unmatched ";

/// What a student gets.
#[derive(Clone, Debug, PartialEq)]
pub struct Grade {
    /// Whose.
    pub id: StudentId,
    /// Their address, where a roster says it.
    pub email: Option<String>,
    /// Their account, where a roster says it.
    pub login: Option<String>,
    /// What it comes to.
    pub points: Points,
    /// The most that there is.
    pub max: f64,
    /// What the student is told of it, as HTML.
    pub comment: String,
}

/// What it comes to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Points {
    /// These points.
    Given(f64),
    /// Nothing that could be said: a fault of ours, and no zero.
    NotGraded,
    /// Nothing was handed in.
    NotHandedIn,
}

impl Grade {
    /// What the course system may call the student, besides address and account: the id,
    /// without what was put before it.
    pub fn key(&self) -> &str {
        let id = self.id.0.as_str();
        id.strip_prefix(UNMATCHED).unwrap_or(id)
    }
}

/// What everybody of a class gets. A roster, where there is one, says what they are known
/// by besides.
pub fn of(class: &ClassResult, roster: Option<&Roster>) -> Vec<Grade> {
    let grade = |submission| of_one(submission, roster);
    class.submissions.iter().map(grade).collect()
}

/// What one student gets.
pub fn of_one(submission: &SubmissionResult, roster: Option<&Roster>) -> Grade {
    let student: Option<&Student> = roster.and_then(|roster| roster.by_id(&submission.id));
    Grade {
        id: StudentId(submission.id.clone()),
        email: student.and_then(|student| student.email.clone()),
        login: student.and_then(|student| student.login.clone()),
        points: points(submission),
        max: submission.max,
        comment: comment(submission),
    }
}

/// Without a standing nobody has asked a gradebook, and points are the score.
fn points(submission: &SubmissionResult) -> Points {
    match &submission.standing {
        Some(standing) if standing.attempt.is_none() => Points::NotHandedIn,
        Some(standing) => standing.points.map_or(Points::NotGraded, Points::Given),
        None if submission.end == End::NotGraded => Points::NotGraded,
        None => Points::Given(submission.score),
    }
}

/// The points of each lab, and how the sum comes about.
fn comment(submission: &SubmissionResult) -> String {
    let SubmissionResult { end, max, .. } = submission;
    let Points::Given(points) = points(submission) else {
        return String::new();
    };
    let standing = submission.standing.iter().flat_map(standing::lines);
    let labs = &submission.labs;
    let text = html! {
        p { (format!("{points:.2} of {max} points")) @if *end != End::Passed { ": " (end.to_string()) } }
        @if !labs.is_empty() {
            ul {
                @for lab in labs {
                    li {
                        "Lab " (lab.number.to_string()) ", " (terminal::line(&lab.title)) ": "
                        (format!("{:.2} of {}", lab.score, lab.max))
                    }
                }
            }
        }
        @for line in standing { p { (line) } }
    };
    sink::html::visible(&text.into_string())
}
