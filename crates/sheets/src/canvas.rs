//! The gradebook of Canvas.
//!
//! What Canvas does with a sheet is in canvas-lms, lib/gradebook_importer.rb; what it
//! exports, in lib/gradebook_exporter.rb. It finds students by `ID`, then by their SIS
//! ids, and at last by name; it takes an assignment by the number behind its title, then
//! by title, and makes a new one of a title that it does not know. Numbers are compared at
//! two decimals. `EX` is excused.

use std::sync::LazyLock;

use regex::Regex;

use crate::cells::{Row, Sheet};
use crate::grades::{Grade, Points};
use crate::matching::{Key, Students, Whose};
use crate::number::{Decimal, Scale, rounded, same};
use crate::report::{Report, Warning};
use crate::trouble::Trouble;

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub struct Wish {
    /// The assignment: its header, its title or its number; the only one unless said.
    pub column: Option<String>,
    /// How points of ours become points of Canvas'.
    pub scale: Scale,
    /// What those get who handed in nothing.
    pub missing: Missing,
    /// What becomes of those who are excused.
    pub excused: Excused,
}

/// What those get who handed in nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Missing {
    /// Their cells stay as they are.
    #[default]
    AsTheyAre,
    /// A zero, where there is nothing yet.
    Zero,
}

/// What becomes of those who are excused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Excused {
    /// They stay so.
    #[default]
    Kept,
    /// They get their points.
    Graded,
}

/// Where what is in the sheet.
struct Columns {
    id: usize,
    sis_user: Option<usize>,
    sis_login: Option<usize>,
    points: usize,
}

/// Fills in a sheet.
///
/// # Errors
///
/// If it is no gradebook of Canvas', or does not say which assignment is meant.
pub fn fill(sheet: &mut Sheet, grades: &[Grade], wish: &Wish) -> Result<Report, Trouble> {
    let columns = Columns::of(&sheet.rows()[0], wish)?;
    let mut filling = Filling {
        possible: possible(sheet, &columns)?,
        decimal: decimal(sheet),
        students: Students::of(grades),
        report: Report::default(),
        columns,
        wish,
    };
    filling.warn_of_the_column(sheet, grades)?;
    for row in 1..sheet.rows().len() {
        if let Some(cell) = filling.row(&sheet.rows()[row]) {
            sheet.set(row, filling.columns.points, &cell);
        }
    }
    filling.report.without_row = filling.students.left();
    Ok(filling.report)
}

impl Columns {
    fn of(header: &Row, wish: &Wish) -> Result<Self, Trouble> {
        let names: Vec<&str> = header.texts().map(str::trim).collect();
        let id = names.iter().take(3).position(|name| *name == "ID");
        let begins = names.first().is_some_and(|name| name.contains("Student"))
            || names.starts_with(&["LastName", "FirstName"]);
        let section = names.iter().position(|name| name.contains("Section"));
        let (Some(id), Some(section), true) = (id, section, begins) else {
            return Err(Trouble::OtherSheet {
                system: "gradebook of Canvas'",
                why: "the first row must begin with Student and ID, and have Section".to_owned(),
                help: "in Canvas: Grades, Export, Export Entire Gradebook".to_owned(),
            });
        };
        let of = |wanted: &str| names[..section].iter().position(|name| *name == wanted);
        Ok(Self {
            id,
            sis_user: of("SIS User ID"),
            sis_login: of("SIS Login ID"),
            points: assignment(&names, section + 1, wish.column.as_deref())?,
        })
    }
}

/// Columns behind the assignments, which no sheet changes
/// (`NON_ASSIGNMENT_COLUMN_HEADERS`).
const TOTALS: [&str; 9] = [
    "Current Score",
    "Current Points",
    "Current Grade",
    "Final Score",
    "Final Points",
    "Final Grade",
    "Override Score",
    "Override Grade",
    "Override Status",
];

/// The column of the assignment.
fn assignment(names: &[&str], from: usize, wanted: Option<&str>) -> Result<usize, Trouble> {
    let is_total = |name: &str| TOTALS.iter().any(|total| name.contains(total));
    let all = names.iter().enumerate().skip(from);
    let all: Vec<(usize, &str)> = all.map(|(at, name)| (at, *name)).collect();
    let named: Vec<(usize, &str)> = match wanted {
        Some(wanted) => {
            let is_wanted = |name: &str| {
                name == wanted
                    || title_and_number(name).is_some_and(|it| it.0 == wanted || it.1 == wanted)
            };
            all.iter()
                .filter(|(_, name)| is_wanted(name))
                .copied()
                .collect()
        }
        None => {
            let is_one = |name: &str| title_and_number(name).is_some() && !is_total(name);
            all.iter()
                .filter(|(_, name)| is_one(name))
                .copied()
                .collect()
        }
    };
    let listed = |some: &[(usize, &str)]| {
        let names: Vec<String> = some.iter().map(|(_, name)| format!("`{name}`")).collect();
        names.join(", ")
    };
    match (named.as_slice(), wanted) {
        ([(at, name)], _) if !is_total(name) => Ok(*at),
        ([(_, name)], _) => Err(Trouble::Column {
            what: format!("`{name}` is a total, which Canvas computes"),
            help: "name an assignment with --column".to_owned(),
        }),
        ([], Some(wanted)) => Err(Trouble::Column {
            what: format!("the sheet has no assignment `{wanted}`"),
            help: format!(
                "--column takes a header, a title or a number; there is {}",
                listed(&all)
            ),
        }),
        ([], None) => Err(Trouble::Column {
            what: "the sheet has no assignment".to_owned(),
            help: "make the assignment in Canvas, and export the gradebook then".to_owned(),
        }),
        (several, _) => Err(Trouble::Column {
            what: format!(
                "the sheet has {} assignments that may be meant",
                several.len()
            ),
            help: format!("name one with --column: {}", listed(several)),
        }),
    }
}

/// `Lab 2 (88123)`: the title and the number.
fn title_and_number(header: &str) -> Option<(&str, &str)> {
    let (title, rest) = header.rsplit_once('(')?;
    let number = rest.strip_suffix(')')?;
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| (title.trim_end(), number))
}

fn is_points_possible(row: &Row) -> bool {
    row.cell(0).contains("Points Possible")
}

/// A row that says how each assignment is posted, or nothing at all.
fn is_about_assignments(row: &Row) -> bool {
    static ABOUT: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"(?i)^\s*(Muted|Manual Posting.*)?\s*$").expect("a pattern"));
    row.texts().all(|text| ABOUT.is_match(text))
}

/// How many points Canvas gives for it, where it says so.
fn possible(sheet: &Sheet, columns: &Columns) -> Result<Option<f64>, Trouble> {
    let row = sheet.rows().iter().find(|row| is_points_possible(row));
    let cell = row.map_or("", |row| row.cell(columns.points));
    if cell.to_lowercase().contains("read only") {
        return Err(Trouble::Column {
            what: "Canvas calls the column \"read only\", and would leave out all of it".to_owned(),
            help: "name another column with --column".to_owned(),
        });
    }
    Ok(Decimal::Point.read(cell))
}

/// Canvas reads both; a spreadsheet shows a number for the one that the others have.
fn decimal(sheet: &Sheet) -> Decimal {
    match sheet.separator {
        ',' => Decimal::Point,
        _ => Decimal::of(sheet.rows().iter().flat_map(Row::texts)),
    }
}

/// A sheet while it is filled in.
struct Filling<'a> {
    columns: Columns,
    wish: &'a Wish,
    possible: Option<f64>,
    decimal: Decimal,
    students: Students<'a>,
    report: Report,
}

impl<'a> Filling<'a> {
    /// What goes wrong for all rows at once.
    fn warn_of_the_column(&mut self, sheet: &Sheet, grades: &[Grade]) -> Result<(), Trouble> {
        let header = sheet.rows()[0].cell(self.columns.points).to_owned();
        if title_and_number(&header).is_none() {
            self.report.warn(
                format!("`{header}` has no number: Canvas makes a new assignment of a title that it does not know"),
                "export the gradebook with the assignment in it, and fill in that column",
            );
        }
        let max = grades.iter().map(|grade| grade.max).fold(0.0, f64::max);
        match (self.possible, self.wish.scale) {
            (None | Some(0.0), Scale::ToMaximum) => {
                return Err(Trouble::NoMaximum(
                    "set the assignment's points in Canvas, and export anew",
                ));
            }
            (Some(possible), Scale::AsTheyAre) if !grades.is_empty() && !same(possible, max) => {
                self.report.warn(
                    format!("the assignment has {possible} points in Canvas, and {max} here"),
                    "change one of them, or scale with --scale",
                );
            }
            _ => {}
        }
        let is_text = |row: &&Row| {
            let cell = row.cell(self.columns.points).trim();
            let is_known = ["", "-", "EX", "N/A"]
                .iter()
                .any(|it| it.eq_ignore_ascii_case(cell));
            let is_student = !is_points_possible(row) && !is_about_assignments(row);
            is_student && !is_known && self.decimal.read(cell).is_none()
        };
        if let Some(row) = sheet.rows().iter().skip(1).find(is_text) {
            let grade = row.cell(self.columns.points).to_owned();
            self.report.warn(
                format!("the assignment has grades that are no points, like `{grade}`"),
                "set \"Display Grade as\" of the assignment to Points, and export anew",
            );
        }
        Ok(())
    }

    /// What a row's cell becomes; none if it stays as it is.
    fn row(&mut self, row: &Row) -> Option<String> {
        let is_test = row.cell(0).trim() == "Student, Test" || row.cell(0).trim() == "Test Student";
        if is_points_possible(row) || is_about_assignments(row) || is_test {
            return None;
        }
        let cell = row.cell(self.columns.points).trim().to_owned();
        match self.whose(row)? {
            Some(grade) => self.graded(row, &cell, grade),
            None => self.missing(row, &cell),
        }
    }

    /// The grade of a row's student; none within if there is none, and none at all if
    /// nobody can say whose the row is.
    fn whose(&mut self, row: &Row) -> Option<Option<&'a Grade>> {
        let sis = [self.columns.sis_user, self.columns.sis_login];
        let [user, login] = sis.map(|column| column.map_or("", |column| row.cell(column)));
        let id = row.cell(self.columns.id);
        let cells = [(Key::Id, id), (Key::Id, user), (Key::Login, login)];
        if cells.iter().all(|(_, text)| text.trim().is_empty()) {
            self.warn(
                row,
                "the row has no ID: Canvas would go by the name, which several may have",
                "export the gradebook anew; the columns ID to Section must stay in it",
            );
            return None;
        }
        match self.students.find(row.line, &cells) {
            Whose::Of(grade) => Some(Some(grade)),
            Whose::Nobody => Some(None),
            Whose::Several(ids) => {
                let what = format!("the row may be of {}", ids.join(" or of "));
                self.warn(
                    row,
                    &what,
                    "look which of them it is, and enter the points in Canvas",
                );
                None
            }
            Whose::Again(grade, before) => {
                let what = format!("`{}` has a row already, on line {before}", grade.id);
                self.warn(
                    row,
                    &what,
                    "take one of the rows out; Canvas would take the last one",
                );
                None
            }
        }
    }

    fn graded(&mut self, row: &Row, cell: &str, grade: &Grade) -> Option<String> {
        let points = match grade.points {
            Points::Given(points) => points,
            Points::NotHandedIn => return self.missing(row, cell),
            Points::NotGraded => {
                self.warn(
                    row,
                    "was not graded, for a fault of ours: the cell is as it was",
                    "grade again; what could not be graded is tried again each time",
                );
                return None;
            }
        };
        if cell.eq_ignore_ascii_case("EX") && self.wish.excused == Excused::Kept {
            self.warn(
                row,
                "is excused, and stays so",
                "with --grade-excused the points are entered",
            );
            return None;
        }
        if self.cannot_have(row, cell) {
            return None;
        }
        let scaled = self.wish.scale.apply(points, grade.max, self.possible);
        if (points - rounded(points)).abs() > FINEST {
            let what = format!("{points} points have more than two decimals, and Canvas has two");
            self.warn(row, &what, "nothing, if two are enough");
        }
        if self
            .decimal
            .read(cell)
            .is_some_and(|known| same(known, scaled))
        {
            self.report.unchanged += 1;
            return None;
        }
        self.report.filled += 1;
        Some(self.decimal.write(scaled))
    }

    /// Nothing was handed in.
    fn missing(&mut self, row: &Row, cell: &str) -> Option<String> {
        let is_empty = cell.is_empty() || cell == "-";
        if self.wish.missing == Missing::Zero && is_empty && !self.cannot_have(row, cell) {
            self.report.zeroes += 1;
            return Some("0".to_owned());
        }
        self.report.without_points.push(name(row));
        None
    }

    /// Whether a row takes no points, and says so.
    fn cannot_have(&mut self, row: &Row, cell: &str) -> bool {
        if cell.eq_ignore_ascii_case("N/A") {
            self.warn(
                row,
                "the assignment is not assigned to them: Canvas would leave the points out",
                "assign it to them in Canvas, and export anew",
            );
            return true;
        }
        if !row.has(self.columns.points) {
            let what = "the row is too short to have the column";
            self.warn(
                row,
                what,
                "export the gradebook anew; a spreadsheet may have changed it",
            );
            return true;
        }
        false
    }

    fn warn(&mut self, row: &Row, what: &str, remedy: &str) {
        self.report.warnings.push(Warning {
            line: Some(row.line),
            who: name(row),
            what: what.to_owned(),
            remedy: remedy.to_owned(),
        });
    }
}

/// What a sum of hundredths may be beside a hundredth.
const FINEST: f64 = 1e-6;

/// Whose a row is, for people.
fn name(row: &Row) -> String {
    format!("{} ({})", row.cell(0).trim(), row.cell(1).trim())
}
