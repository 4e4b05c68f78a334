//! What is in the archive.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use autograder::archive::write;
use autograder::pack::pack;
use autograder::trouble::Trouble;
use autograder::wish::{Extra, Wish};
use course::feedback::Feedback;
use grader::report::gradescope::Visibility;
use zip::ZipArchive;

use crate::{packed, root};

fn paths(wish: &Wish) -> Vec<String> {
    let packed = packed(wish);
    packed
        .files
        .files()
        .map(|(path, _)| path.to_owned())
        .collect()
}

#[test]
fn what_gradescope_looks_for_is_at_its_root() {
    let paths = paths(&Wish::default());
    let top = paths.iter().filter(|path| !path.contains('/'));
    assert_eq!(
        top.collect::<Vec<_>>(),
        ["READ-ME-FIRST.txt", "run_autograder", "setup.sh"]
    );
}

#[test]
fn it_has_the_hidden_traces_and_nothing_that_grading_does_not_need() {
    let paths = paths(&Wish::default());
    let below = |folder: &str| {
        let folder = format!("faultline/{folder}");
        paths
            .iter()
            .filter(|path| path.starts_with(&folder))
            .count()
    };
    for needed in [
        "grader/hidden/02-lazy/keys/",
        "grader/src/",
        "labs/solution/src/",
        "crates/gradescope/src/",
    ] {
        assert!(below(needed) > 0, "{needed}");
    }
    let home = [
        "grader/samples",
        "grader/redteam",
        "grader/tests",
        "grader/alternatives",
        "grader/schema",
        "grader/shortcuts",
        "xtask",
        "crates/audit",
        "crates/exam",
        "crates/handout",
        "crates/lab",
        "crates/autograder",
        "docs",
        "target",
        "labs/recorded",
        "README.md",
    ];
    for home in home {
        assert_eq!(below(home), 0, "{home}");
    }
    assert_eq!(
        paths.iter().filter(|path| path.contains("/tests/")).count(),
        0
    );
}

#[test]
fn only_the_labs_that_are_graded_are_in_it() {
    let wish = Wish {
        labs: vec![1, 2],
        ..Wish::default()
    };
    let others = |path: &String| path.contains("/03-") || path.contains("/09-");
    assert_eq!(paths(&wish).iter().find(|path| others(path)), None);
    let wish = Wish {
        labs: vec![1, 77],
        ..Wish::default()
    };
    let error = pack(&root(), "1.95.0", &wish).expect_err("there is no lab 77");
    assert!(
        matches!(error, Trouble::NoLab { wanted: 77, .. }),
        "{error}"
    );
}

#[test]
fn its_scripts_are_scripts_and_say_what_was_decided() {
    let wish = Wish {
        labs: vec![1],
        feedback: Feedback::Verdict,
        show: Visibility::AfterDueDate,
        extras: vec![Extra::Leaderboard, Extra::AllowUnsandboxed],
    };
    let files = packed(&wish).files;
    let folder = tempfile::tempdir().expect("a folder");
    for script in ["setup.sh", "run_autograder"] {
        let text = files.text(script).expect("a script");
        assert!(
            text.starts_with("#!/usr/bin/env bash\n") && !text.contains("{{"),
            "{text}"
        );
        let file = folder.path().join(script);
        fs::write(&file, text).expect("a file");
        let read = Command::new("bash")
            .arg("-n")
            .arg(&file)
            .status()
            .expect("bash");
        assert!(read.success(), "{script}");
    }
    let options =
        "grade --feedback verdict --show after-due-date --leaderboard --allow-unsandboxed\n";
    let run = files.text("run_autograder").expect("a script");
    assert!(run.ends_with(options), "{run}");
    let warning = files.text("READ-ME-FIRST.txt").expect("a text");
    assert!(
        warning.starts_with("DO NOT PUBLISH") && !warning.contains("{{"),
        "{warning}"
    );
}

#[test]
fn it_is_the_same_whenever_it_is_made_and_nobody_else_may_read_it() {
    let packed = packed(&Wish {
        labs: vec![1],
        ..Wish::default()
    });
    let folder = tempfile::tempdir().expect("a folder");
    let made = ["a.zip", "b.zip"].map(|name| {
        let file = folder.path().join(name);
        write(&packed.files, &file).expect("an archive");
        file
    });
    let bytes = made
        .each_ref()
        .map(|file| fs::read(file).expect("an archive"));
    assert_eq!(bytes[0], bytes[1]);
    let mode = fs::metadata(&made[0]).expect("a file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let again = write(&packed.files, &made[0]).expect_err("it is there");
    assert!(matches!(again, Trouble::Occupied(_)), "{again}");
    let mut zip = ZipArchive::new(fs::File::open(&made[0]).expect("a file")).expect("a zip");
    for (name, mode) in [
        ("setup.sh", 0o755),
        ("run_autograder", 0o755),
        ("READ-ME-FIRST.txt", 0o644),
    ] {
        let entry = zip.by_name(name).expect("an entry");
        assert_eq!(
            entry.unix_mode().map(|mode| mode & 0o777),
            Some(mode),
            "{name}"
        );
    }
}
