//! The grading worksheet of Moodle: what its importer takes, and what it leaves out.

use sheets::canvas::Missing;
use sheets::cells::Sheet;
use sheets::grades::{Grade, Points};
use sheets::moodle::language::LANGUAGES;
use sheets::moodle::{Comments, Headers, Wish, fill};
use sheets::number::{Decimal, Scale};

use crate::{gets, is, known};

const HEADER: &str = "Identifier,\"Full name\",\"Email address\",Status,Grade,\"Maximum Grade\",\"Grade can be changed\",\"Last modified (submission)\",\"Last modified (grade)\",\"Feedback comments\"\n";
const TIME: &str = "\"Friday, 20 November 2026, 9:03 PM\"";

/// A row: participant, grade, whether it can be changed, the grade's time, comment.
fn row(number: u32, grade: &str, can: &str, time: &str, comment: &str) -> String {
    format!(
        "\"Participant {number}\",\"Jane Doe\",j{number}@x.edu,\"No submission\",{grade},100.00,{can},-,{time},{comment}\n"
    )
}

fn filled(sheet: &str, grades: &[Grade], wish: &Wish) -> (String, String) {
    let mut sheet = Sheet::read(sheet.as_bytes().to_vec()).expect("a sheet");
    let report = fill(&mut sheet, grades, wish).expect("a worksheet");
    (
        String::from_utf8(sheet.bytes()).expect("text"),
        report.render(),
    )
}

/// What becomes of rows, below the head; comments stay as they are.
fn rows(before: &str, grades: &[Grade], wish: &Wish) -> (String, String) {
    let wish = Wish {
        comments: Comments::AsTheyAre,
        ..wish.clone()
    };
    let (after, said) = filled(&format!("{HEADER}{before}"), grades, &wish);
    (
        after
            .strip_prefix(HEADER)
            .expect("the same head")
            .to_owned(),
        said,
    )
}

#[test]
fn a_participant_is_found_by_number_or_address() {
    let before = [
        row(12, "", "Yes", "-", ""),
        row(13, "", "Yes", "-", ""),
        row(14, "", "Yes", "-", ""),
    ]
    .concat();
    let grades = [
        gets("12", 71.5),
        known("u13", "J13@x.edu", "j", 60.0),
        gets("unmatched 99", 1.0),
    ];
    let (after, said) = rows(&before, &grades, &Wish::default());
    let expected = [
        row(12, "71.50", "Yes", "-", ""),
        row(13, "60.00", "Yes", "-", ""),
        row(14, "", "Yes", "-", ""),
    ]
    .concat();
    assert_eq!(after, expected);
    assert_eq!(
        said,
        "2 filled in, 0 unchanged\n1 graded, and not in the sheet: unmatched 99\n\
        1 in the sheet, and handed in nothing: Jane Doe (Participant 14)\n"
    );
}

#[test]
fn a_row_that_moodle_would_leave_out_is_told_and_stays() {
    let before = [
        row(1, "", "No", "-", ""),
        row(2, "", "Yes", "-", ""),
        row(3, "", "Yes", "-", ""),
        row(4, "", "Yes", "-", ""),
        "Nobody,x,,,,100.00,Yes,-,-,\n".to_owned(),
        "\"Participant 6\",x\n".to_owned(),
        row(2, "", "Yes", "-", ""),
    ]
    .concat();
    let grades = [
        gets("1", 1.0),
        gets("2", -2.0),
        gets("3", 100.5),
        is("4", Points::NotGraded),
        gets("6", 6.0),
    ];
    let (after, said) = rows(&before, &grades, &Wish::default());
    assert_eq!(after, before);
    for expected in [
        "line 2, Jane Doe (Participant 1): the grade is locked",
        "line 3, Jane Doe (Participant 2): -2 points are less than none",
        "line 4, Jane Doe (Participant 3): 100.5 points are more than 100",
        "line 5, Jane Doe (Participant 4): was not graded",
        "line 6, x (Nobody): `Nobody` does not end in the number of a participant",
        "line 7, x (Participant 6): the row is too short",
        "line 8, Jane Doe (Participant 2): `2` has a row already, on line 3",
    ] {
        assert!(said.contains(expected), "{expected}: {said}");
    }
    assert_eq!(said.matches("warning: ").count(), 7, "{said}");
}

#[test]
fn what_is_the_same_already_is_counted() {
    let (after, said) = rows(
        &row(1, "71.50", "Yes", TIME, ""),
        &[gets("1", 71.5)],
        &Wish::default(),
    );
    assert_eq!(after, row(1, "71.50", "Yes", TIME, ""));
    assert_eq!(said, "0 filled in, 1 unchanged\n");
}

#[test]
fn a_grade_whose_time_moodle_cannot_read_is_told_of() {
    for (time, is_told) in [
        (TIME, false),
        ("-", true),
        ("", true),
        ("\"vendredi 20 novembre 2026, 21:03 é\"", true),
    ] {
        let (after, said) = rows(
            &row(1, "50.00", "Yes", time, ""),
            &[gets("1", 71.5)],
            &Wish::default(),
        );
        assert_eq!(after, row(1, "71.50", "Yes", time, ""));
        assert_eq!(
            said.contains("of a time that Moodle cannot read"),
            is_told,
            "{time}: {said}"
        );
        let (_, said) = rows(
            &row(1, "", "Yes", time, ""),
            &[gets("1", 71.5)],
            &Wish::default(),
        );
        assert!(!said.contains("of a time"), "there is no grade yet: {said}");
    }
}

#[test]
fn comments_are_added_replaced_or_left() {
    let text = |comments: Comments, before: &str| {
        let wish = Wish {
            comments,
            ..Wish::default()
        };
        let before = format!("{HEADER}{}", row(1, "", "Yes", "-", before));
        let (after, said) = filled(&before, &[gets("1", 71.5)], &wish);
        let comment = after
            .trim_end()
            .rsplit(",-,")
            .next()
            .expect("a cell")
            .to_owned();
        (comment, said.contains("has a comment already"))
    };
    let ours = "<p>71.50 of 100 points</p>".to_owned();
    assert_eq!(text(Comments::Added, ""), (ours.clone(), false));
    assert_eq!(
        text(Comments::Added, "<p>see me</p>"),
        ("<p>see me</p>".to_owned(), true)
    );
    assert_eq!(text(Comments::Added, &ours), (ours.clone(), false));
    assert_eq!(text(Comments::Replaced, "<p>see me</p>"), (ours, false));
    assert_eq!(text(Comments::AsTheyAre, ""), (String::new(), false));
}

#[test]
fn no_comment_goes_where_no_grade_goes() {
    let before = format!("{HEADER}{}", row(1, "", "No", "-", ""));
    assert_eq!(
        filled(&before, &[gets("1", 71.5)], &Wish::default()).0,
        before
    );
}

#[test]
fn zeroes_are_given_where_they_are_wanted_and_nothing_is_there() {
    let wish = Wish {
        missing: Missing::Zero,
        ..Wish::default()
    };
    let before = [
        row(1, "", "Yes", "-", ""),
        row(2, "7.00", "Yes", TIME, ""),
        row(3, "", "No", "-", ""),
    ]
    .concat();
    let (after, said) = rows(&before, &[], &wish);
    assert_eq!(
        after,
        before.replacen("\"No submission\",,", "\"No submission\",0.00,", 1)
    );
    assert!(
        said.contains("1 given 0") && said.contains("Participant 3): the grade is locked"),
        "{said}"
    );
}

#[test]
fn another_maximum_is_told_or_scaled() {
    let before = row(1, "", "Yes", "-", "").replace("100.00", "20.00");
    let (_, said) = rows(&before, &[gets("1", 10.0)], &Wish::default());
    assert!(
        said.contains("has 20 points in Moodle, and 100 here"),
        "{said}"
    );
    let wish = Wish {
        scale: Scale::ToMaximum,
        ..Wish::default()
    };
    let (after, said) = rows(&before, &[gets("1", 71.5)], &wish);
    assert!(
        after.contains(",14.30,20.00,") && !said.contains("warning"),
        "{after}{said}"
    );
}

#[test]
fn each_language_is_read_and_written_with_its_own_decimals() {
    for language in LANGUAGES {
        let quoted = |cells: &[&str]| {
            let cells: Vec<String> = cells.iter().map(|cell| format!("\"{cell}\"")).collect();
            cells.join(",")
        };
        let head = quoted(&[
            language.identifier,
            language.full_name,
            language.id_number,
            language.grade,
            language.maximum,
            language.changeable,
            language.modified,
            language.comments,
        ]);
        let (maximum, points) = match language.decimal {
            Decimal::Point => ("100.00", "71.50"),
            Decimal::Comma => ("100,00", "\"71,50\""),
        };
        let row = |number: &str, can: &str, grade: &str| {
            format!("Teilnehmer/in{number},x,n{number},{grade},\"{maximum}\",{can},-,\n")
        };
        let before = format!("{head}\n{}{}", row("1", "?", ""), row("2", language.no, ""));
        let wish = Wish {
            comments: Comments::AsTheyAre,
            ..Wish::default()
        };
        let (after, said) = filled(&before, &[gets("n1", 71.5), gets("2", 5.0)], &wish);
        assert_eq!(
            after,
            format!(
                "{head}\n{}{}",
                row("1", "?", points),
                row("2", language.no, "")
            ),
            "{}",
            language.code
        );
        assert!(
            said.contains("the grade is locked") && !said.contains("points in Moodle"),
            "{said}"
        );
    }
}

#[test]
fn other_words_are_named_or_the_sheet_is_none() {
    let sheet = "Nr,Punkte,Stand,Notiz\nParticipant 1,,-,\n";
    let own = |text: &str| Some(text.to_owned());
    let headers = Headers {
        identifier: own("Nr"),
        grade: own("Punkte"),
        modified: own("Stand"),
        comments: own("Notiz"),
    };
    let wish = Wish {
        headers,
        ..Wish::default()
    };
    let (after, _) = filled(sheet, &[gets("1", 5.0)], &wish);
    assert_eq!(
        after,
        "Nr,Punkte,Stand,Notiz\nParticipant 1,5.00,-,<p>5.00 of 100 points</p>\n"
    );
    let mut sheet = Sheet::read(sheet.as_bytes().to_vec()).expect("a sheet");
    let error = fill(&mut sheet, &[], &Wish::default())
        .expect_err("no such words")
        .to_string();
    assert!(
        error.contains("`Identifier`") && error.contains("--identifier-column"),
        "{error}"
    );
}

#[test]
fn another_separator_is_told_of() {
    let sheet = "Identifier;Grade;Last modified (grade)\nParticipant 1;;-\n";
    let (after, said) = filled(sheet, &[gets("1", 5.0)], &Wish::default());
    assert_eq!(after, sheet.replace("1;;", "1;5.00;"));
    assert!(said.contains("separated by `;`"), "{said}");
}
