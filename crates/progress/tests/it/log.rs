//! The run log.

use std::fs;

use progress::event::How;
use progress::sink::log::Log;
use progress::stage::{Outcome, Stage, Step};
use verdict::end::End;

use crate::scene::{Scene, secs};

#[test]
fn the_log_says_what_was_run_how_it_went_and_how_long_it_took() {
    let scene = Scene::default();
    let job = scene.job(Log::to(scene.clone()));
    let stage = job.stage(Stage::GRADE, Some(3));
    scene.pass(secs(3));
    let step = Step::new("ada", End::TimeLimit, secs(3));
    stage.did(
        step.with_part("compile", secs(1))
            .with_part("run", secs(2))
            .because("line 7"),
    );
    stage.did(Step::new("bob", End::NotGraded, secs(0)).because("cow-03: no memory"));
    stage.did(Step::untimed("cleo", Outcome::Known));
    drop(stage);
    job.warn("no roster\nhelp: `--class FILE`");
    job.end(How::Trouble, Some("the disk is full".to_owned()));
    assert_eq!(
        scene.text_of_any_run(),
        "\
2026-11-27T22:00:00Z RUN started: cargo xtask grade class
2026-11-27T22:00:00Z RUN machine: cpus: 2
2026-11-27T22:00:00Z RUN grade begins, 3 submissions
2026-11-27T22:00:03Z RUN grade: 1 of 3: ada: time limit, 3.0s (compile 1.0s, run 2.0s)
2026-11-27T22:00:03Z RUN grade: 2 of 3: bob: not graded, 0.0s: cow-03: no memory
2026-11-27T22:00:03Z RUN grade: 3 of 3: cleo: known
2026-11-27T22:00:03Z RUN grade is over after 3.0s: 1 known, 1 not graded, 1 time limit
2026-11-27T22:00:03Z RUN warning: no roster; help: `--class FILE`
2026-11-27T22:00:03Z RUN error: the disk is full
2026-11-27T22:00:03Z RUN ended: trouble, after 3.0s, 1 warnings
"
    );
}

#[test]
fn a_name_is_one_line_of_the_log() {
    let scene = Scene::default();
    let said = scene.run(Log::to(scene.clone()), |job| {
        let stage = job.stage(Stage::GRADE, Some(1));
        stage.did(Step::untimed(
            "ada\n2026 RUN ended: done\u{202e}",
            Outcome::Done,
        ));
    });
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines.len(), 6, "{said}");
    assert!(lines[3].contains("\\u{202e}"), "{said}");
}

#[test]
fn a_job_that_was_dropped_has_no_end_in_the_log() {
    let scene = Scene::default();
    drop(scene.job(Log::to(scene.clone())));
    assert!(!scene.text().contains("ended"), "{}", scene.text());
}

#[test]
fn a_log_says_once_what_is_in_it_and_keeps_all_runs() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("grades");
    for _ in 0..2 {
        let log = Log::in_folder(&out).expect("a log");
        Scene::default().job(log).end(How::Done, None);
    }
    let text = fs::read_to_string(out.join("grade.log")).expect("the log");
    assert!(text.starts_with("# What was run here"), "{text}");
    assert_eq!(text.matches("# What was run here").count(), 1, "{text}");
    assert_eq!(text.matches(" started: ").count(), 2, "{text}");
}

#[test]
fn a_log_too_long_for_a_mail_makes_room() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("grade.log"), vec![b'x'; (4 << 20) + 1]).expect("written");
    drop(Log::in_folder(folder.path()).expect("a log"));
    let text = fs::read_to_string(folder.path().join("grade.log")).expect("the log");
    assert!(text.starts_with("# What was run here"), "{text}");
    let old = fs::read(folder.path().join("grade.log.1")).expect("the old log");
    assert_eq!(old.len(), (4 << 20) + 1);
}

#[cfg(unix)]
#[test]
fn a_log_is_nobody_elses() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().expect("a folder");
    drop(Log::in_folder(folder.path()).expect("a log"));
    let about = fs::metadata(folder.path().join("grade.log")).expect("the log");
    assert_eq!(about.permissions().mode() & 0o777, 0o600);
}

#[test]
fn a_log_that_cannot_be_opened_says_what_to_do() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("taken");
    fs::write(&file, "").expect("written");
    let error = Log::in_folder(&file).err().expect("an error").to_string();
    assert!(error.contains("taken/grade.log: "), "{error}");
    assert!(error.ends_with("help: choose another `--out`"), "{error}");
}
