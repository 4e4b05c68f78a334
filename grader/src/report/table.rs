//! A class as a table for the terminal.

use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, LineStyle, Table};
use verdict::end::End;

use super::sink::terminal;
use crate::result::{LabResult, SubmissionResult};
use crate::standing::Standing;

/// Letters of a submission's name that the table shows.
const NAME_LETTERS: usize = 40;

/// The rows of a table, until all of them are there: before, nobody knows its columns.
#[derive(Debug, Default)]
pub(super) struct Rows {
    rows: Vec<Row>,
    /// The labs of the first submission that has any.
    labs: Vec<Points>,
    /// The most that somebody could get.
    max: f64,
    /// Whether anybody gets something else than the points of the submission.
    otherwise: bool,
}

#[derive(Debug)]
struct Row {
    id: String,
    end: End,
    score: f64,
    max: f64,
    /// What the student gets; none if it was not graded.
    gets: Option<f64>,
    labs: Vec<Points>,
}

/// The points of a lab.
#[derive(Clone, Copy, Debug)]
struct Points {
    lab: u8,
    score: f64,
    max: f64,
}

impl Rows {
    pub fn add(&mut self, submission: &SubmissionResult) {
        let labs: Vec<Points> = submission.labs.iter().map(Points::from).collect();
        if self.labs.is_empty() {
            self.labs.clone_from(&labs);
        }
        self.max = self.max.max(submission.max);
        self.otherwise |= gets_otherwise(submission);
        self.rows.push(Row {
            id: terminal::cell(&submission.id, NAME_LETTERS),
            end: submission.end,
            score: submission.score,
            max: submission.max,
            gets: gets(submission),
            labs,
        });
    }

    pub fn table(&self) -> Table {
        let mut table = Table::new();
        table.load_style(NOTHING.header_separator(LineStyle::none().fill('─').junction('─')));
        table.set_header(self.head());
        for row in &self.rows {
            table.add_row(self.cells(row));
        }
        for column in table.column_iter_mut().skip(2) {
            column.set_cell_alignment(CellAlignment::Right);
        }
        table
    }

    fn head(&self) -> Vec<String> {
        let mut head = vec![
            "submission".to_owned(),
            "end".to_owned(),
            format!("score\nof {}", self.max),
        ];
        if self.otherwise {
            head.push("points".to_owned());
        }
        let labs = self.labs.iter();
        head.extend(labs.map(|known| format!("lab {}\nof {}", known.lab, known.max)));
        head
    }

    fn cells(&self, row: &Row) -> Vec<String> {
        let mut cells = vec![
            row.id.clone(),
            row.end.to_string(),
            points(row.score, row.max, self.max),
        ];
        if self.otherwise {
            let gets = row.gets.map(|points| format!("{points:.2}"));
            cells.push(gets.unwrap_or_else(|| "-".to_owned()));
        }
        cells.extend(self.labs.iter().map(|known| {
            let lab = row.labs.iter().find(|lab| lab.lab == known.lab);
            lab.map_or("-".to_owned(), |lab| points(lab.score, lab.max, known.max))
        }));
        cells
    }
}

impl From<&LabResult> for Points {
    fn from(lab: &LabResult) -> Self {
        Self {
            lab: lab.number,
            score: lab.score,
            max: lab.max,
        }
    }
}

/// Whether a student gets something else than the points of the submission.
pub(super) fn gets_otherwise(submission: &SubmissionResult) -> bool {
    let standing = submission.standing.as_ref();
    standing.is_some_and(Standing::differs)
}

/// What a student gets, after what being late costs and what people have said.
fn gets(submission: &SubmissionResult) -> Option<f64> {
    match &submission.standing {
        Some(standing) => standing.points,
        None => Some(submission.score),
    }
}

/// Points, and out of how many where these are not those of the column's head:
/// what could not be graded counts for nobody.
fn points(score: f64, max: f64, head: f64) -> String {
    if max == 0.0 {
        "-".to_owned()
    } else if max == head {
        format!("{score:.2}")
    } else {
        format!("{score:.2} of {max}")
    }
}
