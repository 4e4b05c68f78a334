//! The table of a dry run: what would be graded as whose, and what to do about the rest.

use std::collections::BTreeMap;
use std::fmt::Write;

use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, ContentArrangement, LineStyle, Table};
use grader::report::sink::terminal;

use crate::attempt::Attempt;
use crate::collected::{Collected, Finding, Source};
use crate::layout::Layout;

/// Columns of a terminal that nobody has made wider.
const WIDTH: u16 = 80;

/// Rows of a list that are shown unless all are asked for.
const LISTED: usize = 12;

/// Letters of a key or a name, of what there is to say, and of a file's name.
const NAME_LETTERS: usize = 22;
const ABOUT_LETTERS: usize = 120;
const FILE_LETTERS: usize = 120;

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
    /// Those whose last attempt the grader will refuse.
    pub refused: usize,
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
            counts.refused += usize::from(finding.refused.is_some());
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
    for (title, about) in KINDS {
        let of_kind = students
            .iter()
            .filter_map(|attempts| Some(row(attempts, about(attempts)?)));
        list(&mut text, title, of_kind.collect(), lists);
    }
    list(&mut text, "not handed in", absent(collected), lists);
    list(&mut text, "left out", left_out(collected), lists);
    if lists == Lists::Whole {
        let all = students
            .iter()
            .map(|attempts| row(attempts, when(attempts)));
        list(&mut text, "all", all.collect(), lists);
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
        if let Some(zone) = &source.zone {
            let zone = terminal::line(zone);
            let _infallible = writeln!(
                text,
                "its times have no zone, and are taken as {zone} (`timezone` in class.toml)"
            );
        }
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
            "refused",
            counts.refused,
            "the grader will not take it: no points before they hand in again",
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
        let optional = ["refused", "partners", "not handed in", "left out"].contains(&what);
        if number > 0 || !optional {
            let then = if number > 0 { then } else { "" };
            table.add_row(match what {
                "late" if number == 0 && !tells_when(collected) => {
                    [what, "?", UNTOLD].map(str::to_owned)
                }
                _ => [what.to_owned(), number.to_string(), then.to_owned()],
            });
        }
    }
    right(&mut table, 1);
    table
}

/// Said where nobody can be late, because nobody says when anything was handed in.
const UNTOLD: &str = "the export does not say when anything was handed in";

/// Whether the exports tell what is late, by a time or by a mark.
fn tells_when(collected: &Collected) -> bool {
    let has_marks = |source: &Source| source.layout == Layout::Canvas;
    collected
        .attempts
        .iter()
        .any(|attempt| attempt.at.is_some())
        || collected.sources.iter().all(has_marks)
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

/// What is said of a student in a list, if they are in it.
type About = fn(&[Row<'_>]) -> Option<String>;

/// The lists, in the order in which somebody should look at them.
const KINDS: [(&str, About); 5] = [
    ("unmatched", |attempts| {
        let (attempt, finding) = last(attempts);
        let why = finding.unmatched.as_ref()?;
        Some(match attempt.label == attempt.student.0 {
            true => why.clone(),
            false => format!("{why}: {}", attempt.label),
        })
    }),
    ("refused", |attempts| last(attempts).1.refused.clone()),
    ("empty", |attempts| last(attempts).1.empty.clone()),
    ("duplicate", times),
    ("late", |attempts| {
        last(attempts).1.late.then(|| when(attempts))
    }),
];

fn last<'a>(attempts: &[Row<'a>]) -> Row<'a> {
    attempts[attempts.len() - 1]
}

/// A row of a list: key, name, and a word about it.
fn row(attempts: &[Row<'_>], about: String) -> Vec<String> {
    let (attempt, finding) = last(attempts);
    vec![
        terminal::cell(&attempt.student.0, NAME_LETTERS),
        terminal::cell(finding.name.as_deref().unwrap_or_default(), NAME_LETTERS),
        terminal::cell(&about, ABOUT_LETTERS),
    ]
}

fn times(attempts: &[Row<'_>]) -> Option<String> {
    let number = attempts.len();
    let is_known = |(attempt, _): &Row<'_>| attempt.at.is_some();
    let said = match attempts.iter().all(is_known) {
        true => format!("{number} attempts, the last one {}", when(attempts)),
        false => format!("{number} attempts, in the order of their names"),
    };
    (number > 1).then_some(said)
}

fn when(attempts: &[Row<'_>]) -> String {
    let (attempt, _) = last(attempts);
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
            terminal::cell(&entry.name, FILE_LETTERS),
            terminal::cell(&entry.why, FILE_LETTERS),
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
