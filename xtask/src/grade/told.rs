//! What `grade` tells while it grades, and in the end.

use std::cell::OnceCell;

use ::progress::job::{Job, Running};
use ::progress::stage::{Outcome, Stage, Step};
use gradebook::grade::{Event, Tally};
use grader::result::SubmissionResult;
use verdict::end::End;

/// Tells what has become of a submission.
pub(super) fn show<'a>(job: &'a Job, stage: &OnceCell<Running<'a>>, event: Event<'_>) {
    if let Event::Read { submissions, .. } = event {
        stage.get_or_init(|| job.stage(Stage::GRADE, Some(submissions as u64)));
    }
    if let (Some(stage), Some(step)) = (stage.get(), step(event)) {
        stage.did(step);
    }
}

fn step(event: Event<'_>) -> Option<Step> {
    Some(match event {
        Event::Read { .. } => return None,
        Event::Known(student) => Step::untimed(&student.0, Outcome::Known),
        Event::Refused(student, why) => {
            Step::untimed(&student.0, Outcome::Ended(End::Refused)).because(why)
        }
        Event::Graded(student, result, took) => Step::new(&student.0, result.end, took),
        Event::NotGraded(student, result, took) => {
            Step::new(&student.0, End::NotGraded, took).because(why_not(result))
        }
    })
}

/// What was wrong with us: said of the submission, or of the first run that has it.
fn why_not(result: &SubmissionResult) -> &str {
    let mut runs = result.traces.iter();
    let run = runs.find(|run| run.end == End::NotGraded);
    match run {
        Some(run) if result.message.is_empty() => &run.message,
        _ => &result.message,
    }
}

/// What has become of the class, in a line.
pub(super) fn summary(tally: Tally) -> String {
    let Tally {
        known,
        refused,
        graded,
        not_graded,
        ..
    } = tally;
    let count = known + refused + graded + not_graded;
    let noun = if count == 1 {
        "submission"
    } else {
        "submissions"
    };
    let counts = [
        (graded, "graded"),
        (refused, "refused"),
        (not_graded, "not graded, and tried again by the next run"),
        (known, "as before (--fresh grades all again)"),
    ];
    let some = counts.into_iter().filter(|(count, _)| *count > 0);
    let some: Vec<String> = some
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    format!("{count} {noun}: {}", some.join(", "))
}
