//! `cargo lab check`, as a student reads it.

use insta::assert_snapshot;

use crate::student::{Said, Student, repository};

/// The last thing that a check says if nothing is wrong and nothing is missing.
const ALL_PASS: &str = "all public checks pass; hidden traces are run at grading\n";

fn check(student: &Student, args: &[&str]) -> Said {
    student.lab(&[&["check"], args].concat())
}

/// What is said of a wrong handler of lab 2.
fn of_lab_2(right: &str, wrong: &str) -> String {
    let said = check(&Student::perfect().but("lab2.rs", right, wrong), &["2"]);
    assert_eq!(said.code, 1, "{}", said.out);
    said.out
}

#[test]
fn an_untouched_skeleton_has_no_points_and_is_told_where_to_begin() {
    let said = check(&Student::untouched(), &[]);
    assert_eq!(said.code, 1);
    assert_snapshot!(said.out);
}

#[test]
fn a_writable_zero_page_is_told_by_its_bits() {
    assert_snapshot!(of_lab_2("rights().read_only();", "rights();"));
}

#[test]
fn a_missing_flush_is_told_by_the_cpu_that_remembers() {
    assert_snapshot!(of_lab_2(
        "k.unmap(page).shoot_down(k)",
        "k.unmap(page).never_cached(k)"
    ));
}

#[test]
fn a_frame_that_is_not_zeroed_is_told_by_its_poison_and_who_mapped_it() {
    assert_snapshot!(of_lab_2("    k.zero(&frame);\n", ""));
}

#[test]
fn a_leak_is_told_by_the_line_that_took_the_frame_out() {
    assert_snapshot!(of_lab_2(
        "    k.put_old(old);\n    // FAULTLINE-HANDOUT\n    // let _ = (k, page);",
        "    let _ = old;"
    ));
}

#[test]
fn a_panic_is_told_with_its_line() {
    assert_snapshot!(of_lab_2(
        "let frame = k.alloc()?;",
        "let frame = k.alloc().ok().filter(|_| false).unwrap();"
    ));
}

#[test]
fn a_loop_without_end_is_stopped_and_told_by_the_event_that_it_began_in() {
    assert_snapshot!(of_lab_2(
        "    k.zero(&frame);\n",
        "    k.zero(&frame);\n    while std::hint::black_box(true) {}\n"
    ));
}

#[test]
fn one_fault_too_many_is_called_so() {
    let out = of_lab_2(
        "let rights = k.vma(fault.page).rights();\n    let frame",
        "let rights = k.vma(fault.page).rights().read_only();\n    let frame",
    );
    assert!(
        out.contains("got         minor demand-zero then minor reuse"),
        "{out}"
    );
    assert!(out.contains("one fault too many"), "{out}");
}

#[test]
fn the_wrong_signal_is_the_fault_of_whoever_classifies() {
    let wrong = Student::perfect().but(
        "lab1.rs",
        "return Err(Signal::maperr(fault.addr));",
        "return Err(Signal::accerr(fault.addr));",
    );
    let said = check(&wrong, &["1"]);
    assert_snapshot!(said.out);
}

#[test]
fn a_stack_that_grows_too_far_is_shown_as_the_vma_that_it_becomes() {
    let gap = "start.0 - below.end.0 < GUARD_GAP_PAGES";
    let wrong = Student::perfect().but("lab3.rs", gap, &format!("{gap} - 1"));
    let said = check(&wrong, &["3"]);
    assert!(
        said.out
            .contains("VMA         expected: none covers the address"),
        "{}",
        said.out
    );
    assert!(
        said.out.contains("yours:    [0x100101000, 0x100202000)"),
        "{}",
        said.out
    );
    assert!(
        said.out.contains("cargo lab hint 3 grow_stack"),
        "{}",
        said.out
    );
}

#[test]
fn a_wrong_victim_is_told_at_the_line_where_it_had_to_go() {
    let wrong = Student::perfect().but(
        "lab8.rs",
        "if !k.test_and_clear_accessed(candidate)",
        "if true",
    );
    let said = check(&wrong, &["8"]);
    assert_snapshot!(said.out);
}

#[test]
fn an_entry_that_fork_forgot_is_told_at_the_fork() {
    let wrong = Student::perfect().but(
        "lab7.rs",
        "    let old = k.map_slot(child, reference).never_cached(k);\n    k.put_old(old);",
        "    let _ = child;\n    k.put_slot(reference);",
    );
    assert_snapshot!(check(&wrong, &["1"]).out);
}

#[test]
fn what_is_told_is_the_first_mistake_and_not_how_the_run_ended_later() {
    let wrong = Student::perfect().but(
        "lab2.rs",
        "    k.zero(&frame);\n",
        "    assert!(fault.addr.0 != 0x10002000, \"later\");\n",
    );
    let said = check(&wrong, &["2"]);
    assert!(
        said.out.contains("failed: first-touch, line 7: read"),
        "{}",
        said.out
    );
    assert!(
        said.out.contains("later       a handler panicked: later"),
        "{}",
        said.out
    );
}

#[test]
fn whoever_leaves_the_process_is_told_so() {
    let out = of_lab_2("    k.zero(&frame);\n", "    std::process::exit(0);\n");
    assert!(
        out.contains("ended before the end of the trace (exit status: 0)"),
        "{out}"
    );
    assert!(out.contains("first-touch, line 5"), "{out}");
}

#[test]
fn what_prints_without_end_is_stopped() {
    let out = of_lab_2(
        "    k.zero(&frame);\n",
        "    while std::hint::black_box(true) { println!(\"here\"); }\n",
    );
    assert!(
        out.contains("output limit: printed more than 64 KiB"),
        "{out}"
    );
}

#[test]
fn what_grows_without_end_is_stopped() {
    let out = of_lab_2(
        "    k.zero(&frame);\n",
        "    let mut all = vec![1_u8];\n    while std::hint::black_box(true) { all.extend_from_within(..); }\n",
    );
    assert!(
        out.contains("memory limit: needed more than 256 MiB"),
        "{out}"
    );
}

#[test]
fn what_does_not_compile_is_told_by_the_compiler_alone() {
    let wrong = Student::perfect().but("lab2.rs", "let frame = k.alloc()?;", "let frame = 7;");
    let said = check(&wrong, &["2"]);
    assert_eq!(said.code, 1);
    assert_eq!(said.out, "");
    assert!(
        said.err.contains("error[E0308]: mismatched types"),
        "{}",
        said.err
    );
    assert!(
        said.err.contains("labs/skeleton/src/lab2.rs:"),
        "{}",
        said.err
    );
    assert!(!said.err.contains("aborting"), "{}", said.err);
    assert!(said.err.contains("does not compile"), "{}", said.err);
}

#[test]
fn everything_right_is_not_yet_everything() {
    let said = check(&Student::perfect(), &[]);
    assert_eq!(said.code, 0, "{}", said.out);
    assert!(said.out.ends_with(ALL_PASS), "{}", said.out);
    assert_snapshot!(said.out);
}

#[test]
fn right_handlers_that_are_written_differently_pass_as_well() {
    let folder = repository().join("grader/alternatives");
    let mut student = Student::perfect();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        student = student.with(&path);
        let said = check(&student, &[]);
        assert!(
            said.out.ends_with(ALL_PASS),
            "{}: {}",
            path.display(),
            said.out
        );
    }
}

#[test]
fn what_waits_for_another_lab_is_neither_right_nor_wrong() {
    let student = Student::perfect().without("lab3.rs");
    let said = check(&student, &["2"]);
    assert_eq!(said.code, 0, "{}", said.out);
    assert!(!said.out.contains(ALL_PASS), "{}", said.out);
    assert_snapshot!(said.out);
}

/// Lab 1 as the reference writes it, or nearly, and nothing else.
fn with_lab_1_alone(student: Student) -> Student {
    let others = (2..=8).map(|lab| format!("lab{lab}.rs"));
    others.fold(student, |student, file| student.without(&file))
}

#[test]
fn whoever_has_written_the_first_labs_waits_in_the_right_places() {
    let mut student = with_lab_1_alone(Student::perfect());
    for lab in 1..=8 {
        let said = check(&student, &["--allow-unwritten"]);
        assert_eq!(said.code, 0, "labs 1 to {lab}: {}", said.out);
        let next = format!("lab{}.rs", lab + 1);
        if let Ok(text) =
            std::fs::read_to_string(repository().join("labs/solution/src").join(&next))
        {
            student = student.and(&next, &text);
        }
    }
}

#[test]
fn a_run_that_waits_for_the_wrong_repair_is_wrong() {
    let right = "Residence::OnDisk => Ok(FaultKind::FileRead(page)),";
    let wrong = Student::perfect().but("lab1.rs", right, &right.replace("FileRead", "NewShared"));
    let said = check(&with_lab_1_alone(wrong), &["1"]);
    assert_eq!(said.code, 1);
    assert!(
        said.out.contains(
            "failed      warm-and-cold, line 7: demand-zero, not major file-r… (told below)"
        ),
        "{}",
        said.out
    );
    assert!(said.out.contains("hint 1 classify"), "{}", said.out);
}

#[test]
fn a_run_that_waits_in_a_fault_too_many_is_wrong() {
    let wrong = Student::perfect().without("lab5.rs").but(
        "lab2.rs",
        "let rights = k.vma(fault.page).rights();\n    let frame",
        "let rights = k.vma(fault.page).rights().read_only();\n    let frame",
    );
    let said = check(&wrong, &["2"]);
    assert!(
        said.out
            .contains("got         minor demand-zero then reuse"),
        "{}",
        said.out
    );
    assert!(said.out.contains("one fault too many"), "{}", said.out);
    assert!(said.out.contains("hint 2 demand_zero"), "{}", said.out);
}

#[test]
fn a_lab_that_waits_for_one_before_it_says_to_write_that_first() {
    let said = check(&Student::untouched(), &["2"]);
    assert!(
        said.out
            .contains("next: write `classify` at labs/skeleton/src/lab1.rs:"),
        "{}",
        said.out
    );
}

#[test]
fn a_loop_is_not_in_what_is_not_written() {
    let wrong = Student::untouched().but(
        "lab1.rs",
        "    let _ = (mm, fault);\n",
        "    let _ = (mm, fault);\n    while std::hint::black_box(true) {}\n",
    );
    let said = check(&wrong, &["1"]);
    assert!(said.out.contains("look at `classify`\n"), "{}", said.out);
    assert!(said.out.contains("hint 1 classify"), "{}", said.out);
}

#[test]
fn another_trace_than_the_first_can_be_told_in_full() {
    let wrong = Student::perfect().but("lab2.rs", "    k.zero(&frame);\n", "");
    let said = check(&wrong, &["2", "--trace", "heap"]);
    assert!(
        said.out.contains("failed: heap, line 16: read"),
        "{}",
        said.out
    );
}

#[test]
fn a_lab_without_code_has_nothing_that_could_pass() {
    let said = check(&Student::perfect(), &["9"]);
    assert_eq!(said.code, 0);
    assert!(!said.out.contains(ALL_PASS), "{}", said.out);
    assert!(said.out.ends_with("graded later\n"), "{}", said.out);
}

#[test]
fn what_is_not_written_is_forgiven_when_asked_and_what_is_wrong_is_not() {
    let code = |student: &Student, args: &[&str]| {
        let said = check(student, args);
        (said.code, said.out + &said.err)
    };
    let untouched = Student::untouched();
    let (strict, told) = code(&untouched, &["1"]);
    assert_eq!(strict, 1, "{told}");
    let (lenient, told) = code(&untouched, &["1", "--allow-unwritten"]);
    assert_eq!(lenient, 0, "{told}");
    assert!(told.contains("not written"), "{told}");
    drop(untouched);
    // Lab 3 is missing and lab 2 wrong: the one does not excuse the other.
    let half = Student::perfect().without("lab3.rs");
    let wrong = half.but("lab2.rs", "    k.zero(&frame);\n", "");
    let (failing, told) = code(&wrong, &["--allow-unwritten"]);
    assert_eq!(failing, 1, "{told}");
    assert!(told.contains("failed      first-touch, line 7"), "{told}");
    drop(wrong);
    let broken = Student::perfect().but("lab2.rs", "let frame = k.alloc()?;", "let frame = 7;");
    let (broken, told) = code(&broken, &["--allow-unwritten"]);
    assert_eq!(broken, 1, "{told}");
    assert!(told.contains("labs/skeleton does not compile"), "{told}");
}

#[test]
fn what_is_not_there_is_a_mistake_of_usage() {
    let student = Student::perfect();
    for args in [&["23"][..], &["2", "--trace", "no-such-trace"]] {
        let said = check(&student, args);
        assert_eq!((said.code, said.out.as_str()), (2, ""), "{}", said.err);
        assert!(said.err.contains("help:"), "{}", said.err);
    }
}

#[test]
fn the_json_has_the_form_of_its_schema() {
    let schema = include_str!("../../schema/check.schema.json");
    let schema = serde_json::from_str(schema).expect("the schema is JSON");
    let validator = jsonschema::validator_for(&schema).expect("the schema is one");
    let wrong = Student::perfect().but("lab2.rs", "rights().read_only();", "rights();");
    let said = check(&wrong, &["--format", "json"]);
    assert_eq!(said.code, 1);
    let json: serde_json::Value = serde_json::from_str(&said.out).expect("JSON");
    let mistakes: Vec<String> = validator
        .iter_errors(&json)
        .map(|it| it.to_string())
        .collect();
    assert_eq!(mistakes, Vec::<String>::new());
    assert_eq!(json["finding"]["hole"], "zero_page");
}
