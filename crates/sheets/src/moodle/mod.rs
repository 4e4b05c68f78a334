//! The grading worksheet of Moodle ("Download grading worksheet").
//!
//! What Moodle does with it is in mod/assign/feedback/offline: it finds three columns by
//! their headers (importgradeslib.php), takes the number behind `Participant`, and leaves
//! out a row in silence if its grade is what it was, is empty or negative or above the
//! maximum, is locked, or was changed in Moodle more than a minute after the time in the
//! sheet (`process_import_grades` in locallib.php).

pub mod language;

mod columns;

use columns::Columns;

use crate::canvas::Missing;
use crate::cells::{Row, Sheet};
use crate::grades::{Grade, Points};
use crate::matching::{Students, Whose};
use crate::number::{Scale, same};
use crate::report::{Report, Warning};
use crate::trouble::Trouble;

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub struct Wish {
    /// Headers of columns that the sheet has in words of its own.
    pub headers: Headers,
    /// How points of ours become points of Moodle's.
    pub scale: Scale,
    /// What those get who handed in nothing.
    pub missing: Missing,
    /// What becomes of comments.
    pub comments: Comments,
}

/// Headers of columns, where they are not Moodle's own words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Headers {
    /// `Identifier`.
    pub identifier: Option<String>,
    /// `Grade`.
    pub grade: Option<String>,
    /// `Last modified (grade)`.
    pub modified: Option<String>,
    /// `Feedback comments`.
    pub comments: Option<String>,
}

/// What becomes of comments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Comments {
    /// Ours are put where there is none.
    #[default]
    Added,
    /// Ours are put in the place of all.
    Replaced,
    /// They stay as they are.
    AsTheyAre,
}

/// Fills in a sheet.
///
/// # Errors
///
/// If it is no worksheet, or its columns have words that nobody knows.
pub fn fill(sheet: &mut Sheet, grades: &[Grade], wish: &Wish) -> Result<Report, Trouble> {
    let columns = Columns::of(&sheet.rows()[0], &wish.headers)?;
    let mut filling = Filling {
        students: Students::of(grades),
        report: Report::default(),
        columns,
        wish,
    };
    filling.warn_of_the_sheet(sheet, grades)?;
    for row in 1..sheet.rows().len() {
        let Set { grade, comment } = filling.row(&sheet.rows()[row]);
        let grade = grade.map(|text| (filling.columns.grade, text));
        let comment = comment.and_then(|text| Some((filling.columns.comments?, text)));
        for (column, text) in grade.into_iter().chain(comment) {
            sheet.set(row, column, &text);
        }
    }
    filling.report.without_row = filling.students.left();
    Ok(filling.report)
}

/// What becomes of a row's cells.
#[derive(Default)]
struct Set {
    grade: Option<String>,
    comment: Option<String>,
}

/// A sheet while it is filled in.
struct Filling<'a> {
    columns: Columns,
    wish: &'a Wish,
    students: Students<'a>,
    report: Report,
}

/// What to tick in Moodle, in its own words.
const TICK: &str = "tick \"Allow updating records that have been modified more recently in Moodle \
                    than in the spreadsheet\" when you upload it";

impl Filling<'_> {
    /// What goes wrong for all rows at once.
    fn warn_of_the_sheet(&mut self, sheet: &Sheet, grades: &[Grade]) -> Result<(), Trouble> {
        if sheet.separator != ',' {
            let separator = sheet.separator.escape_default();
            self.report.warn(
                format!("cells are separated by `{separator}`, and Moodle expects commas"),
                "choose the separator when you upload the sheet",
            );
        }
        let rows = sheet.rows().iter().skip(1);
        let maximum = rows.filter_map(|row| self.maximum(row)).next();
        let max = grades.iter().map(|grade| grade.max).fold(0.0, f64::max);
        match (maximum, self.wish.scale) {
            (None, Scale::ToMaximum) => Err(Trouble::NoMaximum(
                "download a worksheet that has the maximum, or leave out --scale",
            )),
            (Some(maximum), Scale::AsTheyAre) if !grades.is_empty() && !same(maximum, max) => {
                self.report.warn(
                    format!("the assignment has {maximum} points in Moodle, and {max} here"),
                    "change one of them, or scale with --scale",
                );
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn maximum(&self, row: &Row) -> Option<f64> {
        self.columns.decimal.read(row.cell(self.columns.maximum?))
    }

    fn row(&mut self, row: &Row) -> Set {
        if row.texts().all(|text| text.trim().is_empty()) {
            return Set::default();
        }
        let cells = self.columns.keys(row);
        if cells[0].1.is_empty() {
            let what = format!(
                "`{}` does not end in the number of a participant: Moodle would leave the row out",
                row.cell(self.columns.identifier)
            );
            self.warn(
                row,
                &what,
                "download the worksheet anew; that column must stay as it is",
            );
            return Set::default();
        }
        match self.students.find(row.line, &cells) {
            Whose::Of(grade) => self.graded(row, grade),
            Whose::Nobody => self.missing(row),
            Whose::Several(ids) => {
                let what = format!("the row may be of {}", ids.join(" or of "));
                self.warn(
                    row,
                    &what,
                    "look which of them it is, and enter the points in Moodle",
                );
                Set::default()
            }
            Whose::Again(grade, before) => {
                let what = format!("`{}` has a row already, on line {before}", grade.id);
                self.warn(
                    row,
                    &what,
                    "look which of the rows is theirs; the first was filled in",
                );
                Set::default()
            }
        }
    }

    fn graded(&mut self, row: &Row, grade: &Grade) -> Set {
        let points = match grade.points {
            Points::Given(points) => points,
            Points::NotHandedIn => return self.missing(row),
            Points::NotGraded => {
                self.warn(
                    row,
                    "was not graded, for a fault of ours: the row is as it was",
                    "grade again; what could not be graded is tried again each time",
                );
                return Set::default();
            }
        };
        let maximum = self.maximum(row);
        let points = self.wish.scale.apply(points, grade.max, maximum);
        if self.is_left_out(row, points, maximum) {
            return Set::default();
        }
        let comment = self.comment(row, grade);
        let known = self.columns.decimal.read(row.cell(self.columns.grade));
        if known.is_some_and(|known| same(known, points)) {
            self.report.unchanged += 1;
            return Set {
                grade: None,
                comment,
            };
        }
        self.report.filled += 1;
        let grade = Some(self.columns.decimal.write_padded(points));
        Set { grade, comment }
    }

    /// Whether Moodle would leave the row out, and says so.
    fn is_left_out(&mut self, row: &Row, points: f64, maximum: Option<f64>) -> bool {
        let text = self.columns.decimal.write(points);
        let why = if !row.has(self.columns.grade) {
            (
                "the row is too short to have the column".to_owned(),
                "download the worksheet anew; a spreadsheet may have changed it".to_owned(),
            )
        } else if self.columns.is_locked(row) {
            (
                "the grade is locked in Moodle's gradebook: Moodle would leave the row out"
                    .to_owned(),
                "unlock it there, and download the worksheet anew".to_owned(),
            )
        } else if points < 0.0 {
            (
                format!("{text} points are less than none: Moodle would leave the row out"),
                "enter what they get in Moodle by hand".to_owned(),
            )
        } else if maximum.is_some_and(|maximum| points > maximum) {
            let maximum = self.columns.decimal.write(maximum.unwrap_or_default());
            (
                format!("{text} points are more than {maximum}: Moodle would leave the row out"),
                "raise the maximum in Moodle, or scale with --scale".to_owned(),
            )
        } else {
            if self.columns.is_stale(row) {
                let cell = row.cell(self.columns.modified).trim();
                let what = format!(
                    "has a grade, of a time that Moodle cannot read (`{cell}`): it would leave the \
                     row out as changed since"
                );
                self.warn(row, &what, TICK);
            }
            return false;
        };
        self.warn(row, &why.0, &why.1);
        true
    }

    /// What the student is told, if that is to be written.
    fn comment(&mut self, row: &Row, grade: &Grade) -> Option<String> {
        let column = self.columns.comments.filter(|column| row.has(*column))?;
        let before = row.cell(column).trim();
        match self.wish.comments {
            Comments::AsTheyAre => None,
            _ if before == grade.comment => None,
            Comments::Added if !before.is_empty() => {
                self.warn(
                    row,
                    "has a comment already, which stays as it is",
                    "with --comments replace ours takes its place",
                );
                None
            }
            Comments::Added | Comments::Replaced => Some(grade.comment.clone()),
        }
    }

    /// Nothing was handed in.
    fn missing(&mut self, row: &Row) -> Set {
        let is_empty = row.cell(self.columns.grade).trim().is_empty();
        let maximum = self.maximum(row);
        if self.wish.missing == Missing::Zero && is_empty && !self.is_left_out(row, 0.0, maximum) {
            self.report.zeroes += 1;
            return Set {
                grade: Some(self.columns.decimal.write_padded(0.0)),
                comment: None,
            };
        }
        self.report.without_points.push(self.columns.name(row));
        Set::default()
    }

    fn warn(&mut self, row: &Row, what: &str, remedy: &str) {
        self.report.warnings.push(Warning {
            line: Some(row.line),
            who: self.columns.name(row),
            what: what.to_owned(),
            remedy: remedy.to_owned(),
        });
    }
}
