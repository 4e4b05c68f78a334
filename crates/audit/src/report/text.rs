//! The audit for the terminal.

use std::fmt::Write;

use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, LineStyle, Table};

use super::witness;
use crate::result::{
    AuditResult, ExposureResult, Fate, HoleResult, IntegrationResult, MutantResult, TraceResult,
};
use crate::trial::Witness;

/// The whole: mutants in numbers, what traces are good for, and what is wrong.
pub fn render(result: &AuditResult) -> String {
    let sections = [
        numbers(result),
        equivalents(result),
        smallest(result),
        idle(result),
        findings(result),
    ];
    sections
        .into_iter()
        .filter(|s| !s.is_empty())
        .collect::<Vec<_>>()
        .join("\n")
}

/// One mutant: how each trace exposes it, and which do not.
pub fn explain(mutant: &MutantResult, traces: &[TraceResult]) -> String {
    let mut text = format!("{} {}: {}\n", mutant.id, mutant.name, mutant.mistake);
    let _infallible = writeln!(
        text,
        "lab {}, {}: {}, by {} hidden and {} public traces",
        mutant.lab,
        mutant.holes.join(", "),
        fate(mutant.fate),
        mutant.hidden_kills,
        mutant.public_kills
    );
    if let Some(why) = mutant.equivalent {
        let _infallible = writeln!(text, "argued to be equivalent: {why}");
    }
    for shown in &mutant.exposures {
        text += &explain_exposure(shown);
    }
    let blind = traces
        .iter()
        .filter(|trace| mutant.is_graded_by(trace) && mutant.exposure(trace).is_none());
    let blind: Vec<&str> = blind.map(|trace| trace.name.as_str()).collect();
    if !blind.is_empty() {
        let _infallible = writeln!(text, "\nnot exposed by {}", blind.join(", "));
    }
    let shows = |i: &&IntegrationResult| i.exposed > 0;
    let together = mutant
        .integration
        .iter()
        .filter(shows)
        .map(|i| format!("lab {}: {} of {}", i.lab, i.exposed, i.traces));
    let together: Vec<String> = together.collect();
    if !together.is_empty() {
        let _infallible = writeln!(
            text,
            "\ntraces that show it when all methods run together: {}",
            together.join(", ")
        );
    }
    if !mutant.elsewhere.is_empty() {
        text += "\nothers lose points for it:\n";
        text.extend(mutant.elsewhere.iter().map(explain_exposure));
    }
    text
}

fn explain_exposure(shown: &ExposureResult) -> String {
    let kind = if shown.public { "public" } else { "hidden" };
    let place = match shown.line {
        0 => "at the end of the trace".to_owned(),
        line => format!("line {line}: {}", shown.event),
    };
    let mut text = format!(
        "\n{} (lab {}, {kind}, {})\n  {place}\n",
        shown.trace, shown.lab, shown.part
    );
    let what = witness(shown.by).map_or("", Witness::describe);
    let _infallible = writeln!(text, "  {what} ({})", shown.by);
    let _infallible = writeln!(text, "    expected `{}`", shown.expected);
    let _infallible = writeln!(text, "    got      `{}`", shown.got);
    if !shown.message.is_empty() {
        let _infallible = writeln!(text, "    {}", shown.message);
    }
    text
}

fn fate(fate: Fate) -> &'static str {
    match fate {
        Fate::Killed => "killed",
        Fate::Barely => "barely killed",
        Fate::Survived => "survived",
        Fate::Equivalent => "equivalent",
        Fate::WronglyArgued => "wrongly argued to be equivalent",
    }
}

fn numbers(result: &AuditResult) -> String {
    let mut table = Table::new();
    table.load_style(NOTHING.header_separator(LineStyle::none().fill('─').junction('─')));
    let head = [
        "lab",
        "hole",
        "mutants",
        "killed",
        "barely",
        "survived",
        "equivalent",
    ];
    let letters = Witness::ALL.map(|witness| witness.letter().to_string());
    table.set_header(head.into_iter().map(str::to_owned).chain(letters));
    for hole in &result.holes {
        table.add_row(row(hole));
    }
    for column in table.column_iter_mut().skip(2) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    let public = result.traces.iter().filter(|trace| trace.public).count();
    let killed = |fates: &[Fate]| {
        result
            .mutants
            .iter()
            .filter(|m| fates.contains(&m.fate))
            .count()
    };
    format!(
        "{}\n\n{} mutants: {} killed, {} barely, {} survived, {} equivalent; \
         {} traces: {} hidden, {public} public\n\
         Letters: how many mutants show first in the {}.\n",
        table.trim_fmt(),
        result.mutants.len(),
        killed(&[Fate::Killed]),
        killed(&[Fate::Barely]),
        killed(&[Fate::Survived]),
        killed(&[Fate::Equivalent, Fate::WronglyArgued]),
        result.traces.len(),
        result.traces.len() - public,
        legend(),
    )
}

fn row(hole: &HoleResult) -> Vec<String> {
    let count = |count: usize| match count {
        0 => "·".to_owned(),
        count => count.to_string(),
    };
    let letters = Witness::ALL
        .iter()
        .map(|witness| hole.exposed_by.get(&witness.letter()));
    let mut row = vec![hole.lab.to_string(), hole.hole.to_owned()];
    row.extend(
        [
            hole.mutants,
            hole.killed,
            hole.barely,
            hole.survivors,
            hole.equivalent,
        ]
        .map(count),
    );
    row.extend(letters.map(|mutants| count(mutants.copied().unwrap_or(0))));
    row
}

fn legend() -> &'static str {
    "class (K), value (V), signal (G), state (S),\n\
     invariants (I), TLB (T), cost (C) of some hidden trace, or by a kernel bug (B), a livelock \
     (L), a panic (P)"
}

fn equivalents(result: &AuditResult) -> String {
    let argued = result
        .mutants
        .iter()
        .filter_map(|m| Some((m, m.equivalent?)));
    let mut text = String::new();
    for (mutant, why) in argued {
        let _infallible = writeln!(text, "  {} {}: {why}", mutant.id, mutant.name);
    }
    match text.as_str() {
        "" => text,
        _ => format!("Argued to be equivalent:\n{text}"),
    }
}

fn smallest(result: &AuditResult) -> String {
    let traces = &result.smallest.traces;
    let known = match result.smallest.is_minimum {
        true => "fewer are not",
        false => "perhaps fewer are, too",
    };
    let hidden = result.traces.iter().filter(|trace| !trace.public).count();
    let mut text = format!(
        "Smallest set: {} of {hidden} hidden traces are enough to expose every mutant that any of \
         them exposes ({known}).\n",
        traces.len()
    );
    for of_lab in traces.chunk_by(|a, b| a.lab == b.lab) {
        let names: Vec<&str> = of_lab.iter().map(|trace| trace.name.as_str()).collect();
        let _infallible = writeln!(text, "  lab {}: {}", of_lab[0].lab, names.join(", "));
    }
    text
}

/// Traces that expose nothing: documentation at best.
fn idle(result: &AuditResult) -> String {
    let mut text = String::new();
    for (kind, public) in [("public", true), ("hidden", false)] {
        let idle = result
            .traces
            .iter()
            .filter(|t| t.kills == 0 && t.public == public);
        let names: Vec<String> = idle
            .map(|t| format!("{} (lab {})", t.name, t.lab))
            .collect();
        if !names.is_empty() {
            let _infallible = writeln!(
                text,
                "Expose no mutant, {} {kind} traces: {}",
                names.len(),
                names.join(", ")
            );
        }
    }
    text
}

fn findings(result: &AuditResult) -> String {
    if result.findings.is_empty() {
        return "Nothing is wrong.\n".to_owned();
    }
    let mut text = format!("Findings: {}\n", result.findings.len());
    for finding in &result.findings {
        let _infallible = writeln!(text, "{finding}");
    }
    text
}
