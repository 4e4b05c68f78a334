//! Every point that a sample lost is told of.

use course::feedback::Feedback;
use grader::feedback::ShownResult;
use grader::losses::{Loss, losses};
use grader::result::SubmissionResult;
use roster::cost::Cents;
use verdict::end::End;

use crate::samples::CLASS;

fn missing(submission: &SubmissionResult) -> Cents {
    Cents::of(submission.max) - Cents::of(submission.score)
}

#[test]
fn what_is_told_of_a_sample_adds_up_to_what_it_lost() {
    for submission in &CLASS.submissions {
        let told: Cents = losses(submission).iter().map(Loss::points).sum();
        assert_eq!(told, missing(submission), "{}", submission.id);
    }
}

#[test]
fn what_a_part_lost_is_divided_among_its_runs() {
    let mut divided = 0;
    for submission in &CLASS.submissions {
        for loss in losses(submission) {
            let Loss::Part {
                lab,
                part,
                points,
                runs,
            } = loss
            else {
                continue;
            };
            let what = format!("{}, lab {lab}, {}", submission.id, part.name);
            let ran = !matches!(part.end, End::DoesNotCompile | End::CompileLimit);
            assert_eq!(ran, !runs.is_empty(), "{what}");
            let sum: Cents = runs.iter().map(|run| run.points).sum();
            assert!(!ran || sum == points, "{what}: {sum} of {points}");
            for run in &runs {
                let trace = run
                    .trace
                    .unwrap_or_else(|| panic!("{what}: {:?}", run.share));
                assert_ne!(trace.end, End::Passed, "{what}: {}", trace.name);
            }
            divided += runs.len();
        }
    }
    assert!(divided > 100, "{divided} runs are not all");
}

#[test]
fn what_is_shown_of_one_sample_has_room_for_every_run() {
    for submission in &CLASS.submissions {
        let shown = ShownResult::alone(submission, Feedback::Full);
        let shown = shown.submission();
        for loss in losses(shown) {
            if let Loss::Part { part, runs, .. } = loss {
                let untold = runs.iter().find(|run| run.trace.is_none());
                assert!(
                    untold.is_none(),
                    "{}, {}: {untold:?}",
                    submission.id,
                    part.name
                );
            }
        }
    }
}

#[test]
fn what_students_are_told_adds_up_too() {
    for submission in &CLASS.submissions {
        let shown = ShownResult::alone(submission, Feedback::default());
        let shown = shown.submission();
        let told: Cents = losses(shown).iter().map(Loss::points).sum();
        assert_eq!(told, missing(shown), "{}", submission.id);
    }
}

#[test]
fn the_points_of_a_part_follow_from_what_its_runs_count() {
    let parts =
        |submission: &'static SubmissionResult| submission.labs.iter().flat_map(|lab| &lab.parts);
    for part in CLASS.submissions.iter().flat_map(parts) {
        let all: f64 = part.shares.iter().map(|share| share.weight).sum();
        let earned: f64 = part
            .shares
            .iter()
            .map(|share| share.weight * share.earned)
            .sum();
        if all > 0.0 {
            let points = (part.max * earned / all * 100.0).round() / 100.0;
            assert!((points - part.score).abs() < 1e-9, "{part:?}");
        }
    }
}
