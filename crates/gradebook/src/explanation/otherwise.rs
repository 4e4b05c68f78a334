//! What would make a grade another one.

use grader::result::SubmissionResult;
use grader::standing::Standing;
use roster::cost::Cents;
use verdict::end::End;

use crate::dossier::Dossier;

/// What would make it different, as far as the book can say.
pub(super) fn otherwise(dossier: &Dossier, standing: &Standing, lost: Cents) -> Vec<String> {
    let submission = dossier.submission();
    let mut lines = Vec::new();
    if lost > Cents(0) {
        lines.push(format!(
            "if all of that had passed: {} more, before what being late costs",
            counted(lost)
        ));
    }
    lines.extend(in_time(dossier, standing));
    if submission.end == End::NotGraded || has_ungraded(submission) {
        lines.push(
            "what was not graded, for a fault of ours, counts neither way; the next `cargo xtask \
             grade` tries it again"
                .to_owned(),
        );
    }
    if submission.sealed > 0 {
        lines.push(format!(
            "{} sealed traces are in none of these numbers: they are counted when they are \
             published",
            submission.sealed
        ));
    }
    if !standing.adjustments.is_empty() {
        lines.push(
            "what people said can be taken back: `cargo xtask adjust`, with `--undo`".to_owned(),
        );
    }
    if lines.is_empty() {
        lines.push("nothing: all points were earned, in time".to_owned());
    }
    lines
}

fn in_time(dossier: &Dossier, standing: &Standing) -> Option<String> {
    let penalty = Cents::of(standing.penalty);
    let late = dossier.rules.late.as_ref().filter(|_| penalty > Cents(0))?;
    let limit = late.limit_for(dossier.rules.allowance(&standing.student));
    let (limit, more) = (late.shown(limit), counted(penalty));
    Some(format!(
        "if it had been handed in until {limit}: {more} more"
    ))
}

fn has_ungraded(submission: &SubmissionResult) -> bool {
    submission
        .traces
        .iter()
        .any(|trace| trace.end == End::NotGraded)
}

/// Points, with their noun.
pub(crate) fn counted(points: Cents) -> String {
    match points {
        Cents(100) => "1 point".to_owned(),
        points => format!("{points} points"),
    }
}
