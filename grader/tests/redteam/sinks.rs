//! What reports may not have in them, whoever's text it was.

use std::fs;
use std::path::Path;

use pulldown_cmark::{Event, Options, Parser, Tag};

/// Beginnings of lines that GitHub takes for a command, as attacks try them.
const COMMANDS: [&str; 3] = ["::error::x", "::error::broken", "::error::lines"];

/// What GitHub and Azure take for one wherever it stands. (A section of GitLab's needs
/// control characters.)
const COMMANDS_ANYWHERE: [&str; 2] = ["##[", "##vso["];

/// Everything that is wrong with the reports in a folder.
pub fn bites(out: &Path) -> Vec<String> {
    let named = |name: &str| out.join(name);
    let mut found = Vec::new();
    for name in [
        "report.txt",
        "log.txt",
        "summary.md",
        "grades.csv",
        "junit.xml",
    ] {
        found.extend(hidden_letters(&named(name)));
        found.extend(commands(&named(name)));
    }
    found.extend(commands(&named("grades.json")));
    found.extend(cells(&named("grades.csv")));
    found.extend(markup(&named("summary.md")));
    let xml = read(&named("junit.xml"));
    if let Err(error) = roxmltree::Document::parse(&xml) {
        found.push(format!("junit.xml: {error}"));
    }
    found
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Letters that a terminal obeys, or that turn a text around.
fn hidden_letters(path: &Path) -> Option<String> {
    let text = read(path);
    let bad = |c: &char| {
        let control = c.is_control() && *c != '\n';
        control
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let found = text.chars().find(bad)?;
    let line = text.lines().find(|line| line.contains(found))?;
    Some(format!("{}: {}", path.display(), line.escape_default()))
}

fn commands(path: &Path) -> Option<String> {
    let text = read(path);
    let begins = |line: &str| COMMANDS.iter().any(|it| line.trim_start().starts_with(it));
    let obeyed = |line: &&str| begins(line) || COMMANDS_ANYWHERE.iter().any(|it| line.contains(it));
    let line = text.lines().find(obeyed)?;
    Some(format!("{}: {line}", path.display()))
}

fn cells(path: &Path) -> Vec<String> {
    let mut table = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_path(path)
        .expect("a table");
    let rows = table.records().map(|row| row.expect("a row"));
    let cells: Vec<String> = rows
        .flat_map(|row| row.iter().map(str::to_owned).collect::<Vec<_>>())
        .collect();
    let formula = |cell: &String| {
        cell.trim_start()
            .starts_with(['=', '+', '-', '@', '\t', '\r'])
    };
    cells
        .into_iter()
        .filter(formula)
        .map(|cell| format!("grades.csv: {cell}"))
        .collect()
}

fn markup(path: &Path) -> Vec<String> {
    let text = read(path);
    let bites = |event: &Event<'_>| {
        matches!(
            event,
            Event::Html(_)
                | Event::InlineHtml(_)
                | Event::Start(Tag::Link { .. } | Tag::Image { .. } | Tag::HtmlBlock)
        )
    };
    let events = Parser::new_ext(&text, Options::all());
    events
        .filter(bites)
        .map(|event| format!("summary.md: {event:?}"))
        .collect()
}
