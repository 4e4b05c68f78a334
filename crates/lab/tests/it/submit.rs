//! `cargo lab submit`: what is packed, and what is refused.

use std::fs;

use crate::student::{Said, Student};

const ARCHIVE: &str = "target/handed-in.zip";

fn submit(student: &Student, args: &[&str]) -> Said {
    student.lab(&[&["submit", "-o", ARCHIVE], args].concat())
}

/// What is said of a file that grading would refuse.
fn refused(student: &Student) -> String {
    let said = submit(student, &[]);
    assert_eq!(said.code, 65, "{}{}", said.out, said.err);
    assert!(said.err.contains("help: "), "{}", said.err);
    said.err
}

fn last_line(said: &Said) -> &str {
    said.out.lines().last().expect("a line")
}

#[test]
fn the_same_work_has_the_same_hash_and_other_work_another() {
    let student = Student::perfect();
    let (first, second) = (submit(&student, &[]), submit(&student, &[]));
    assert_eq!(first.code, 0, "{}", first.err);
    assert!(last_line(&first).starts_with("SHA-256 "), "{}", first.out);
    assert_eq!(last_line(&first), last_line(&second));
    let other = submit(&student.but("lab2.rs", "    k.zero(&frame);\n", ""), &[]);
    assert_ne!(last_line(&first), last_line(&other));
}

#[test]
fn each_file_is_told_with_its_lab_and_what_it_is_worth() {
    let said = submit(&Student::perfect().without("lab5.rs"), &[]);
    let row = |name: &str| {
        let row = said
            .out
            .lines()
            .find(|line| line.trim_start().starts_with(name));
        row.unwrap_or_else(|| panic!("no {name} in: {}", said.out))
            .to_owned()
    };
    assert!(row("lab2.rs").contains(" 2 "), "{}", said.out);
    assert!(row("lab2.rs").contains(" of 20 points"), "{}", said.out);
    assert!(
        row("lab5.rs").ends_with("as it was handed out: nothing is written yet"),
        "{}",
        said.out
    );
    assert!(
        row("predict.toml").contains("0 of 33 answered"),
        "{}",
        said.out
    );
    assert!(
        said.out.contains("labs/skeleton/src/belady.trace (lab 8)"),
        "{}",
        said.out
    );
    assert!(!said.out.contains("main.rs"), "{}", said.out);
}

#[test]
fn unfinished_work_is_handed_in_unless_it_must_be_finished() {
    let student = Student::perfect().without("lab5.rs");
    assert_eq!(submit(&student, &[]).code, 0);
    let strict = submit(&student, &["--strict"]);
    assert_eq!(strict.code, 1, "{}", strict.out);
    assert!(
        strict.err.contains("nothing is handed in"),
        "{}",
        strict.err
    );
    drop(student);
    let of_all = submit(&Student::perfect(), &["--strict"]);
    assert_eq!(of_all.code, 0, "{}{}", of_all.out, of_all.err);
}

#[test]
fn what_does_not_compile_is_handed_in_and_told() {
    let student = Student::perfect().and("lab3.rs", "fn unfinished( {");
    let said = submit(&student, &[]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.out.contains("does not compile"), "{}", said.out);
}

#[test]
fn a_lab_is_handed_in_with_those_that_it_is_built_on() {
    let said = submit(&Student::perfect(), &["3"]);
    for (name, is_there) in [("lab1.rs", true), ("lab3.rs", true), ("lab4.rs", false)] {
        let has = said
            .out
            .lines()
            .any(|line| line.trim_start().starts_with(name));
        assert_eq!(has, is_there, "{name}: {}", said.out);
    }
    assert!(!said.out.contains("belady.trace"), "{}", said.out);
}

#[test]
fn a_forbidden_word_is_refused_at_its_place() {
    let student = Student::perfect().and("lab3.rs", "fn a() {}\nunsafe fn b() {}\n");
    let said = refused(&student);
    assert!(said.starts_with("error: `unsafe` is not allowed"), "{said}");
    assert!(said.contains("labs/skeleton/src/lab3.rs:2:1"), "{said}");
}

#[test]
fn what_is_no_text_or_too_much_of_it_is_refused() {
    let student = Student::perfect();
    let file = student.sources().join("lab9-suite.trace");
    fs::write(&file, [0xff, 0xfe]).expect("a written file");
    assert!(refused(&student).contains("lab9-suite.trace: not UTF-8 at byte 0"));
    fs::write(&file, "#".repeat((256 << 10) + 1)).expect("a written file");
    assert!(refused(&student).contains("lab9-suite.trace: more than 262144 bytes"));
    fs::remove_file(&file).expect("a file less");
    let many = "// a line\n".repeat(5_001);
    assert!(refused(&student.and("policy.rs", &many)).contains("policy.rs: more than 5000 lines"));
}

#[test]
fn a_name_that_some_system_does_not_take_is_refused() {
    for name in ["aux.trace", "what?.trace"] {
        let said = refused(&Student::perfect().and(name, "read 1 0x1000\n"));
        assert!(
            said.contains("not a name for a trace that is handed in"),
            "{said}"
        );
    }
}
