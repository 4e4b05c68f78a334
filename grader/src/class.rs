//! All submissions of a class, in parallel.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

use crate::grade::Grader;
use crate::intake::Submission;
use crate::result::{ClassResult, SCHEMA, SubmissionResult, weakest};

/// Grades all submissions, `jobs` at a time, and hands each result to `done` as
/// soon as it is known. The results come back in the order of the submissions.
pub fn grade(
    grader: &Grader,
    submissions: &[Submission],
    jobs: usize,
    mut done: impl FnMut(&SubmissionResult),
) -> ClassResult {
    let next = AtomicUsize::new(0);
    let mut results: Vec<Option<SubmissionResult>> = vec![None; submissions.len()];
    thread::scope(|scope| {
        let (sender, receiver) = mpsc::channel();
        for _ in 0..jobs.clamp(1, submissions.len().max(1)) {
            let (sender, next) = (sender.clone(), &next);
            scope.spawn(move || {
                while let Some((index, submission)) = take(submissions, next) {
                    let _nobody_waits = sender.send((index, grader.grade(submission)));
                }
            });
        }
        drop(sender);
        for (index, result) in receiver {
            done(&result);
            results[index] = Some(result);
        }
    });
    let submissions: Vec<SubmissionResult> = results.into_iter().flatten().collect();
    ClassResult {
        schema: SCHEMA.to_owned(),
        sandbox: weakest(submissions.iter().map(|submission| submission.sandbox)),
        submissions,
    }
}

fn take<'a>(submissions: &'a [Submission], next: &AtomicUsize) -> Option<(usize, &'a Submission)> {
    let index = next.fetch_add(1, Ordering::Relaxed);
    submissions.get(index).map(|submission| (index, submission))
}
