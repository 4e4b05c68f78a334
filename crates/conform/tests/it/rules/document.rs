//! `docs/linux-rules.md`: what is written there, and what is generated.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use conform::case::Case;

use super::notation::compact;

const TABLE_START: &str =
    "<!-- The table is generated: UPDATE_RULES=1 cargo test -p conform rules -->";
const TABLE_END: &str = "<!-- Here the generated table ends. -->";

/// A rule, as the document has it.
#[derive(Debug)]
pub struct RuleText {
    /// `R1`.
    pub number: String,
    /// Its kernel functions, with their files.
    pub from: String,
    /// The traces that show it.
    pub shown_by: Vec<String>,
    /// Those whose events and outcomes stand beside it.
    pub measured: Vec<String>,
}

/// A measured trace.
pub struct Measured {
    /// As in the name of its file: `a01`.
    pub id: String,
    /// Its first comment.
    pub shows: String,
    /// Its events and what Linux did.
    pub events: String,
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

pub fn path() -> PathBuf {
    root().join("docs/linux-rules.md")
}

pub fn text() -> String {
    fs::read_to_string(path()).expect("the document is in the repository")
}

/// The part of the document under a heading of the second level.
pub fn section(title: &str) -> String {
    let text = text();
    let start = text.find(&format!("\n## {title}\n"));
    let start = start.unwrap_or_else(|| panic!("a section `{title}`")) + 1;
    let len = text[start..].find("\n## ").unwrap_or(text.len() - start);
    text[start..start + len].to_owned()
}

/// The rules in the order of the document.
pub fn rules(text: &str) -> Vec<RuleText> {
    let mut rules: Vec<RuleText> = Vec::new();
    for line in text.lines() {
        if let Some(number) = heading(line) {
            rules.push(RuleText {
                number,
                from: String::new(),
                shown_by: Vec::new(),
                measured: Vec::new(),
            });
        }
        let Some(rule) = rules.last_mut() else {
            continue;
        };
        if let Some(from) = line.strip_prefix("- From: ") {
            rule.from = from.to_owned();
        } else if let Some(ids) = line.strip_prefix("- Shown by: ") {
            let ids = ids.trim_end_matches('.').split(", ");
            rule.shown_by = ids.map(str::to_owned).collect();
        } else if let Some(id) = measured_id(line) {
            rule.measured.push(id.to_owned());
        }
    }
    rules
}

/// `R4` of a line that begins with `**R4 `.
fn heading(line: &str) -> Option<String> {
    let (digits, _) = line.strip_prefix("**R")?.split_once(' ')?;
    digits.parse::<u8>().ok().map(|number| format!("R{number}"))
}

/// The measured traces, by their names.
pub fn traces() -> BTreeMap<String, Measured> {
    let folder = root().join("crates/vmtrace/tests/linux-traces");
    let paths = Case::find(&[folder]).expect("the folder is in the repository");
    let mut traces = BTreeMap::new();
    for path in &paths {
        let name = path.file_name().expect("a file").to_string_lossy();
        let id = name.split('-').next().expect("a name").to_owned();
        let trace = fs::read_to_string(path).expect("a text");
        let first = trace.lines().next().unwrap_or_default();
        let head = format!("# {} ", id.to_uppercase());
        let shows = first.strip_prefix(&head);
        let measured = Measured {
            shows: shows
                .unwrap_or_else(|| panic!("{name} begins with `{head}`"))
                .to_owned(),
            events: compact(&trace),
            id: id.clone(),
        };
        let twice = traces.insert(id, measured);
        assert!(twice.is_none(), "{name}: its number is taken");
    }
    traces
}

/// The document with all that is generated made anew.
pub fn regenerated(text: &str) -> String {
    let traces = traces();
    let mut made = String::new();
    let mut in_table = false;
    for line in text.lines() {
        in_table &= line != TABLE_END;
        match measured_id(line) {
            _ if in_table => continue,
            Some(id) => {
                let trace = traces.get(id).unwrap_or_else(|| panic!("no trace {id}"));
                made += &format!("- Measured: {id}: {}", trace.events);
            }
            None => made += line,
        }
        made += "\n";
        if line == TABLE_START {
            in_table = true;
            made += &table(&traces, &rules(text));
        }
    }
    assert!(text.contains(TABLE_START) && text.contains(TABLE_END));
    made
}

fn measured_id(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("- Measured: ")?;
    rest.split(':').next()
}

fn table(traces: &BTreeMap<String, Measured>, rules: &[RuleText]) -> String {
    let mut table = "\n| trace | shows | events, and what Linux did | rules |\n".to_owned();
    table += "|---|---|---|---|\n";
    for trace in traces.values() {
        let cites = |rule: &&RuleText| rule.shown_by.contains(&trace.id);
        let rules: Vec<&str> = (rules.iter())
            .filter(cites)
            .map(|rule| rule.number.as_str())
            .collect();
        let cell = |text: &str| text.replace('|', "\\|");
        table += &format!(
            "| {} | {} | {} | {} |\n",
            trace.id,
            cell(&trace.shows),
            cell(&trace.events),
            rules.join(" ")
        );
    }
    table + "\n"
}
