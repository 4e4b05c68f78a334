//! Bars, as a terminal shows them.

use indicatif::{InMemoryTerm, ProgressDrawTarget};
use progress::event::How;
use progress::sink::bars::Bars;
use progress::stage::{Outcome, Stage, Step};
use verdict::end::End;

use crate::scene::{Scene, secs};

/// A terminal of that width, and bars on it.
fn terminal(columns: u16) -> (InMemoryTerm, Bars) {
    let terminal = InMemoryTerm::new(10, columns);
    let target = ProgressDrawTarget::term_like(Box::new(terminal.clone()));
    (terminal, Bars::on(target))
}

#[test]
fn each_stage_has_a_bar_with_the_time_left_and_all_go_in_the_end() {
    let (shown, bars) = terminal(72);
    let scene = Scene::default();
    let job = scene.job(bars);
    let stage = job.stage(Stage::COLLECT, Some(2));
    scene.pass(secs(1));
    stage.did(Step::untimed("ada", Outcome::Done));
    stage.did(Step::untimed("bob", Outcome::Done));
    drop(stage);
    let stage = job.stage(Stage::GRADE, Some(4));
    scene.pass(secs(20));
    stage.did(Step::new("ada", End::Panicked, secs(20)));
    assert_eq!(
        shown.contents(),
        " collect ████████████████ 2/2 in 1.0s
   grade ████░░░░░░░░░░░░ 1/4 1m left  ada"
    );
    drop(stage);
    job.end(How::Done, None);
    assert_eq!(shown.contents(), "");
}

#[test]
fn a_problem_stands_above_the_bars_and_stays() {
    let (shown, bars) = terminal(60);
    let scene = Scene::default();
    let job = scene.job(bars);
    let stage = job.stage(Stage::GRADE, Some(2));
    stage.did(Step::new("ada", End::Refused, secs(0)).because("a link"));
    job.warn("no roster");
    assert!(
        shown
            .contents()
            .starts_with("grade: ada refused: a link\nwarning: no roster\n")
    );
    assert!(
        shown.contents().lines().count() == 3,
        "{}",
        shown.contents()
    );
    drop(stage);
    job.end(How::Done, None);
    assert_eq!(
        shown.contents(),
        "grade: ada refused: a link\nwarning: no roster"
    );
}

#[test]
fn a_narrow_terminal_shows_less_and_wraps_nothing() {
    let (shown, bars) = terminal(40);
    let scene = Scene::default();
    let job = scene.job(bars);
    let stage = job.stage(Stage::GRADE, Some(4));
    scene.pass(secs(20));
    stage.did(Step::new(
        "a-name-that-is-longer-than-any-line-of-it",
        End::Passed,
        secs(20),
    ));
    let contents = shown.contents();
    assert_eq!(contents.lines().count(), 1, "{contents}");
    assert!(contents.trim_start().starts_with("grade"), "{contents}");
    drop(stage);
}

#[test]
fn a_name_moves_no_cursor() {
    let (shown, bars) = terminal(80);
    let scene = Scene::default();
    let job = scene.job(bars);
    let stage = job.stage(Stage::GRADE, Some(2));
    stage.did(Step::new("\u{1b}[3A\u{1b}[2K", End::Refused, secs(0)));
    assert!(
        shown.contents().contains("\\u{1b}[3A\\u{1b}[2K refused"),
        "{}",
        shown.contents()
    );
    drop(stage);
}

#[test]
fn a_job_that_stops_at_an_error_leaves_no_bar() {
    let (shown, bars) = terminal(60);
    let scene = Scene::default();
    let job = scene.job(bars);
    drop(job.stage(Stage::KIT, None));
    drop(job);
    assert_eq!(shown.contents(), "");
}
