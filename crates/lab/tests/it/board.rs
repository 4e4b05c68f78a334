//! `cargo lab` alone, and `cargo lab hint`.

use insta::assert_snapshot;

use crate::student::Student;

#[test]
fn the_board_of_an_untouched_skeleton_says_where_to_begin() {
    let said = Student::untouched().lab(&[]);
    assert_eq!(said.code, 0, "{}", said.err);
    assert_snapshot!(said.out);
}

#[test]
fn the_board_shows_holes_where_somebody_is_at_work() {
    let student =
        Student::perfect()
            .without("lab3.rs")
            .but("lab2.rs", "rights().read_only();", "rights();");
    assert_snapshot!(student.lab(&[]).out);
}

#[test]
fn the_board_says_what_is_handed_in_and_what_is_malformed() {
    let student = Student::perfect()
        .but("predict.toml", "page-fault = \"\"", "page-fault = \"b\"")
        .and("belady.trace", "machine frames=3\nreed 1 0x1000\n")
        .and(
            "mine.trace",
            "mmap 1 0x10000000 4K rw private anon\nread 1 0x10000000\n",
        );
    let out = student.lab(&[]).out;
    for words in [
        "predict        ? of 4      1 of 33 answers; graded later",
        "malformed: belady.trace:2:1: ",
        "break-it       ? of 20     1 trace; graded later",
        "152 of 152 points on public traces",
    ] {
        assert!(out.contains(words), "`{words}` is not in:\n{out}");
    }
}

/// Belady's own reference string, and the same without its last five accesses.
const STRING: [u64; 12] = [1, 2, 3, 4, 1, 2, 5, 1, 2, 3, 4, 5];

fn reference_string(accesses: &[u64]) -> String {
    let head = "machine frames=3\nfile lib 20K cold\nmmap 1 0x20000000 20K r shared lib\n";
    let access = |page: &u64| format!("read 1 {:#x}\n", 0x2000_0000 + (page - 1) * 0x1000);
    accesses
        .iter()
        .map(access)
        .fold(head.to_owned(), |trace, access| trace + &access)
}

#[test]
fn the_board_counts_the_page_ins_of_a_trace_with_belady_s_anomaly() {
    let student = Student::perfect().and("belady.trace", &reference_string(&STRING));
    let out = student.lab(&[]).out;
    let shown = "belady         ? of 4      9 page-ins with 3 frames, 10 with 4; graded l…";
    assert!(out.contains(shown), "{out}");
    let student = student.and("belady.trace", &reference_string(&STRING[..7]));
    let out = student.lab(&[]).out;
    let shown = "belady         ? of 4      7 page-ins with 3 frames, only 5 with 4\n";
    assert!(out.contains(shown), "{out}");
}

#[test]
fn hints_come_one_at_a_time_and_begin_anew_when_the_hole_passes() {
    let wrong = || Student::perfect().but("lab2.rs", "rights().read_only();", "rights();");
    let first = "hint 1 of 3 for `zero_page` of lab 2";
    let second = "hint 2 of 3 for `zero_page` of lab 2";
    let student = wrong().forgetful();
    assert!(student.lab(&["hint"]).out.starts_with(first));
    let said = student.lab(&["hint"]).out;
    assert!(said.starts_with(second), "{said}");
    assert!(!said.contains(first), "{said}");
    assert!(
        said.ends_with("1 more: cargo lab hint 2 zero_page\n"),
        "{said}"
    );
    drop(student);
    let right = Student::perfect();
    assert_eq!(right.lab(&["check", "2"]).code, 0);
    assert!(right.lab(&["hint"]).out.contains("no hint is needed"));
    drop(right);
    assert!(wrong().lab(&["hint", "2"]).out.starts_with(first));
}

#[test]
fn a_hint_can_be_asked_for_by_its_number_and_no_other_is_shown() {
    let said = Student::perfect().lab(&["hint", "2", "zero_page", "--level", "2"]);
    assert_eq!(said.out.matches("hint ").count(), 2, "{}", said.out);
    let said = Student::perfect().lab(&["hint", "2", "zero_page", "--level", "9"]);
    assert_eq!((said.code, said.out.as_str()), (2, ""));
}
