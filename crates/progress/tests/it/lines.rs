//! Plain lines, where there is no terminal.

use progress::sink::lines::Lines;
use progress::stage::{Outcome, Stage, Step};
use verdict::end::End;

use crate::scene::{Scene, secs};

/// A class of that many, each of which takes that many seconds.
fn graded(submissions: u64, seconds: u64) -> String {
    let scene = Scene::default();
    scene.run(Lines::to(scene.clone()), |job| {
        let stage = job.stage(Stage::GRADE, Some(submissions));
        for number in 0..submissions {
            scene.pass(secs(seconds));
            stage.did(Step::new(format!("s{number}"), End::Passed, secs(seconds)));
        }
    })
}

#[test]
fn a_stage_tells_where_it_is_at_every_tenth() {
    assert_eq!(
        graded(20, 4),
        "\
grade: 20 submissions
grade: 2 of 20 submissions, 1m 12s left
grade: 4 of 20 submissions, 1m 4s left
grade: 6 of 20 submissions, 56s left
grade: 8 of 20 submissions, 48s left
grade: 10 of 20 submissions, 40s left
grade: 12 of 20 submissions, 32s left
grade: 14 of 20 submissions, 24s left
grade: 16 of 20 submissions, 16s left
grade: 18 of 20 submissions, 8.0s left
grade: 20 of 20 submissions in 1m 20s: 20 graded
"
    );
}

#[test]
fn two_thousand_submissions_are_a_line_a_minute() {
    // The first, one a minute but where a tenth falls between, and the last.
    let lines = graded(2000, 1).lines().count();
    assert!(lines <= 2 + 10 + 2000 / 60, "{lines}");
}

#[test]
fn what_takes_minutes_each_is_told_each_time() {
    assert_eq!(
        graded(3, 90),
        "\
grade: 3 submissions
grade: 1 of 3 submissions, 3m left
grade: 2 of 3 submissions, 1m 30s left
grade: 3 of 3 submissions in 4m 30s: 3 graded
"
    );
}

#[test]
fn what_is_over_at_once_is_one_line() {
    assert_eq!(graded(2000, 0), "grade: 2000 submissions\n");
}

#[test]
fn what_was_known_says_nothing_of_how_long_the_rest_takes() {
    let scene = Scene::default();
    let said = scene.run(Lines::to(scene.clone()), |job| {
        let stage = job.stage(Stage::GRADE, Some(100));
        for _ in 0..89 {
            stage.did(Step::untimed("known", Outcome::Known));
        }
        scene.pass(secs(30));
        stage.did(Step::new("new", End::Failed, secs(30)));
        scene.pass(secs(300));
    });
    assert_eq!(
        said,
        "\
grade: 100 submissions
grade: 90 of 100 submissions, 5m left
grade: 90 of 100 submissions in 5m 30s: 1 graded, 89 known
"
    );
}

#[test]
fn each_problem_has_its_line_with_its_reason() {
    let scene = Scene::default();
    let said = scene.run(Lines::to(scene.clone()), |job| {
        let stage = job.stage(Stage::GRADE, Some(3));
        stage.did(
            Step::new("ada", End::Refused, secs(0))
                .because("two files `lab1.rs`\nhelp: hand in one"),
        );
        stage.did(Step::new("bob", End::DoesNotCompile, secs(0)));
        stage.did(Step::new("cleo", End::TimeLimit, secs(0)));
        drop(stage);
        job.warn("no due time in class.toml");
    });
    assert_eq!(
        said,
        "\
grade: 3 submissions
grade: ada refused: two files `lab1.rs`; help: hand in one
warning: no due time in class.toml
"
    );
}

#[test]
fn why_something_was_not_graded_is_for_the_log_alone() {
    let scene = Scene::default();
    let said = scene.run(Lines::to(scene.clone()), |job| {
        let stage = job.stage(Stage::GRADE, Some(1));
        stage.did(Step::new("ada", End::NotGraded, secs(0)).because("hidden-7: no memory"));
    });
    assert_eq!(said, "grade: 1 submissions\ngrade: ada not graded\n");
}

#[test]
fn a_name_is_no_command_and_no_second_line() {
    let scene = Scene::default();
    let said = scene.run(Lines::to(scene.clone()), |job| {
        let stage = job.stage(Stage::GRADE, Some(1));
        stage.did(Step::new("\u{1b}[2J##[error]\u{202e}x", End::Refused, secs(0)).because("a\rb"));
    });
    assert_eq!(
        said,
        "grade: 1 submissions\ngrade: \\u{1b}[2J#\\u{23}[error]\\u{202e}x refused: a\\u{d}b\n"
    );
}

#[test]
fn a_stage_in_between_says_nothing_of_how_long_the_rest_takes() {
    let scene = Scene::default();
    let said = scene.run(Lines::to(scene.clone()), |job| {
        let stage = job.stage(Stage::GRADE, Some(4));
        stage.aside(|| {
            let _kit = job.stage(Stage::KIT, None);
            scene.pass(secs(100));
        });
        scene.pass(secs(10));
        stage.did(Step::new("ada", End::Passed, secs(10)));
    });
    assert_eq!(
        said,
        "\
grade: 4 submissions
kit
kit: took 1m 40s
grade: 1 of 4 submissions, 30s left
grade: 1 of 4 submissions in 1m 50s: 1 graded
"
    );
}

#[test]
fn a_stage_without_a_total_counts() {
    let scene = Scene::default();
    let said = scene.run(Lines::to(scene.clone()), |job| {
        let stage = job.stage(Stage::KIT, None);
        scene.pass(secs(61));
        stage.did(Step::untimed("vmsim", Outcome::Done));
        scene.pass(secs(1));
        drop(stage);
        let stage = job.stage(Stage::new("conform", "accesses"), Some(1000));
        for done in [100, 110, 500] {
            scene.pass(secs(10));
            stage.reached(done);
        }
    });
    assert_eq!(
        said,
        "\
kit
kit: 1 libraries
kit: 1 libraries in 1m 2s: 1 done
conform: 1000 accesses
conform: 100 of 1000 accesses, 1m 30s left
conform: 500 of 1000 accesses, 30s left
conform: 500 of 1000 accesses in 30s
"
    );
}
