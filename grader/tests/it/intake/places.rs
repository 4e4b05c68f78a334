//! Where the files stand in a submission.

use super::*;

#[test]
fn a_flat_submission_is_taken() {
    check(
        "lab1.rs = one
         lab2.rs = two
         policy.rs = mine
         predict.toml = p
         belady.trace = b
         notes.txt = n",
        "lab1.rs = one
         lab2.rs = two
         policy.rs = mine
         predict.toml = p
         belady.trace = b
         ignored: notes.txt",
    );
}

#[test]
fn wrapping_folders_are_seen_through() {
    for place in [
        "src",
        "submission/src",
        "alice-main/labs/skeleton/src",
        "./alice",
        "Übung 3/Müller, Anna (42)/abgabe",
    ] {
        check(
            &format!("{place}/lab1.rs = one\n{place}/lab9.rs = nine"),
            &format!(
                "lab1.rs = one\nignored: {}/lab9.rs",
                place.trim_start_matches("./")
            ),
        );
    }
}

#[test]
fn a_folder_for_each_lab_is_one_submission() {
    check(
        "lab1/lab1.rs = one
         lab2/lab2.rs = two
         lab9/a.trace = elsewhere",
        "lab1.rs = one
         lab2.rs = two
         ignored: lab9/a.trace",
    );
}

#[test]
fn two_different_files_of_one_name_are_refused_with_both_names() {
    check(
        "a/lab2.rs = one
         b/lab2.rs = two",
        "refused: `a/lab2.rs`: there is another one, `b/lab2.rs`, and they differ
         help: hand in one of the two",
    );
    check(
        "lab2.rs = one
         src/lab2.rs = two",
        "refused: `lab2.rs`: there is another one, `src/lab2.rs`, and they differ
         help: hand in one of the two",
    );
}

#[test]
fn of_two_equal_files_the_outer_one_counts() {
    check(
        "src/lab2.rs = same
         lab2.rs = same",
        "lab2.rs = same
         ignored: src/lab2.rs",
    );
}

#[test]
fn what_the_handouts_workspace_has_beside_the_skeleton_is_not_the_students() {
    check(
        "w/crates/mutants/src/lab1.rs = ours
         w/crates/mutants/src/lab2.rs = ours
         w/labs/skeleton/src/lab1.rs = theirs
         w/labs/01/traces/a.trace = ours
         w/Cargo.toml = t
         w/build.rs = b",
        "lab1.rs = theirs
         ignored: w/Cargo.toml
         ignored: w/build.rs
         ignored: w/crates/ (2 files)
         ignored: w/labs/01/traces/a.trace",
    );
}

#[test]
fn a_file_that_is_still_the_handouts_yields_to_one_that_is_not() {
    let handout = unpacked("lab1.rs = todo\nlab2.rs = todo");
    let of = |description: &str| {
        let folder = unpacked(description);
        said(Submission::at(folder.path()).read_beside(handout.path()))
    };
    let got = of("lab1.rs = done\nw/labs/skeleton/src/lab1.rs = todo\n\
                  w/labs/skeleton/src/lab2.rs = todo");
    let expected = "lab1.rs = done
                    lab2.rs = todo
                    ignored: w/labs/skeleton/src/lab1.rs";
    assert_eq!(got, trimmed(expected));
    let got = of("a/lab1.rs = done\nb/lab1.rs = other\nc/lab1.rs = todo");
    assert!(got.starts_with("refused: `a/lab1.rs`: there is another one, `b/lab1.rs`"));
}

#[test]
fn exercises_without_code_count_in_the_outermost_folder() {
    check(
        "w/predict.toml = p
         w/old/predict.toml = q",
        "predict.toml = p
         ignored: w/old/predict.toml",
    );
    check(
        "a/x.trace = x\nb/y.trace = y",
        "ignored: a/x.trace\nignored: b/y.trace",
    );
}

#[test]
fn a_name_in_another_case_is_ignored_and_its_student_told() {
    check("Lab1.rs = one", "ignored: Lab1.rs (write it lab1.rs)");
}
