//! The empty grade sheets that Canvas and Moodle would export for a class.

use std::io;

use jiff::Timestamp;

use crate::beside::Table;
use crate::plan::Member;
use crate::system::System;

/// Every so many students have a grade that cannot be changed, or one that somebody gave
/// by hand: Moodle skips them.
const LOCKED_EVERY: usize = 97;
const GRADED_EVERY: usize = 53;

const CANVAS: [&str; 6] = [
    "Student",
    "ID",
    "SIS User ID",
    "SIS Login ID",
    "Section",
    "Page faults (88123)",
];

const MOODLE: [&str; 10] = [
    "Identifier",
    "Full name",
    "Email address",
    "Status",
    "Grade",
    "Maximum Grade",
    "Grade can be changed",
    "Last modified (submission)",
    "Last modified (grade)",
    "Feedback comments",
];

/// The head of the sheet; none for a system that has none.
pub fn head(system: System) -> Option<&'static [&'static str]> {
    match system {
        System::Canvas => Some(&CANVAS),
        System::Moodle | System::MoodleFlat => Some(&MOODLE),
        _ => None,
    }
}

/// What comes before all students.
///
/// # Errors
///
/// If it cannot be written.
pub fn first(system: System, table: &mut Table) -> io::Result<()> {
    match system {
        System::Canvas => table.row(["    Points Possible", "", "", "", "", "100"]),
        _ => Ok(()),
    }
}

/// A student's row.
///
/// # Errors
///
/// If it cannot be written.
pub fn row(member: &Member, system: System, table: &mut Table) -> io::Result<()> {
    match system {
        System::Canvas => canvas(member, table),
        _ => moodle(member, table),
    }
}

/// What comes after all students.
///
/// # Errors
///
/// If it cannot be written.
pub fn last(system: System, table: &mut Table) -> io::Result<()> {
    match system {
        System::Canvas => table.row(["Student, Test", "4999", "", "9d3e1c", "OS-01", ""]),
        _ => Ok(()),
    }
}

fn canvas(member: &Member, table: &mut Table) -> io::Result<()> {
    let person = &member.person;
    let (name, number) = (person.sortable(), person.number.to_string());
    table.row([
        name.as_str(),
        &number,
        &person.sis,
        &person.login,
        person.section,
        "",
    ])
}

fn moodle(member: &Member, table: &mut Table) -> io::Result<()> {
    let person = &member.person;
    let identifier = format!("Participant {}", person.number);
    let handed_in = member.hand_ins.last();
    let status = match handed_in {
        Some(hand_in) if hand_in.late => "Submitted for grading - late",
        Some(_) => "Submitted for grading",
        None => "No submission",
    };
    let modified = handed_in.map_or("-".to_owned(), |hand_in| long(hand_in.at));
    let is_graded = person.index % GRADED_EVERY == GRADED_EVERY - 1;
    let (grade, graded) = match is_graded {
        true => ("50.00", "Saturday, 21 November 2026, 10:00 AM"),
        false => ("", "-"),
    };
    let is_locked = person.index % LOCKED_EVERY == LOCKED_EVERY - 1;
    let can_change = if is_locked { "No" } else { "Yes" };
    let name = person.name();
    table.row([
        identifier.as_str(),
        &name,
        &person.email,
        status,
        grade,
        "100.00",
        can_change,
        &modified,
        graded,
        "",
    ])
}

fn long(at: Timestamp) -> String {
    at.strftime("%A, %-d %B %Y, %-I:%M %p").to_string()
}
