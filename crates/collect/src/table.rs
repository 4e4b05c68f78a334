//! The table of a dry run: what would be graded as whose, and what to do about the rest.

use std::collections::BTreeMap;
use std::fmt::Write;

use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, ContentArrangement, LineStyle, Table};
use grader::report::sink::terminal;

use crate::attempt::Attempt;
use crate::collected::{Collected, Finding};

/// Columns of a terminal that nobody has made wider.
const WIDTH: u16 = 80;

/// Rows of a list that are shown unless all are asked for.
const LISTED: usize = 12;

/// Letters of a name, and of what a course system calls a hand-in.
const NAME_LETTERS: usize = 24;
const LABEL_LETTERS: usize = 40;

/// How much of the lists is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lists {
    /// The first rows of each.
    Short,
    /// All, and a row for each student.
    Whole,
}

/// How many of what there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Students who have handed in.
    pub students: usize,
    /// Those whom the roster knows, or, where there is none, who are clear by their names.
    pub matched: usize,
    /// Those whom nobody knows.
    pub unmatched: usize,
    /// Those with more than one attempt.
    pub duplicate: usize,
    /// Those whose last attempt is late.
    pub late: usize,
    /// Those whose last attempt has nothing in it.
    pub empty: usize,
    /// Those who hand in with somebody else, and are counted in no other number.
    pub partners: usize,
    /// Those in the roster who have handed in nothing.
    pub absent: usize,
    /// Files that were left out.
    pub left_out: usize,
}

impl Counts {
    /// Counts.
    pub fn of(collected: &Collected) -> Self {
        let mut counts = Self {
            absent: collected.absent.len(),
            left_out: collected.left_out.len(),
            ..Self::default()
        };
        for attempts in by_student(collected) {
            let (last, finding) = attempts[attempts.len() - 1];
            counts.students += 1;
            counts.matched += usize::from(finding.unmatched.is_none());
            counts.unmatched += usize::from(finding.unmatched.is_some());
            counts.duplicate += usize::from(attempts.len() > 1);
            counts.late += usize::from(finding.late);
            counts.empty += usize::from(finding.empty.is_some());
            counts.partners += last.partners.len();
        }
        counts
    }

    /// Whether somebody should look before anything is graded: a hand-in is of nobody that
    /// is known, or a part of one was left out.
    pub fn want_a_look(self) -> bool {
        self.unmatched > 0 || self.left_out > 0
    }
}

type Row<'a> = (&'a Attempt, &'a Finding);

/// The attempts of each student.
fn by_student(collected: &Collected) -> Vec<Vec<Row<'_>>> {
    let mut all: BTreeMap<&str, Vec<Row<'_>>> = BTreeMap::new();
    for row in collected.attempts.iter().zip(&collected.findings) {
        all.entry(&row.0.student.0).or_default().push(row);
    }
    all.into_values().collect()
}

/// The table, and a list for each kind of what somebody may want to look at.
pub fn render(collected: &Collected, lists: Lists) -> String {
    let counts = Counts::of(collected);
    let mut text = sources(collected);
    let _infallible = writeln!(text, "\n{}", summary(collected, counts).trim_fmt());
    let students = by_student(collected);
    let last = |attempts: &Vec<Row<'_>>| attempts[attempts.len() - 1].1.clone();
    let listed: [(&str, Vec<Vec<String>>); 4] = [
        (
            "unmatched",
            rows(
                &students,
                |it| last(it).unmatched.is_some(),
                |it| last(it).unmatched,
            ),
        ),
        (
            "empty",
            rows(
                &students,
                |it| last(it).empty.is_some(),
                |it| last(it).empty,
            ),
        ),
        (
            "duplicate",
            rows(&students, |it| it.len() > 1, |it| Some(times(it))),
        ),
        (
            "late",
            rows(&students, |it| last(it).late, |it| Some(when(it))),
        ),
    ];
    for (title, rows) in listed {
        list(&mut text, title, rows, lists);
    }
    list(&mut text, "not handed in", absent(collected), lists);
    list(&mut text, "left out", left_out(collected), lists);
    if lists == Lists::Whole {
        let all = rows(&students, |_| true, |it| Some(when(it)));
        list(&mut text, "all", all, lists);
    }
    terminal::report(&text)
}

fn sources(collected: &Collected) -> String {
    let mut text = String::new();
    for source in &collected.sources {
        let path = terminal::line(&source.path.display().to_string());
        let (layout, hand_ins) = (source.layout, count(source.hand_ins, "hand-in"));
        let files = count(source.files, "file");
        let _infallible = writeln!(text, "{path}: {layout}, {hand_ins} in {files}");
    }
    text
}

fn count(number: usize, what: &str) -> String {
    match number {
        1 => format!("1 {what}"),
        _ => format!("{number} {what}s"),
    }
}

/// A row for each kind that there may be, also if there is none of it: that is good news.
fn summary(collected: &Collected, counts: Counts) -> Table {
    let roster = match collected.has_roster {
        true => "in the roster, and graded under its ids",
        false => "no roster was given: graded under the course system's keys",
    };
    let rows = [
        ("matched", counts.matched, roster),
        (
            "unmatched",
            counts.unmatched,
            "graded under the course system's key, and in no sheet: add them to the roster",
        ),
        (
            "duplicate",
            counts.duplicate,
            "several attempts: all are kept, the last one counts unless class.toml says otherwise",
        ),
        (
            "late",
            counts.late,
            "class.toml says what that costs; without it, nothing",
        ),
        (
            "empty",
            counts.empty,
            "nothing that counts: gets what the skeleton gets",
        ),
        (
            "partners",
            counts.partners,
            "hand in with somebody of the above",
        ),
        (
            "not handed in",
            counts.absent,
            "in the roster, and nowhere here",
        ),
        (
            "left out",
            counts.left_out,
            "files that no submission may have",
        ),
    ];
    let mut table = plain_table();
    table.set_header(["", "students", "what becomes of them"]);
    for (what, number, then) in rows {
        let optional = ["partners", "not handed in", "left out"].contains(&what);
        if number > 0 || !optional {
            let then = if number > 0 { then } else { "" };
            table.add_row([what.to_owned(), number.to_string(), then.to_owned()]);
        }
    }
    right(&mut table, 1);
    table
}

fn plain_table() -> Table {
    let mut table = Table::new();
    table.load_style(NOTHING.header_separator(LineStyle::none().fill('─').junction('─')));
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(WIDTH);
    table
}

fn right(table: &mut Table, column: usize) {
    if let Some(column) = table.column_mut(column) {
        column.set_cell_alignment(CellAlignment::Right);
    }
}

/// A row for each student of this kind: key, name, what the course system calls the last
/// attempt, and a word about it.
fn rows(
    students: &[Vec<Row<'_>>],
    is: impl Fn(&Vec<Row<'_>>) -> bool,
    about: impl Fn(&Vec<Row<'_>>) -> Option<String>,
) -> Vec<Vec<String>> {
    let of_kind = students.iter().filter(|attempts| is(attempts));
    let row = |attempts: &Vec<Row<'_>>| {
        let (attempt, finding) = attempts[attempts.len() - 1];
        vec![
            terminal::cell(&attempt.student.0, NAME_LETTERS),
            terminal::cell(finding.name.as_deref().unwrap_or_default(), NAME_LETTERS),
            terminal::cell(&about(attempts).unwrap_or_default(), LABEL_LETTERS),
            terminal::cell(&attempt.label, LABEL_LETTERS),
        ]
    };
    of_kind.map(row).collect()
}

fn times(attempts: &[Row<'_>]) -> String {
    let number = attempts.len();
    let known = attempts.iter().all(|(attempt, _)| attempt.at.is_some());
    match known {
        true => format!("{number} attempts"),
        false => format!("{number} attempts, in the order of their names"),
    }
}

fn when(attempts: &[Row<'_>]) -> String {
    let (attempt, _) = attempts[attempts.len() - 1];
    match attempt.at {
        Some(at) => at.strftime("%Y-%m-%d %H:%M UTC").to_string(),
        None if attempt.marked_late => "marked late, without a time".to_owned(),
        None => String::new(),
    }
}

fn absent(collected: &Collected) -> Vec<Vec<String>> {
    let absent = collected.absent.iter().map(|student| {
        vec![
            terminal::cell(&student.id.0, NAME_LETTERS),
            terminal::cell(student.name.as_deref().unwrap_or_default(), NAME_LETTERS),
        ]
    });
    absent.collect()
}

fn left_out(collected: &Collected) -> Vec<Vec<String>> {
    let left_out = collected.left_out.iter().map(|(_, entry)| {
        vec![
            terminal::cell(&entry.name, LABEL_LETTERS),
            terminal::cell(&entry.why, LABEL_LETTERS),
        ]
    });
    left_out.collect()
}

/// A list, if there is anything in it.
fn list(text: &mut String, title: &str, rows: Vec<Vec<String>>, lists: Lists) {
    if rows.is_empty() {
        return;
    }
    let number = rows.len();
    let shown = match lists {
        Lists::Whole => number,
        Lists::Short => LISTED.min(number),
    };
    let mut table = plain_table();
    for row in rows.into_iter().take(shown) {
        table.add_row(row);
    }
    let _infallible = writeln!(text, "\n{title} ({number})\n{}", table.trim_fmt());
    if shown < number {
        let more = number - shown;
        let _infallible = writeln!(text, "   … and {more} more: `--all` lists them");
    }
}
