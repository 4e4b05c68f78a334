//! The generic table.

use grader::report;
use serde_json::Value;

use super::{late, not_graded, one, refused, shown};

fn table(class: &Value) -> String {
    let mut out = Vec::new();
    report::csv::write(&shown(class), &mut out).expect("a table");
    String::from_utf8(out).expect("text")
}

const HEAD: &str =
    "id,end,score,max,lab2,attempt,submitted_at,late_seconds,penalty,adjustment,points\n";

#[test]
fn without_a_gradebook_the_points_are_the_score() {
    assert_eq!(
        table(&one("failed")),
        format!("{HEAD}ada,failed,3.25,10,3.25,,,,,,3.25\n")
    );
}

#[test]
fn a_standing_tells_raw_points_penalty_and_what_people_added() {
    let row = "ada,failed,3.25,10,3.25,3,2026-11-20T21:03:11Z,3600,1,1.5,3.75\n";
    assert_eq!(table(&late()), format!("{HEAD}{row}"));
}

#[test]
fn what_was_not_graded_has_no_points_and_what_was_refused_has_none_of_all() {
    let points = |class: &Value| {
        let table = table(class);
        let row = table.lines().nth(1).expect("a row").to_owned();
        row.rsplit(',').next().expect("a cell").to_owned()
    };
    assert_eq!(points(&not_graded()), "");
    assert_eq!(points(&refused()), "0");
}
