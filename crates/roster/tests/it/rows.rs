//! A roster as text, and what is made of it.

use std::fs;
use std::path::Path;

use roster::list::Roster;
use roster::moment;
use roster::read::read;

/// The roster of a text, in a file `roster.csv`.
fn roster(text: impl AsRef<[u8]>) -> Result<Roster, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("roster.csv");
    fs::write(&path, text).unwrap();
    read(&path, None).map_err(|error| {
        let folder = format!("{}/", folder.path().display());
        error.to_string().replace(&folder, "")
    })
}

fn complaint(text: impl AsRef<[u8]>) -> String {
    roster(text).unwrap_err()
}

/// `id email login name section slip`, a line for each student.
fn told(roster: &Roster) -> String {
    let or = |text: &Option<String>| text.clone().unwrap_or("-".to_owned());
    let lines = roster.students().iter().map(|s| {
        let name = or(&s.name);
        format!(
            "{} {} {} {name} {} {}\n",
            s.id,
            or(&s.email),
            or(&s.login),
            or(&s.section),
            s.slip_used
        )
    });
    lines.collect()
}

#[test]
fn columns_are_found_by_their_names() {
    let text = "slip_used,section,name,login,email,student_id\n\
                2,OS-01,Jane Doe,jdoe,jane@x.edu,u123\n\
                ,,,,,u124\n";
    let expected = "u123 jane@x.edu jdoe Jane Doe OS-01 2\nu124 - - - - 0\n";
    assert_eq!(told(&roster(text).unwrap()), expected);
}

#[test]
fn a_spreadsheets_file_is_read_whatever_its_language() {
    let expected = "u1 a@x - Müller, Ä - 0\n";
    for text in [
        "\u{feff}student_id;name;email\r\nu1;Müller, Ä;a@x\r\n;;\r\n",
        "Student_ID,Name,Email\r\n\r\nu1,\"Müller, Ä\",a@x\r\n",
        "student_id\tname\temail\nu1\tMüller, Ä\ta@x",
        " student_id , name , email \n u1 ,\"Müller, Ä\", a@x\n",
    ] {
        assert_eq!(told(&roster(text).unwrap()), expected, "{text}");
    }
}

#[test]
fn unknown_columns_are_ignored_and_told() {
    let roster = roster("student_id,shoe size,,pronouns\nu1,42,,x\n").unwrap();
    assert_eq!(roster.ignored_columns, ["shoe size", "pronouns"]);
}

#[test]
fn the_roster_of_classroom_50_is_one() {
    let text = "username,first_name,last_name,email,section,github_id,role\n\
                ada,Ada,Lovelace,ada@x,1,815,student\n\
                kai,Kai,,kai@x,1,816,teacher\n";
    let roster = roster(text).unwrap();
    assert_eq!(told(&roster), "ada ada@x ada Ada Lovelace 1 0\n");
    assert_eq!(
        roster.left_out,
        ["line 3: `kai` is no student, but `teacher`"]
    );
    assert_eq!(roster.ignored_columns, ["github_id"]);
}

#[test]
fn accounts_and_addresses_are_found_in_any_case_and_kept_as_written() {
    let roster = roster("student_id,email,login,name\nU1,Jane@X.edu,JDoe,Jane\n").unwrap();
    let email = |text| roster.by_email(text).map(|s| s.email.clone().unwrap());
    assert_eq!(email("jane@x.EDU"), Some("Jane@X.edu".to_owned()));
    assert!(roster.by_login("jdoe").is_some());
    assert!(roster.by_id("u1").is_none(), "an id is what it is");
    assert!(
        roster.known_as("Jane").is_none(),
        "nobody is found by their name"
    );
    assert!(roster.by_email("").is_none());
}

#[test]
fn nothing_is_no_address() {
    let roster = roster("student_id,email,login\nu1,,\nu2,,\n").unwrap();
    assert_eq!(roster.students().len(), 2);
    assert!(roster.by_email("").is_none() && roster.by_login(" ").is_none());
}

#[test]
fn whoever_is_there_twice_is_refused() {
    let one_each = "help: a row for each student; each must be told from all others";
    assert_eq!(
        complaint("student_id,email\nu1,a@x\nu2,b@x\nu1,c@x\n"),
        format!("roster.csv:4: column `student_id`: `u1` is also that of `u1`\n{one_each}")
    );
    assert_eq!(
        complaint("student_id,email\nu1,a@x\nu2,A@X\n"),
        format!("roster.csv:3: column `email`: `A@X` is also that of `u1`\n{one_each}")
    );
    assert_eq!(
        complaint("student_id,login\nu1,jd\n\n\nu2,JD\n"),
        format!("roster.csv:5: column `login`: `JD` is also that of `u1`\n{one_each}")
    );
}

#[test]
fn what_is_wrong_is_told_with_its_line_its_column_and_a_remedy() {
    for (text, expected) in [
        (
            "",
            "roster.csv:1: the file is empty\nhelp: the first line names the columns",
        ),
        (
            "name,email\n",
            "roster.csv:1: there is no column `student_id`\nhelp: the first line",
        ),
        (
            "student_id,email,Email\n",
            "roster.csv:1: two columns are called `email`\nhelp: leave one of them out",
        ),
        (
            "student_id,name\nu1,Jane\n,Joe\n",
            "roster.csv:3: column `student_id`: is empty\nhelp: each student needs an id",
        ),
        (
            "student_id,name\nu1,Doe, Jane\n",
            "roster.csv:2: cells: 3; columns that the first line names: 2\nhelp: put a cell",
        ),
        (
            "student_id,name\nu1\n",
            "roster.csv:2: cells: 1; columns that the first line names: 2\nhelp: put a cell",
        ),
        (
            "student_id,slip_used\nu1,two\n",
            "roster.csv:2: column `slip_used`: `two` is no number of days\nhelp: a whole number",
        ),
        (
            "student_id,slip_used\nu1,-1\n",
            "roster.csv:2: column `slip_used`: `-1` is no number of days\nhelp: a whole number",
        ),
        (
            "student_id\n1.23457E+11\n",
            "roster.csv:2: column `student_id`: `1.23457E+11` is what a spreadsheet makes of",
        ),
        (
            "student_id,due_override\nu1,tomorrow\n",
            "roster.csv:2: column `due_override`: `tomorrow` is no time\nhelp: date and time",
        ),
        (
            "student_id,due_override\nu1,2026-11-24\n",
            "roster.csv:2: column `due_override`: `2026-11-24` is no time\nhelp: date and time",
        ),
        (
            "student_id,due_override\nu1,2026-11-24T12:00\n",
            "roster.csv:2: column `due_override`: `2026-11-24T12:00` does not say of which time \
             zone\nhelp: add the offset",
        ),
    ] {
        let complaint = complaint(text);
        assert!(complaint.starts_with(expected), "{text:?}:\n{complaint}");
    }
}

#[test]
fn a_row_is_counted_behind_a_cell_of_two_lines() {
    let complaint = complaint("student_id,name\nu1,\"Jane\nDoe\"\nu1,Joe\n");
    assert!(complaint.starts_with("roster.csv:4: "), "{complaint}");
}

#[test]
fn another_encoding_is_told_with_the_line() {
    let complaint = complaint(b"student_id,name\nu1,M\xfcller\n");
    assert!(
        complaint.starts_with("roster.csv:2: this is no UTF-8\nhelp: save"),
        "{complaint}"
    );
}

#[test]
fn a_file_that_is_not_there_is_told() {
    let error = read(Path::new("no/such.csv"), None)
        .unwrap_err()
        .to_string();
    assert!(error.starts_with("no/such.csv: "), "{error}");
}

#[test]
fn an_extension_stands_in_the_roster_with_or_without_an_offset() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("roster.csv");
    let text = "student_id,due_override\nu1,2026-11-24T12:00\nu2,2026-11-24T11:00:00Z\n\
                u3,2026-11-24 12:00\nu4,\n";
    fs::write(&path, text).unwrap();
    let berlin = moment::zone("Europe/Berlin").unwrap();
    let roster = read(&path, Some(&berlin)).unwrap();
    let due = |id| roster.by_id(id).unwrap().due.map(|due| due.to_string());
    let noon = Some("2026-11-24T11:00:00Z".to_owned());
    assert_eq!(
        [due("u1"), due("u2"), due("u3")],
        [noon.clone(), noon.clone(), noon]
    );
    assert_eq!(due("u4"), None);
}

#[test]
fn who_is_not_there_is_told_whom_they_resemble() {
    let roster = roster("student_id\nu1234\nu1243\nx999\n").unwrap();
    assert_eq!(roster.help_for("u1235"), "did you mean `u1234`, `u1243`?");
    let nobody = "the first column of the roster has the ids";
    assert_eq!(roster.help_for("ada"), nobody);
}
