//! All submissions of a class, in parallel.

use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

use crate::grade::{Grader, met_a_bug};
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
                    let result = contained(
                        || grader.grade(submission),
                        |why| SubmissionResult {
                            id: submission.id.clone(),
                            ..met_a_bug(why)
                        },
                    );
                    let _nobody_waits = sender.send((index, result));
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
        sandbox: weakest(submissions.iter().map(|it| it.sandbox)),
        compiler_sandbox: weakest(submissions.iter().map(|it| it.compiler_sandbox)),
        submissions,
    }
}

/// What a grader comes to, which may have a bug: that costs nobody else's result, and
/// no points of this one.
pub fn contained<T>(grade: impl FnOnce() -> T, otherwise: impl FnOnce(&str) -> T) -> T {
    panic::catch_unwind(AssertUnwindSafe(grade)).unwrap_or_else(|payload| {
        let text = payload.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| payload.downcast_ref::<&str>().copied());
        otherwise(text.unwrap_or("a panic without a message"))
    })
}

fn take<'a>(submissions: &'a [Submission], next: &AtomicUsize) -> Option<(usize, &'a Submission)> {
    let index = next.fetch_add(1, Ordering::Relaxed);
    submissions.get(index).map(|submission| (index, submission))
}

#[cfg(test)]
mod tests {
    use super::contained;

    #[test]
    fn a_bug_of_ours_is_told_and_ends_nothing() {
        let broken = || -> String { panic!("out of frames") };
        let told = contained(broken, |why| format!("not graded: {why}"));
        assert_eq!(told, "not graded: out of frames");
    }
}
