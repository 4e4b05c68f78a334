//! What each course system's names say.

use collect::layout::Layout;

use crate::{folder, zip};

#[test]
fn canvas_puts_all_files_of_a_student_into_one_hand_in() {
    let told = zip(&[
        ("lovelaceada_501_9001_lab1.rs", "a"),
        ("lovelaceada_501_9002_lab2.rs", "b"),
        ("hoppergrace_LATE_77_9003_lab1.rs", "c"),
    ])
    .told();
    assert_eq!(told, "501 1: lab1.rs=a lab2.rs=b\n77 1 late: lab1.rs=c");
}

#[test]
fn canvas_gives_a_file_that_came_again_another_name_and_it_is_the_file_all_the_same() {
    let told = zip(&[
        ("doejane_501_9001_lab1-1.rs", "new"),
        ("doejane_501_9002_lab2-2.rs", "b"),
        ("doejane_501_9003_random-03.trace", "t"),
    ])
    .told();
    assert_eq!(told, "501 1: lab1.rs=new lab2.rs=b random-03.trace=t");
}

#[test]
fn of_two_files_that_were_one_canvas_the_later_attachment_counts() {
    let told = zip(&[
        ("doejane_501_9002_lab1-1.rs", "later"),
        ("doejane_501_9001_lab1.rs", "earlier"),
    ])
    .told();
    assert_eq!(told, "501 1: lab1.rs=later");
}

#[test]
fn a_text_or_a_link_in_canvas_is_no_file() {
    let told = zip(&[
        ("doejane_501_text.html", "<p>"),
        ("hoppergrace_LATE_77_link.html", "<a>"),
        ("allenfran_78_9001_lab1.rs", "a"),
    ])
    .told();
    assert_eq!(told, "501 1: \n77 1 late: \n78 1: lab1.rs=a");
}

#[test]
fn canvas_may_withhold_names() {
    let told = zip(&[
        ("anon_x1Yz2_9001_lab1.rs", "a"),
        ("LATE_anon_Q7abc_9002_lab1.rs", "b"),
    ])
    .told();
    assert_eq!(
        told,
        "anon_Q7abc 1 late: lab1.rs=b\nanon_x1Yz2 1: lab1.rs=a"
    );
}

#[test]
fn a_student_may_be_called_anon_or_late_or_a_number() {
    let told = zip(&[
        ("lateanon_1_91_lab1.rs", "a"),
        ("anon_2_92_lab1.rs", "b"),
        ("3_3_93_lab1.rs", "c"),
        ("_4_94_lab1.rs", "d"),
        ("李小龙_5_95_lab1.rs", "e"),
        ("शर्माप्रिया_6_96_lab1.rs", "f"),
    ])
    .told();
    assert_eq!(
        told,
        "1 1: lab1.rs=a\n2 1: lab1.rs=b\n3 1: lab1.rs=c\n4 1: lab1.rs=d\n5 1: lab1.rs=e\n\
         6 1: lab1.rs=f"
    );
}

#[test]
fn a_canvas_name_with_a_number_at_its_end_is_read_as_its_other_files_say() {
    // Attachments have one number each, so 501 is no attachment of a user 2.
    let told = zip(&[
        ("smith_2_501_9001_lab1.rs", "a"),
        ("smith_2_501_9002_lab2.rs", "b"),
    ])
    .told();
    assert_eq!(told, "501 1: lab1.rs=a lab2.rs=b");
}

#[test]
fn a_canvas_name_that_nothing_makes_clear_is_nobodys() {
    let told = zip(&[("smith_2_501_9001_lab1.rs", "a")]).told();
    assert_eq!(
        told,
        "smith_2_501_9001_lab1.rs 1 unmatched (it may be of user 2 or of user 501): \
         9001_lab1.rs=a"
    );
}

#[test]
fn the_numbers_of_other_attachments_make_a_canvas_name_clear() {
    let told = zip(&[
        ("smith_2_501_9001_lab1.rs", "a"),
        ("hoppergrace_77_9003_lab1.rs", "b"),
        ("doejane_78_9007_2026_11_lab1.rs", "c"),
    ])
    .told();
    assert_eq!(
        told,
        "501 1: lab1.rs=a\n77 1: lab1.rs=b\n78 1: 2026_11_lab1.rs=c"
    );
}

#[test]
fn the_roster_makes_a_canvas_name_clear() {
    let told = zip(&[("smith_2_501_9001_lab1.rs", "a")])
        .with_roster(&[("501", "", "")])
        .told();
    assert_eq!(told, "501 1: lab1.rs=a");
}

#[test]
fn no_file_name_makes_a_canvas_hand_in_somebody_elses() {
    let told = zip(&[
        ("smith_7_9002_501_9001_lab1.rs", "forged"),
        ("smith_7_9003_lab2.rs", "his"),
        ("doejane_501_9001_lab1.rs", "hers"),
    ])
    .told();
    assert_eq!(
        told,
        "501 1: lab1.rs=hers\n7 1: 501_9001_lab1.rs=forged lab2.rs=his"
    );
}

#[test]
fn no_name_makes_a_canvas_hand_in_somebody_elses() {
    // User 7 calls himself `x_501`, and 501 has handed in nothing.
    let told = zip(&[
        ("x_501_7_9002_lab1.rs", "forged"),
        ("hoppergrace_77_9003_lab1.rs", "b"),
    ])
    .with_roster(&[("7", "", ""), ("501", "", ""), ("77", "", "")])
    .told();
    assert_eq!(told, "7 1: lab1.rs=forged\n77 1: lab1.rs=b");
}

#[test]
fn a_canvas_user_with_two_names_is_not_believed() {
    let told = zip(&[
        ("doejane_501_9001_lab1.rs", "hers"),
        ("malory_501_9002_lab1.rs", "forged"),
    ])
    .told();
    let why = "unmatched (user 501 has several names)";
    assert_eq!(
        told,
        format!(
            "doejane_501_9001_lab1.rs 1 {why}: lab1.rs=hers\nmalory_501_9002_lab1.rs 1 {why}: \
             lab1.rs=forged"
        )
    );
}

#[test]
fn moodle_has_a_folder_for_each_student() {
    let told = zip(&[
        ("Ada Lovelace_1234_assignsubmission_file_/lab1.rs", "a"),
        ("Ada Lovelace_1234_assignsubmission_file_/src/lab2.rs", "b"),
        (
            "Ada Lovelace_1234_assignsubmission_onlinetext_/onlinetext.html",
            "<p>",
        ),
        ("李 小龙_1235_assignsubmission_file/lab1.rs", "c"),
        (
            "Participant_1236_assignsubmission_onlinetext/onlinetext.html",
            "<p>",
        ),
    ])
    .told();
    assert_eq!(
        told,
        "1234 1: lab1.rs=a src/lab2.rs=b\n1235 1: lab1.rs=c\n1236 1: "
    );
}

#[test]
fn moodle_may_have_no_folders() {
    let told = zip(&[
        ("Ada Lovelace_1234_assignsubmission_file_lab1.rs", "a"),
        ("Ada Lovelace_1234_assignsubmission_file_lab2.rs", "b"),
        (
            "Participant_77_assignsubmission_file_x_5_assignsubmission_file_lab1.rs",
            "forged",
        ),
    ])
    .told();
    assert_eq!(
        told,
        "1234 1: lab1.rs=a lab2.rs=b\n77 1: x_5_assignsubmission_file_lab1.rs=forged"
    );
}

#[test]
fn two_students_of_one_name_are_two() {
    let told = zip(&[
        ("Jane Doe_10_assignsubmission_file_/lab1.rs", "one"),
        ("Jane Doe_11_assignsubmission_file_/lab1.rs", "other"),
    ])
    .told();
    assert_eq!(told, "10 1: lab1.rs=one\n11 1: lab1.rs=other");
}

#[test]
fn whoever_is_in_no_moodle_group_cannot_be_told() {
    let told = zip(&[
        ("Default group_assignsubmission_file_/lab1.rs", "a"),
        ("Team A_77_assignsubmission_file_/lab1.rs", "b"),
    ])
    .told();
    assert_eq!(
        told,
        "77 1: lab1.rs=b\nDefault group 1 unmatched (Moodle gives no number: students in no \
         group hand in as one): lab1.rs=a"
    );
}

const METADATA: &str = "submission_1:
  :submitters:
  - :name: First Last
    :sid: '0123'
    :email: first@example.edu
  :created_at: 2026-04-26 17:34:00.861687000 Z
  :score: 2.0
  :results:
    output: |-
      =====
      :submitters: everybody
submission_2:
  :submitters:
  - :name: Alice
    :sid: 111
    :email: alice@example.edu
  - :name: Bob
    :email: bob@example.edu
  :created_at: 2026-04-26 10:34:00.000000000 -07:00
submission_3:
  :submitters: []
submission_4:
  :submitters:
  - :sid: 444
";

#[test]
fn gradescope_says_whose_a_folder_is() {
    let told = zip(&[
        ("assignment_9_export/submission_metadata.yml", METADATA),
        ("assignment_9_export/submission_1/lab1.rs", "a"),
        ("assignment_9_export/submission_2/lab1.rs", "b"),
        ("assignment_9_export/submission_3/lab1.rs", "c"),
        ("__MACOSX/assignment_9_export/._submission_1", "junk"),
    ])
    .told();
    assert_eq!(
        told,
        "0123 1 at 2026-04-26T17:34:00.861687Z: lab1.rs=a\n\
         111 1 +bob@example.edu at 2026-04-26T17:34:00Z: lab1.rs=b\n\
         444 1: \n\
         submission_3 1 unmatched (submission_metadata.yml does not say whose it is): lab1.rs=c"
    );
}

#[test]
fn gradescope_metadata_that_cannot_be_read_is_told_with_its_place() {
    let refusal = zip(&[
        (
            "submission_metadata.yml",
            "submission_1:\n  :submitters: [\n",
        ),
        ("submission_1/lab1.rs", "a"),
    ])
    .refusal();
    assert!(
        refusal.starts_with("class.zip: submission_metadata.yml: "),
        "{refusal}"
    );
    assert!(refusal.contains("help: "), "{refusal}");
}

#[test]
fn gradescope_metadata_with_all_output_of_a_large_class_is_read() {
    let output = "      line of output\n".repeat(100);
    let entry = |number: usize| {
        let results: String = (0..100)
            .map(|test| format!("    - score: 1.0\n      name: test {test}\n      tags: []\n"))
            .collect();
        format!(
            "submission_{number}:\n  :submitters:\n  - :sid: '{number}'\n  :results:\n    \
             tests:\n{results}    output: |-\n{output}"
        )
    };
    let metadata: String = (0..400).map(entry).collect();
    let told = zip(&[
        ("submission_metadata.yml", &metadata),
        ("submission_7/lab1.rs", "a"),
    ])
    .collect();
    assert_eq!(told.attempts.len(), 400);
}

const TEXT: &str = "Name: Jane (JJ) Doe (jane_doe)
Assignment: Lab 1
Date Submitted: Friday, November 20, 2026 9:03:11 PM UTC
Current Grade: Needs Grading

Submission Field:
Name: Malory (malory)
Files:
\tOriginal filename: lab2.rs
\tFilename: Lab_1_jane_doe_attempt_2026-11-20-21-03-11_x.rs

Comments:
none

Files:
\tOriginal filename: lab1.rs
\tFilename: Lab_1_jane_doe_attempt_2026-11-20-21-03-11_lab1_1.rs
";

#[test]
fn blackboard_tells_the_user_and_the_files_in_a_text_beside_them() {
    let mut export = zip(&[
        ("Lab_1_jane_doe_attempt_2026-11-20-21-03-11.txt", TEXT),
        (
            "Lab_1_jane_doe_attempt_2026-11-20-21-03-11_lab1_1.rs",
            "late",
        ),
        (
            "Lab_1_jane_doe_attempt_2026-11-19-08-00-00_lab1.rs",
            "first",
        ),
        ("Lab_1_ada_attempt_2026-11-19-08-00-00_lab1.rs", "ada"),
    ]);
    export.ask.class.zone = Some(roster::moment::zone("Europe/Berlin").expect("a zone"));
    assert_eq!(
        export.told(),
        "ada 1 at 2026-11-19T07:00:00Z: lab1.rs=ada\n\
         jane_doe 1 at 2026-11-19T07:00:00Z: lab1.rs=first\n\
         jane_doe 2 at 2026-11-20T20:03:11Z: lab1.rs=late"
    );
}

#[test]
fn a_blackboard_text_that_contradicts_its_name_is_not_believed() {
    let told = zip(&[
        (
            "Lab_ada_attempt_2026-11-20-21-03-11.txt",
            "Name: Bob (bob)\n\n",
        ),
        ("Lab_ada_attempt_2026-11-20-21-03-11_lab1.rs", "a"),
        ("Lab_eve_attempt_2026-11-20-21-03-11_lab1.rs", "b"),
    ])
    .told();
    assert!(told.contains("Lab_ada 1"), "{told}");
    assert!(
        told.contains("unmatched (its text says that it is of `bob`)"),
        "{told}"
    );
}

#[test]
fn autolab_has_addresses_with_underscores_and_all_versions() {
    let told = zip(&[
        ("ada_b_1@example.edu_10_handin.zip", "j"),
        ("ada_b_1@example.edu_9_handin.zip", "i"),
        ("eve@x.org_1_a@y.org_2_lab1.rs", "forged"),
    ])
    .told();
    assert_eq!(
        told,
        "ada_b_1@example.edu 1: [handin.zip]\nada_b_1@example.edu 2: [handin.zip]\n\
         eve@x.org 1: a@y.org_2_lab1.rs=forged"
    );
}

#[test]
fn the_handin_folder_of_autolab_is_read_too() {
    let told = folder(&[
        ("ada@example.edu/1_lab1.rs", "a"),
        ("ada@example.edu/2_lab1.rs", "b"),
        ("ada@example.edu/2_autograde.txt", "what the grader said"),
        (
            "ada@example.edu/annotated_2_lab1.rs",
            "what an assistant said",
        ),
    ])
    .told();
    assert_eq!(
        told,
        "ada@example.edu 1: lab1.rs=a\nada@example.edu 2: lab1.rs=b"
    );
}

#[test]
fn a_folder_of_clones_is_read_without_git() {
    let told = folder(&[
        ("os-lab1-ada-l/.git/HEAD", ""),
        ("os-lab1-ada-l/src/lab1.rs", "a"),
        ("os-lab1-bob/.git/HEAD", ""),
        ("os-lab1-bob/lab1.rs", "b"),
    ])
    .with_roster(&[("u1", "", "Ada-L"), ("u2", "", "bob")])
    .told();
    assert_eq!(
        told,
        "u1 1: .git/HEAD= src/lab1.rs=a\nu2 1: .git/HEAD= lab1.rs=b"
    );
}

#[test]
fn the_table_of_scores_says_where_a_login_begins_and_when_it_was() {
    let told = zip(&[
        (
            "scores.csv",
            "username,datetime,late\nada-l,2026-11-20T21:03:11Z,true\nbob,2026-11-20T20:00:00Z,\n",
        ),
        ("os-lab1-ada-l/lab1.rs", "a"),
        ("os-lab1-bob/lab1.rs", "b"),
        ("os-lab1-carol/lab1.rs", "c"),
    ])
    .told();
    assert_eq!(
        told,
        "ada-l 1 at 2026-11-20T21:03:11Z late: lab1.rs=a\nbob 1 at 2026-11-20T20:00:00Z: \
         lab1.rs=b\ncarol 1: lab1.rs=c"
    );
}

#[test]
fn brightspace_keeps_all_attempts() {
    let mut export = zip(&[
        ("index.html", ""),
        ("501-77 - Ada - Lovelace - Nov 20, 2026 903 PM/lab1.rs", "b"),
        ("501-77 - Ada - Lovelace - Nov 9, 2026 1103 AM/lab1.rs", "a"),
    ]);
    export.ask.class.zone = Some(jiff::tz::TimeZone::UTC);
    assert_eq!(
        export.told(),
        "501 1 at 2026-11-09T11:03:00Z: lab1.rs=a\n501 2 at 2026-11-20T21:03:00Z: lab1.rs=b"
    );
}

#[test]
fn a_brightspace_number_with_two_names_is_not_believed() {
    let told = zip(&[
        ("501-77 - Ada Lovelace - Nov 20, 2026 903 PM/lab1.rs", "a"),
        ("501-77 - Jane Doe - Nov 20, 2026 904 PM/lab1.rs", "b"),
    ])
    .told();
    assert_eq!(
        told.matches("unmatched (user 501 has several names)")
            .count(),
        2,
        "{told}"
    );
}

#[test]
fn names_of_ones_own_are_described() {
    let told = zip(&[
        ("week5/u1/1/20261119-080000/lab1.rs", "a"),
        ("week5/u1/2/20261120-080000/lab1.rs", "b"),
        ("week5/u2/1/20261120-090000/src/lab1.rs", "c"),
    ])
    .described(r"week5/(?<student>[^/]+)/(?<attempt>\d+)/(?<time>[^/]+)/(?<file>.+)");
    let mut told = told;
    told.ask.class.zone = Some(jiff::tz::TimeZone::UTC);
    assert_eq!(
        told.told(),
        "u1 1 at 2026-11-19T08:00:00Z: lab1.rs=a\nu1 2 at 2026-11-20T08:00:00Z: lab1.rs=b\n\
         u2 1 at 2026-11-20T09:00:00Z: src/lab1.rs=c"
    );
}

#[test]
fn a_pattern_that_says_too_little_names_the_group() {
    let refused = |text: &str| {
        let pattern: Result<collect::layout::pattern::Pattern, _> = text.parse();
        pattern.expect_err("a refusal").to_string()
    };
    assert!(refused("(?<student>[^/]+)/.*").contains("it has no group `file`"));
    assert!(refused("(?<file>.*)").contains("it has no group `student`"));
    assert!(refused("(?<student>.)(?<file>.)(?<who>.)").contains("a group `who`, and there are"));
    assert!(refused("(?<student>[)").contains("unclosed character class"));
}

#[test]
fn one_folder_around_everything_changes_nothing() {
    let told = zip(&[
        ("download/lovelaceada_501_9001_lab1.rs", "a"),
        ("download/hoppergrace_77_9003_lab1.rs", "c"),
    ])
    .told();
    assert_eq!(told, "501 1: lab1.rs=a\n77 1: lab1.rs=c");
}

#[test]
fn windows_separates_folders_in_its_own_way() {
    let told = zip(&[
        ("Ada_1234_assignsubmission_file_\\src\\lab1.rs", "a"),
        ("Bob_1235_assignsubmission_file_\\lab1.rs", "b"),
    ])
    .told();
    assert_eq!(told, "1234 1: src/lab1.rs=a\n1235 1: lab1.rs=b");
}

#[test]
fn a_layout_that_was_asked_for_is_taken_at_its_word() {
    let refusal = zip(&[("ada/lab1.rs", "a")])
        .laid_out(Layout::Moodle)
        .refusal();
    assert_eq!(
        refusal,
        "class.zip: nothing in it has the form of `moodle`: \
         `Ada Lovelace_1234_assignsubmission_file_/lab1.rs`\n\
         what lies there: `ada/lab1.rs`\n\
         help: leave out `--layout` to have it recognised"
    );
}
