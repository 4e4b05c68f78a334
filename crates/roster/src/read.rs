//! A list of students from a file, as a course system or a spreadsheet writes it.
//!
//! The columns are found by their names, in any order: `student_id`, `email`, `login`,
//! `name`, `section`, `due_override`, `slip_used`; of a roster of Classroom 50,
//! `username`, `first_name`, `last_name` and `role`, where the account is the id.

use std::path::Path;

use csv::StringRecord;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::list::Roster;
use crate::moment;
use crate::student::{Student, StudentId};
use crate::trouble::Trouble;

/// What a row of Classroom 50 may say of its role and be a student's.
const ROLES_OF_STUDENTS: [&str; 3] = ["", "student", "member"];

/// The columns that mean something.
const COLUMNS: [&str; 11] = [
    "student_id",
    "email",
    "login",
    "name",
    "section",
    "due_override",
    "slip_used",
    "username",
    "first_name",
    "last_name",
    "role",
];

const HELP_HEADER: &str = "the first line names the columns, \
     `student_id,email,login,name,section,due_override,slip_used`; `student_id` is needed, \
     the others as you like";

/// Reads the students of a file. A time of day in it needs an offset; one without is a
/// time of this zone, if there is one.
///
/// # Errors
///
/// With the line, the column and a remedy, if a row cannot be understood, or if two rows
/// share an id, an address or an account.
pub fn read(path: &Path, zone: Option<&TimeZone>) -> Result<Roster, Trouble> {
    let text = Trouble::text_of(path)?;
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter(&text))
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut rows = reader.records();
    let header = match rows.next() {
        Some(row) => row.map_err(|error| malformed(path, &error))?,
        None => return Err(Trouble::wrong(path, 1, "the file is empty", HELP_HEADER)),
    };
    let columns = Columns::new(path, &header)?;
    let mut roster = Roster::default();
    roster.ignored_columns = columns.ignored();
    for row in rows {
        let row = row.map_err(|error| malformed(path, &error))?;
        // A spreadsheet keeps rows that were emptied.
        if row.iter().any(|cell| !cell.trim().is_empty()) {
            Row::new(path, &text, &columns, &row)?.add_to(&mut roster, zone)?;
        }
    }
    Ok(roster)
}

/// What separates the cells: a spreadsheet takes what its language does.
fn delimiter(text: &str) -> u8 {
    let header = text.lines().next().unwrap_or_default();
    let count = |letter: &u8| header.bytes().filter(|byte| byte == letter).count();
    // Of equals the last is the greatest.
    let likely = [b'\t', b';', b','].into_iter().max_by_key(count);
    likely.unwrap_or(b',')
}

fn malformed(path: &Path, error: &csv::Error) -> Trouble {
    let line = error.position().map_or(1, csv::Position::line);
    let help = "save the file anew from a spreadsheet, as \"CSV UTF-8\"";
    Trouble::wrong(path, line, error.to_string(), help)
}

/// Which column means what.
struct Columns(Vec<String>);

impl Columns {
    fn new(path: &Path, header: &StringRecord) -> Result<Self, Trouble> {
        let names: Vec<String> = header.iter().map(|n| n.trim().to_lowercase()).collect();
        let wrong = |what: String, help| Err(Trouble::wrong(path, 1, what, help));
        if !["student_id", "username"]
            .iter()
            .any(|id| names.contains(&(*id).to_owned()))
        {
            return wrong("there is no column `student_id`".to_owned(), HELP_HEADER);
        }
        for (at, name) in names.iter().enumerate() {
            if COLUMNS.contains(&name.as_str()) && names[..at].contains(name) {
                let help = "leave one of them out, or give it another name";
                return wrong(format!("two columns are called `{name}`"), help);
            }
        }
        Ok(Self(names))
    }

    fn ignored(&self) -> Vec<String> {
        let unknown = |name: &&String| !name.is_empty() && !COLUMNS.contains(&name.as_str());
        self.0.iter().filter(unknown).cloned().collect()
    }

    fn position(&self, name: &str) -> Option<usize> {
        self.0.iter().position(|known| known == name)
    }
}

/// A row that is not empty.
struct Row<'a> {
    path: &'a Path,
    line: u64,
    columns: &'a Columns,
    cells: &'a StringRecord,
}

impl<'a> Row<'a> {
    fn new(
        path: &'a Path,
        text: &str,
        columns: &'a Columns,
        cells: &'a StringRecord,
    ) -> Result<Self, Trouble> {
        let line = line_of(text, cells);
        let (got, expected) = (cells.len(), columns.0.len());
        let more = cells
            .iter()
            .skip(expected)
            .any(|cell| !cell.trim().is_empty());
        if got < expected || more {
            let what = format!("cells: {got}; columns that the first line names: {expected}");
            let help = "put a cell that has a separator in it into double quotes";
            return Err(Trouble::wrong(path, line, what, help));
        }
        Ok(Self {
            path,
            line,
            columns,
            cells,
        })
    }

    fn cell(&self, name: &str) -> Option<String> {
        let text = self.cells.get(self.columns.position(name)?)?.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }

    fn wrong(&self, column: &str, what: &str, help: &str) -> Trouble {
        Trouble::wrong(
            self.path,
            self.line,
            format!("column `{column}`: {what}"),
            help,
        )
    }

    fn add_to(&self, roster: &mut Roster, zone: Option<&TimeZone>) -> Result<(), Trouble> {
        let id = self.id()?;
        let role = self.cell("role").unwrap_or_default();
        if !ROLES_OF_STUDENTS.contains(&role.to_lowercase().as_str()) {
            let line = self.line;
            roster
                .left_out
                .push(format!("line {line}: `{id}` is no student, but `{role}`"));
            return Ok(());
        }
        let student = Student {
            email: self.cell("email"),
            login: self.cell("login").or_else(|| self.cell("username")),
            name: self.name(),
            section: self.cell("section"),
            due: self.due(zone)?,
            slip_used: self.slip_used()?,
            id,
        };
        roster.add(student).map_err(|duplicate| {
            let what = format!("`{}` is also that of `{}`", duplicate.text, duplicate.of);
            let help = "a row for each student; each must be told from all others";
            self.wrong(duplicate.column, &what, help)
        })
    }

    fn id(&self) -> Result<StudentId, Trouble> {
        let column = match self.columns.position("student_id") {
            Some(_) => "student_id",
            None => "username",
        };
        let help = "each student needs an id of their own; remove the row if it is no student's";
        let id = self
            .cell(column)
            .ok_or_else(|| self.wrong(column, "is empty", help))?;
        match is_spoilt(&id) {
            true => Err(self.wrong(
                column,
                &format!("`{id}` is what a spreadsheet makes of a long number"),
                "export the roster again, and open it with this column as text",
            )),
            false => Ok(StudentId(id)),
        }
    }

    fn name(&self) -> Option<String> {
        let both = [self.cell("first_name"), self.cell("last_name")];
        let both = both.into_iter().flatten().collect::<Vec<_>>().join(" ");
        self.cell("name")
            .or(Some(both).filter(|name| !name.is_empty()))
    }

    fn due(&self, zone: Option<&TimeZone>) -> Result<Option<Timestamp>, Trouble> {
        let due = self.cell("due_override").map(|text| {
            moment::read(&text, zone)
                .map_err(|error| self.wrong("due_override", &error.what, &error.help))
        });
        due.transpose()
    }

    fn slip_used(&self) -> Result<u32, Trouble> {
        let Some(text) = self.cell("slip_used") else {
            return Ok(0);
        };
        text.parse().map_err(|_| {
            let what = format!("`{text}` is no number of days");
            self.wrong("slip_used", &what, "a whole number, or nothing for none")
        })
    }
}

/// The line that a row begins in: the reader counts from the end of the row before, which
/// has empty lines behind it.
fn line_of(text: &str, cells: &StringRecord) -> u64 {
    let Some(position) = cells.position() else {
        return 1;
    };
    let at = usize::try_from(position.byte()).unwrap_or(text.len());
    let rest = text.get(at..).unwrap_or_default();
    let blank = rest.len() - rest.trim_start_matches(['\r', '\n']).len();
    1 + text[..at + blank]
        .bytes()
        .filter(|byte| *byte == b'\n')
        .count() as u64
}

/// Whether it is `1.23457E+11`, of which nobody knows the id that it was.
fn is_spoilt(id: &str) -> bool {
    let Some((digits, power)) = id.split_once("E+") else {
        return false;
    };
    let number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    number(power) && digits.split(['.', ',']).all(number)
}
