//! What lies beside an export: roster, class.toml, and the truth.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use csv::Writer;

use crate::plan::{DUE, Member};
use crate::system::System;

/// A table that is written a student at a time.
pub struct Table {
    rows: Writer<File>,
}

impl Table {
    /// A new one, with this head.
    ///
    /// # Errors
    ///
    /// If it is there already, or cannot be written.
    pub fn new(path: &Path, head: &[&str]) -> io::Result<Self> {
        let mut rows = Writer::from_writer(File::create_new(path)?);
        rows.write_record(head)?;
        Ok(Self { rows })
    }

    /// Adds a row.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn row<'a>(&mut self, cells: impl IntoIterator<Item = &'a str>) -> io::Result<()> {
        Ok(self.rows.write_record(cells)?)
    }

    /// Ends it.
    ///
    /// # Errors
    ///
    /// If the rest cannot be written.
    pub fn finish(mut self) -> io::Result<()> {
        self.rows.flush()
    }
}

/// The columns of the roster.
pub const ROSTER: [&str; 5] = ["student_id", "email", "login", "name", "section"];

/// The columns of the truth. `attempt` is 0 for who has handed in nothing; `with` is the
/// student who hands in for this one.
pub const TRUTH: [&str; 8] = [
    "student_id",
    "key",
    "attempt",
    "counts",
    "sample",
    "at",
    "late",
    "with",
];

/// A student's row of the roster.
///
/// # Errors
///
/// If it cannot be written.
pub fn roster(member: &Member, system: System, table: &mut Table) -> io::Result<()> {
    let person = &member.person;
    let (id, name) = (person.id(system), person.name());
    table.row([
        id.as_str(),
        &person.email,
        &person.login,
        &name,
        person.section,
    ])
}

/// What is known of a student beforehand: a row for each attempt.
///
/// # Errors
///
/// If it cannot be written.
pub fn truth(member: &Member, system: System, table: &mut Table) -> io::Result<()> {
    let person = &member.person;
    let (id, key) = (person.id(system), person.key(system));
    if member.hand_ins.is_empty() {
        let with = member.with.as_ref().map(|person| person.id(system));
        let with = with.unwrap_or_default();
        return table.row([id.as_str(), &key, "0", "", "", "", "", &with]);
    }
    let last = member.hand_ins.len() as u64;
    for hand_in in &member.hand_ins {
        let (number, at) = (hand_in.number.to_string(), hand_in.at.to_string());
        let at = if system.has_times() { at.as_str() } else { "" };
        let counts = if hand_in.number == last { "yes" } else { "no" };
        let late = if hand_in.late { "yes" } else { "no" };
        table.row([
            id.as_str(),
            &key,
            &number,
            counts,
            &hand_in.sample,
            at,
            late,
            "",
        ])?;
    }
    Ok(())
}

/// The course.
///
/// # Errors
///
/// If it cannot be written.
pub fn class(path: &Path, roster: &Path) -> io::Result<()> {
    let mut file = File::create_new(path)?;
    let roster = roster.file_name().unwrap_or_default().to_string_lossy();
    writeln!(
        file,
        "course = \"Operating Systems, a class made up\"\nroster = \"{roster}\"\ntimezone = \
         \"UTC\"\n\n[late]\ndue = {DUE}\ngrace = \"15m\"\nper_day = \"10%\""
    )
}
