//! The leaderboard, for the terminal and for spreadsheets.

use std::fmt::Write;
use std::io;

use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, LineStyle, Table};
use verdict::end::End;

use super::sink::{csv::cell, terminal};
use crate::feedback::ShownBoard;
use crate::leaderboard::{Kind, Leaderboard, Measured, Row};

/// Lines of a compiler's message that are shown.
const COMPILER_LINES: usize = 12;

/// Letters of a submission's name that the table shows.
const NAME_LETTERS: usize = 40;

/// The table, what the traces are, and what became of those that failed.
pub fn render(board: &ShownBoard) -> String {
    let board = board.board();
    let mut text = format!("{}\n", table(board).trim_fmt());
    let _infallible = writeln!(
        text,
        "\ncost relative to opt's, {} for a page read and {} for a page written; the mean is \
         geometric",
        board.read_weight, board.write_weight
    );
    for trace in &board.traces {
        let _infallible = writeln!(text, "  {:<16} {}", trace.name, trace.about);
    }
    if !board.without.is_empty() {
        let count = board.without.len();
        let _infallible = writeln!(
            text,
            "without a policy of their own, and so like `skeleton`: {count}"
        );
    }
    for row in board.rows.iter().filter(|row| row.end != End::Passed) {
        let _infallible = write!(text, "\n{}", explain(board, row));
    }
    terminal::report(&text)
}

fn table(board: &Leaderboard) -> Table {
    let mut table = Table::new();
    table.load_style(NOTHING.header_separator(LineStyle::none().fill('─').junction('─')));
    let names = board.traces.iter().map(|trace| trace.name.clone());
    let head = ["policy", "of", "end", "mean"].map(str::to_owned);
    table.set_header(head.into_iter().chain(names));
    for row in &board.rows {
        let kind = match row.kind {
            Kind::Oracle => "knows the trace",
            Kind::Textbook => "textbook",
            Kind::Submission => "submission",
        };
        let start = [
            terminal::cell(&row.name, NAME_LETTERS),
            kind.to_owned(),
            row.end.to_string(),
            row.relative.map_or("-".to_owned(), number),
        ];
        let runs = row.runs.iter().map(|run| match run.relative {
            Some(relative) => number(relative),
            None => run.end.to_string(),
        });
        table.add_row(start.into_iter().chain(runs));
    }
    for column in table.column_iter_mut().skip(3) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}

fn number(relative: f64) -> String {
    format!("{relative:.2}")
}

fn explain(board: &Leaderboard, row: &Row) -> String {
    let mut text = format!("{}: {}\n", terminal::line(&row.name), row.end);
    if row.runs.is_empty() {
        for line in terminal::quoted(&row.message, COMPILER_LINES) {
            let _infallible = writeln!(text, "    {line}");
        }
    }
    let failed = |(_, run): &(_, &Measured)| run.end != End::Passed;
    for (trace, run) in board.traces.iter().zip(&row.runs).filter(failed) {
        let at = run.at.iter();
        let at: String = at.map(|at| format!(" at {}", terminal::line(at))).collect();
        let said = match run.message.as_str() {
            "" => String::new(),
            message => format!(": {}", terminal::line(message)),
        };
        let _infallible = writeln!(text, "  {}: {}{at}{said}", trace.name, run.end);
    }
    text
}

/// Writes a row for each policy and trace.
///
/// # Errors
///
/// If `out` does not take it.
pub fn write_csv(board: &ShownBoard, out: impl io::Write) -> csv::Result<()> {
    let board = board.board();
    let mut table = csv::Writer::from_writer(out);
    table.write_record([
        "policy", "kind", "trace", "end", "reads", "writes", "cost", "relative",
    ])?;
    for row in &board.rows {
        let kind = match row.kind {
            Kind::Oracle => "oracle",
            Kind::Textbook => "textbook",
            Kind::Submission => "submission",
        };
        let start = [cell(&row.name), kind.to_owned()];
        if row.runs.is_empty() {
            let end = [String::new(), row.end.to_string()];
            let rest = [const { String::new() }; 4];
            table.write_record(start.iter().chain(&end).chain(&rest))?;
        }
        for (trace, run) in board.traces.iter().zip(&row.runs) {
            let rest = [
                cell(&trace.name),
                run.end.to_string(),
                run.reads.to_string(),
                run.writes.to_string(),
                run.cost.to_string(),
                run.relative.map(|r| format!("{r:.4}")).unwrap_or_default(),
            ];
            table.write_record(start.iter().chain(&rest))?;
        }
    }
    table.flush()?;
    Ok(())
}
