//! `cargo lab predict`: text in, text out.

use std::io::Write;
use std::process::Stdio;

use crate::student::{Said, Student};

/// Answers the questions of a quiz.
fn predict(args: &[&str], answers: &str) -> Said {
    ask(&Student::perfect(), args, answers)
}

fn ask(student: &Student, args: &[&str], answers: &str) -> Said {
    let mut command = student.command(&[&["predict"], args].concat());
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut process = command.spawn().expect("cargo lab starts");
    let mut input = process.stdin.take().expect("a pipe");
    input
        .write_all(answers.as_bytes())
        .expect("somebody reads answers");
    drop(input);
    Said::from(&process.wait_with_output().expect("it ends"))
}

/// The answers that a quiz says are right.
fn right_answers(said: &Said) -> Vec<String> {
    let told = said
        .out
        .lines()
        .filter_map(|line| line.strip_prefix("it is: "));
    told.map(str::to_owned).collect()
}

#[test]
fn who_answers_as_linux_does_is_right_each_time() {
    let quiz = ["4", "--count", "6", "--seed", "1"];
    let answers = right_answers(&predict(&quiz, "\n\n\n\n\n\n"));
    assert_eq!(answers.len(), 6);
    let said = predict(&quiz, &(answers.join("\n") + "\n"));
    assert_eq!(said.code, 0, "{}", said.err);
    assert_eq!(said.out.matches("\nright: ").count(), 6, "{}", said.out);
    assert!(said.out.ends_with("6 of 6 right\n"), "{}", said.out);
}

#[test]
fn numbers_are_answers_too() {
    let quiz = ["4", "--count", "1", "--seed", "1"];
    let answer = right_answers(&predict(&quiz, "\n")).remove(0);
    let menu = predict(&quiz, "q\n").out;
    let number = menu.lines().find_map(|line| {
        let mut entries = line.split("  ").map(str::trim).filter(|it| !it.is_empty());
        let at = entries.clone().position(|entry| entry == answer)?;
        entries.nth(at.checked_sub(1)?).map(str::to_owned)
    });
    let said = predict(&quiz, &format!("{}\n", number.expect("it is on the list")));
    assert!(
        said.out.contains(&format!("right: {answer}")),
        "{}",
        said.out
    );
}

#[test]
fn the_outcome_alone_is_half_right() {
    let quiz = ["2", "--count", "8", "--seed", "3"];
    let answers = right_answers(&predict(&quiz, &"\n".repeat(8)));
    let minor = answers
        .iter()
        .filter(|class| class.starts_with("minor"))
        .count();
    assert!(minor > 0, "{answers:?}");
    let said = predict(&quiz, &"minor\n".repeat(8));
    let expected = format!("0 of 8 right, and {minor} with the right outcome\n");
    assert!(
        said.out.ends_with(&expected),
        "{expected} is not in: {}",
        said.out
    );
}

#[test]
fn what_is_no_class_is_asked_again_and_costs_nothing() {
    let said = predict(&["2", "--count", "1", "--seed", "1"], "magic\n\n");
    assert!(
        said.out.contains("no class is called `magic`"),
        "{}",
        said.out
    );
    assert!(said.out.ends_with("0 of 1 right\n"), "{}", said.out);
}

#[test]
fn an_answer_is_explained_by_what_the_mmu_saw_and_the_kernel_asked() {
    let said = predict(&["2", "--count", "3", "--seed", "1"], "\n\n\n");
    for part in [
        "  VMA ",
        "  page table ",
        "  TLB, CPU 0 ",
        "  MMU: ",
        "  rule R4: ",
    ] {
        assert!(said.out.contains(part), "{part} is not in: {}", said.out);
    }
}

#[test]
fn nobody_who_answers_is_told_how_to() {
    let said = predict(&["2"], "");
    assert_eq!(said.code, 2);
    assert!(
        said.err.contains("help: start it in a terminal"),
        "{}",
        said.err
    );
}

#[test]
fn the_graded_predictions_are_never_asked() {
    let said = predict(&["1", "--count", "1000", "--seed", "1"], &"\n".repeat(1000));
    assert!(
        said.out.contains("labs/01-classify/traces/"),
        "{}",
        said.out
    );
    assert!(!said.out.contains("predict.trace"), "{}", said.out);
}

#[test]
fn the_sheet_is_counted_and_never_graded() {
    let said = predict(&["1", "--count", "1", "--seed", "1"], "\n");
    let counted = "labs/skeleton/src/predict.toml: 0 of 33 questions answered";
    assert!(said.out.contains(counted), "{}", said.out);
}

#[test]
fn what_is_no_answer_on_the_sheet_is_told_with_its_line() {
    let sheet = "[vocabulary]\npage-fault = \"b\"\nmajor = \"x\"\n[accesses]\n11 = \"hit\"\n\
                 12 = \"no\"\n13 = \"\"\n99 = \"hit\"\n";
    let student = Student::perfect().and("predict.toml", sheet);
    let said = ask(&student, &["1", "--count", "1", "--seed", "1"], "\n");
    for line in [
        "labs/skeleton/src/predict.toml: 2 of 5 questions answered",
        "labs/skeleton/src/predict.toml:3: expected one of the four letters, found `x`",
        "labs/skeleton/src/predict.toml:6: no class is called `no`",
        "labs/skeleton/src/predict.toml:8: nothing called `99` is asked in `[accesses]`",
    ] {
        assert!(said.out.contains(line), "{line} is not in: {}", said.out);
    }
}
