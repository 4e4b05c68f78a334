//! The gradebook of Canvas: what its importer takes, and what it leaves out.

use sheets::canvas::{Excused, Missing, Wish, fill};
use sheets::cells::Sheet;
use sheets::grades::{Grade, Points};
use sheets::number::Scale;

use crate::{gets, is, known};

const HEADER: &str = "Student,ID,SIS User ID,SIS Login ID,Section,Lab 2 Page Faults (88123),Current Score,Final Score\n";
const POSSIBLE: &str = "    Points Possible,,,,,100,(read only),(read only)\n";

/// A sheet with these rows.
fn sheet(rows: &str) -> String {
    format!("{HEADER}{POSSIBLE}{rows}")
}

/// Fills in a sheet: what it becomes, and what is said.
fn filled(sheet: &str, grades: &[Grade], wish: &Wish) -> (String, String) {
    let mut sheet = Sheet::read(sheet.as_bytes().to_vec()).expect("a sheet");
    let report = fill(&mut sheet, grades, wish).expect("a gradebook");
    let text = String::from_utf8(sheet.bytes()).expect("text");
    (text, report.render())
}

/// What becomes of rows, below the head.
fn rows(before: &str, grades: &[Grade], wish: &Wish) -> (String, String) {
    let (after, said) = filled(&sheet(before), grades, wish);
    let head = format!("{HEADER}{POSSIBLE}");
    (
        after.strip_prefix(&head).expect("the same head").to_owned(),
        said,
    )
}

fn refused(sheet: &str, wish: &Wish) -> String {
    let mut sheet = Sheet::read(sheet.as_bytes().to_vec()).expect("a sheet");
    fill(&mut sheet, &[gets("501", 1.0)], wish)
        .expect_err("no column")
        .to_string()
}

#[test]
fn students_are_found_by_each_of_their_ids_and_by_no_name() {
    let before = "\"Doe, Jane\",501,u1,jane,\"OS-01 and OS-02\",,0,0\n\
        \"Roe, R\",502,u2,roe,OS-01,,0,0\n\"Poe, E\",503,u3,poe@x.edu,OS-01,,0,0\n\
        \"Foe, F\",504,u4,foe,OS-01,,0,0\n";
    let grades = [
        gets("501", 71.5),
        gets("u2", 60.0),
        known("p-3", "POE@x.edu", "other", 50.25),
        gets("Foe, F", 99.0),
    ];
    let (after, said) = rows(before, &grades, &Wish::default());
    assert_eq!(
        after,
        "\"Doe, Jane\",501,u1,jane,\"OS-01 and OS-02\",71.5,0,0\n\
        \"Roe, R\",502,u2,roe,OS-01,60,0,0\n\"Poe, E\",503,u3,poe@x.edu,OS-01,50.25,0,0\n\
        \"Foe, F\",504,u4,foe,OS-01,,0,0\n"
    );
    assert_eq!(
        said,
        "3 filled in, 0 unchanged\n\
        1 graded, and not in the sheet: Foe, F\n\
        1 in the sheet, and handed in nothing: Foe, F (504)\n"
    );
}

#[test]
fn rows_that_are_no_students_stay_as_they_are() {
    let before = "    ,,,,,Manual Posting,,\n\"Doe, Jane\",501,,,OS,,,\n\"Student, Test\",999,,x,OS,,,\n,,,,,,,\n";
    let wish = Wish {
        missing: Missing::Zero,
        ..Wish::default()
    };
    let (after, said) = rows(before, &[gets("501", 5.0), gets("999", 7.0)], &wish);
    assert_eq!(
        after,
        before.replace("OS,,,\n\"Student", "OS,5,,\n\"Student")
    );
    assert!(
        said.ends_with("1 graded, and not in the sheet: 999\n"),
        "{said}"
    );
}

#[test]
fn the_excused_are_excused_unless_somebody_says_otherwise() {
    let before = "A,501,,,OS,EX,,\n";
    let (after, said) = rows(before, &[gets("501", 5.0)], &Wish::default());
    assert_eq!(after, before);
    assert!(
        said.contains("warning: line 3, A (501): is excused, and stays so\n  with --grade-excused"),
        "{said}"
    );
    let wish = Wish {
        excused: Excused::Graded,
        ..Wish::default()
    };
    assert_eq!(
        rows(before, &[gets("501", 5.0)], &wish).0,
        "A,501,,,OS,5,,\n"
    );
}

#[test]
fn nothing_handed_in_is_nothing_unless_it_is_to_be_zero() {
    let before = "A,501,,,OS,,,\nB,502,,,OS,-,,\nC,503,,,OS,12,,\nD,504,,,OS,EX,,\n";
    let grades = [is("501", Points::NotHandedIn)];
    let (after, said) = rows(before, &grades, &Wish::default());
    assert_eq!(after, before);
    assert!(
        said.contains("4 in the sheet, and handed in nothing: A (501), B (502), C (503), D (504)"),
        "{said}"
    );
    let wish = Wish {
        missing: Missing::Zero,
        ..Wish::default()
    };
    let (after, said) = rows(before, &grades, &wish);
    assert_eq!(
        after,
        "A,501,,,OS,0,,\nB,502,,,OS,0,,\nC,503,,,OS,12,,\nD,504,,,OS,EX,,\n"
    );
    assert!(
        said.starts_with("0 filled in, 0 unchanged, 2 given 0 for nothing handed in\n"),
        "{said}"
    );
}

#[test]
fn what_was_not_graded_is_no_zero() {
    let wish = Wish {
        missing: Missing::Zero,
        ..Wish::default()
    };
    let (after, said) = rows("A,501,,,OS,,,\n", &[is("501", Points::NotGraded)], &wish);
    assert_eq!(after, "A,501,,,OS,,,\n");
    assert!(
        said.contains("line 3, A (501): was not graded, for a fault of ours"),
        "{said}"
    );
}

#[test]
fn who_is_not_assigned_or_has_no_id_or_has_two_rows_is_told_of() {
    let before =
        "A,501,,,OS,N/A,,\nB,,,,OS,,,\nC,503,,,OS,,,\nC,503,,,OS,,,\nD,504,u5,,OS,,,\nE,506\n";
    let grades = [
        gets("501", 1.0),
        gets("503", 3.0),
        gets("504", 4.0),
        gets("u5", 5.0),
        gets("506", 6.0),
    ];
    let (after, said) = rows(before, &grades, &Wish::default());
    assert_eq!(
        after,
        "A,501,,,OS,N/A,,\nB,,,,OS,,,\nC,503,,,OS,3,,\nC,503,,,OS,,,\nD,504,u5,,OS,,,\nE,506\n"
    );
    for expected in [
        "line 3, A (501): the assignment is not assigned to them",
        "line 4, B (): the row has no ID: Canvas would go by the name",
        "line 6, C (503): `503` has a row already, on line 5",
        "line 7, D (504): the row may be of 504 or of u5",
        "line 8, E (506): the row is too short to have the column",
    ] {
        assert!(said.contains(expected), "{expected}: {said}");
    }
}

#[test]
fn what_canvas_calls_the_same_is_not_changed() {
    let (after, said) = rows(
        "A,501,,,OS,71.50,,\n",
        &[gets("501", 71.5)],
        &Wish::default(),
    );
    assert_eq!(after, "A,501,,,OS,71.50,,\n");
    assert!(said.starts_with("0 filled in, 1 unchanged\n"), "{said}");
    let (after, said) = rows("A,501,,,OS,,,\n", &[gets("501", 71.506)], &Wish::default());
    assert_eq!(after, "A,501,,,OS,71.51,,\n");
    assert!(said.contains("more than two decimals"), "{said}");
}

#[test]
fn another_maximum_is_told_or_scaled() {
    let before = sheet("A,501,,,OS,,,\n").replace(",100,", ",20,");
    let (after, said) = filled(&before, &[gets("501", 71.5)], &Wish::default());
    assert!(after.ends_with("A,501,,,OS,71.5,,\n"), "{after}");
    assert!(
        said.contains("the assignment has 20 points in Canvas, and 100 here\n  change one"),
        "{said}"
    );
    let wish = Wish {
        scale: Scale::ToMaximum,
        ..Wish::default()
    };
    let (after, said) = filled(&before, &[gets("501", 71.5)], &wish);
    assert!(after.ends_with("A,501,,,OS,14.3,,\n"), "{after}");
    assert!(!said.contains("warning"), "{said}");
    assert!(refused(&before.replace(",20,", ",,"), &wish).contains("nothing can be scaled"));
}

#[test]
fn the_assignment_is_the_only_one_or_is_named() {
    let two = "Student,ID,SIS Login ID,Section,Notes,Lab 1 (7),Lab 2 (x) (88123),Lab 2,Final Score\n\
        \"    Points Possible\",,,,(read only),100,100,100,(read only)\nA,501,a,OS,,,,,\n";
    let error = refused(two, &Wish::default());
    assert!(
        error.contains("2 assignments") && error.contains("`Lab 1 (7)`, `Lab 2 (x) (88123)`"),
        "{error}"
    );
    let named = |name: &str| Wish {
        column: Some(name.to_owned()),
        ..Wish::default()
    };
    for name in ["88123", "Lab 2 (x) (88123)", "Lab 2 (x)"] {
        assert!(
            filled(two, &[gets("501", 9.0)], &named(name))
                .0
                .ends_with(",,,9,,\n"),
            "{name}"
        );
    }
    let (after, said) = filled(two, &[gets("501", 9.0)], &named("Lab 2"));
    assert!(after.ends_with(",,,,9,\n"), "{after}");
    assert!(
        said.contains("`Lab 2` has no number: Canvas makes a new assignment"),
        "{said}"
    );
    assert!(refused(two, &named("Lab 9")).contains("no assignment `Lab 9`"));
    assert!(refused(two, &named("Notes")).contains("read only"));
    assert!(refused(two, &named("Final Score")).contains("a total"));
}

#[test]
fn other_layouts_of_canvas_are_read() {
    let names = "LastName,FirstName,ID,SIS User ID,SIS Login ID,Integration ID,Root Account,Section,Lab (1)\n\
        Points Possible,,,,,,,,100\nDoe,Jane,501,u1,jane,,x.edu,OS,\n";
    assert!(
        filled(names, &[gets("u1", 3.0)], &Wish::default())
            .0
            .ends_with(",OS,3\n")
    );
    let semicolons = "\u{feff}Student;ID;SIS Login ID;Section;Lab (1)\r\n    Points Possible;;;;100,00\r\n\
        \"Doe, Jane\";501;jane;OS;\r\nRoe;502;roe;OS;60,50\r\n";
    let (after, _) = filled(semicolons, &[gets("501", 71.5)], &Wish::default());
    assert_eq!(after, semicolons.replace("jane;OS;", "jane;OS;71,5"));
}

#[test]
fn a_name_that_canvas_exported_is_given_back_as_it_was() {
    let before = "\"=HYPERLINK(\"\"x\"\")\",501,,,OS,,,\n";
    let (after, said) = rows(before, &[gets("501", 5.0)], &Wish::default());
    assert_eq!(after, before.replace("OS,,", "OS,5,"));
    assert!(!said.contains("HYPERLINK"), "{said}");
}

#[test]
fn grades_that_are_no_points_are_told_of() {
    let (_, said) = rows(
        "A,501,,,OS,,,\nB,502,,,OS,complete,,\n",
        &[gets("501", 5.0)],
        &Wish::default(),
    );
    assert!(
        said.contains("grades that are no points, like `complete`\n  set \"Display Grade as\""),
        "{said}"
    );
}

#[test]
fn what_is_no_gradebook_is_said_to_be_none() {
    for other in [
        "Identifier,Grade\nParticipant 1,\n",
        "Student,Name,Section,Lab (1)\n",
        "Student,ID,Lab (1)\nA,1,\n",
    ] {
        let error = refused(other, &Wish::default());
        assert!(
            error.starts_with("this is no gradebook of Canvas'"),
            "{error}"
        );
    }
}
