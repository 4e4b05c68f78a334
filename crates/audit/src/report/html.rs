//! The audit as a page: a matrix for each lab, its mutants down, its traces across.
//!
//! No trace is graded for a hole of another lab, so that one matrix of the course
//! would be empty but for these.

use std::collections::BTreeSet;

use grader::report::page::{Mood, page, prose, tile};
use maud::{Markup, html};

use super::witness;
use crate::audit::KILLS_MIN;
use crate::result::{
    AuditResult, ExposureResult, Fate, HoleResult, MutantResult, TraceName, TraceResult,
};
use crate::trial::Witness;

/// What this report needs besides the style of all reports.
const STYLE: &str = include_str!("html.css");

/// The page.
pub fn render(result: &AuditResult) -> String {
    let labs: BTreeSet<u8> = result.traces.iter().map(|trace| trace.lab).collect();
    let body = html! {
        h1 { "Audit" }
        p.faint { "Every mistake of the catalogue, as a kernel, against every trace of the course." }
        (tiles(result))
        nav {
            a href="#findings" { "Findings" }
            a href="#holes" { "In numbers" }
            @for lab in &labs { a href={ "#lab" (lab) } { "Lab " (lab) } }
            a href="#equivalent" { "Equivalent" }
            a href="#smallest" { "Smallest set" }
        }
        (findings(result))
        (numbers(result))
        (legend())
        @for &lab in &labs { (matrix(result, lab)) }
        (equivalents(result))
        (smallest(result))
    };
    page("Audit", STYLE, &body)
}

fn tiles(result: &AuditResult) -> Markup {
    let fates = |fate: Fate| result.mutants.iter().filter(|m| m.fate == fate).count();
    let hidden = result.traces.iter().filter(|trace| !trace.public).count();
    let wrong = result.findings.len();
    let (barely, survived) = (fates(Fate::Barely), fates(Fate::Survived));
    html! {
        div.tiles {
            (tile(wrong, "findings", Mood::good_if(wrong == 0)))
            (tile(result.mutants.len(), "mutants", Mood::Plain))
            (tile(fates(Fate::Killed), "killed", Mood::Plain))
            (tile(barely, "barely killed", Mood::good_if(barely == 0)))
            (tile(survived, "survived", Mood::good_if(survived == 0)))
            (tile(fates(Fate::Equivalent), "equivalent", Mood::Plain))
            (tile(hidden, "hidden traces", Mood::Plain))
            (tile(result.traces.len() - hidden, "public traces", Mood::Plain))
            (tile(result.smallest.traces.len(), "in the smallest set", Mood::Plain))
        }
    }
}

fn findings(result: &AuditResult) -> Markup {
    html! {
        h2 #findings { "Findings" }
        @if result.findings.is_empty() { p.good { "Nothing." } }
        ul.findings {
            @for finding in &result.findings {
                li {
                    code { (finding.file) } ": " (prose(&finding.what)) " " span.faint { "[" (finding.check) "]" }
                    div.help { (prose(&finding.help)) }
                }
            }
        }
    }
}

fn numbers(result: &AuditResult) -> Markup {
    let heads = ["mutants", "killed", "barely", "survived", "equivalent"];
    html! {
        h2 #holes { "In numbers" }
        p {
            "A mutant is killed if at least " (KILLS_MIN) " hidden traces expose it in the hole \
             that its mistake is in, by itself. A letter counts the mutants that show first so in \
             some hidden trace."
        }
        table.table {
            thead {
                tr {
                    th { "lab" } th { "hole" }
                    @for head in heads { th.number { (head) } }
                    @for witness in Witness::ALL {
                        th.number title=(witness.describe()) { (witness.letter()) }
                    }
                }
            }
            tbody { @for hole in &result.holes { (numbers_of(hole)) } }
        }
    }
}

fn numbers_of(hole: &HoleResult) -> Markup {
    let count = |count: usize, bad: bool| {
        html! {
            td.number.bad[bad && count > 0] { @if count > 0 { (count) } @else { span.faint { "·" } } }
        }
    };
    html! {
        tr {
            td { a href={ "#lab" (hole.lab) } { (hole.lab) } }
            td { code { (hole.hole) } }
            (count(hole.mutants, false))
            (count(hole.killed, false))
            (count(hole.barely, true))
            (count(hole.survivors, true))
            (count(hole.equivalent, false))
            @for witness in Witness::ALL {
                (count(hole.exposed_by.get(&witness.letter()).copied().unwrap_or(0), false))
            }
        }
    }
}

fn legend() -> Markup {
    html! {
        h2 { "The matrices" }
        p {
            "A row for each mutant, under the hole that its mistake is in; a column for each trace. \
             The letter says what differs first from what Linux does. Point at it to see where."
        }
        ul.legend {
            @for witness in Witness::ALL {
                li { b class=(colour(witness.letter())) { (witness.letter()) } (witness.describe()) }
            }
            li { b { "·" } "graded, and not exposed" }
            li { b { " " } "not graded for this hole" }
        }
    }
}

fn colour(letter: char) -> String {
    match witness(letter) {
        Some(Witness::Oracle(_)) => letter.to_string(),
        _ => "end".to_owned(),
    }
}

fn matrix(result: &AuditResult, lab: u8) -> Markup {
    let traces = result.traces.iter().filter(|trace| trace.lab == lab);
    let (public, hidden): (Vec<_>, Vec<_>) = traces.partition(|trace| trace.public);
    let (hidden_count, public_count) = (hidden.len(), public.len());
    let columns: Vec<Column<'_>> = [hidden, public].iter().flat_map(|of| columns(of)).collect();
    let holes = result.holes.iter().filter(|hole| hole.lab == lab);
    html! {
        h2 #{ "lab" (lab) } { "Lab " (lab) }
        div.scroll {
            table.matrix {
                thead {
                    tr {
                        th.who.stays {} th {}
                        @if hidden_count > 0 { th.who.begins colspan=(hidden_count) { "hidden" } }
                        @if public_count > 0 { th.who.begins colspan=(public_count) { "public" } }
                        th.who.begins {}
                    }
                    tr {
                        th.trace.stays {}
                        th.trace { span { "hidden kills" } }
                        @for column in &columns { (head(column)) }
                        th.trace.begins { span { "all together" } }
                    }
                }
                @for hole in holes { (rows(result, hole, &columns)) }
            }
        }
    }
}

/// A column of a matrix.
struct Column<'a> {
    trace: &'a TraceResult,
    /// Whether it is the first of its kind.
    begins: bool,
}

fn columns<'a>(traces: &[&'a TraceResult]) -> Vec<Column<'a>> {
    let column = |(index, trace): (usize, &&'a TraceResult)| Column {
        trace,
        begins: index == 0,
    };
    traces.iter().enumerate().map(column).collect()
}

fn head(column: &Column<'_>) -> Markup {
    let TraceResult {
        name,
        teaches,
        kills,
        ..
    } = column.trace;
    let title = format!("{name}: {teaches}\nexposes {kills} mutants");
    html! {
        th.trace.begins[column.begins].bad[*kills == 0] title=(title) { span { (name) } }
    }
}

fn rows(result: &AuditResult, hole: &HoleResult, columns: &[Column<'_>]) -> Markup {
    let mutants = result
        .mutants
        .iter()
        .filter(|m| m.holes.contains(&hole.hole));
    html! {
        tbody {
            tr.hole { th.stays { code { (hole.hole) } } th colspan=(columns.len() + 2) {} }
            @for mutant in mutants { (row(mutant, hole.hole, columns)) }
        }
    }
}

fn row(mutant: &MutantResult, hole: &str, columns: &[Column<'_>]) -> Markup {
    let kills = |shown: &&ExposureResult| shown.part == hole && !shown.public;
    let kills = mutant.exposures.iter().filter(kills).count();
    let few = kills < KILLS_MIN && mutant.equivalent.is_none();
    html! {
        tr {
            th.mutant.stays title=(format!("{}: {}", mutant.id, mutant.mistake)) {
                code { (mutant.id) } (mutant.name)
                @if mutant.equivalent.is_some() { span.faint { " (equivalent)" } }
            }
            td.count.bad[few] { (kills) }
            @for column in columns { (cell(mutant, hole, column)) }
            (together(mutant))
        }
    }
}

fn cell(mutant: &MutantResult, hole: &str, column: &Column<'_>) -> Markup {
    let trace = column.trace;
    let here = |e: &&ExposureResult| e.part == hole && e.lab == trace.lab && e.trace == trace.name;
    let begins = if column.begins { "begins" } else { "" };
    match mutant.exposures.iter().find(here) {
        Some(shown) => html! {
            td class={ (colour(shown.by)) " " (begins) } title=(tooltip(shown)) { (shown.by) }
        },
        None if trace.holes.contains(&hole) => html! { td class={ "blind " (begins) } { "·" } },
        None => html! { td class=(begins) {} },
    }
}

fn tooltip(shown: &ExposureResult) -> String {
    let place = match shown.line {
        0 => "at the end".to_owned(),
        line => format!("line {line}: {}", shown.event),
    };
    let what = witness(shown.by).map_or("", Witness::describe);
    let told = match shown.message.as_str() {
        "" => String::new(),
        message => format!("\n{message}"),
    };
    format!(
        "{}, {}\n{place}\n{what}\nexpected {}\ngot {}{told}",
        shown.trace, shown.part, shown.expected, shown.got
    )
}

/// In how many traces of its own lab a mutant shows when all methods run together.
fn together(mutant: &MutantResult) -> Markup {
    let lines = mutant.integration.iter().filter(|i| i.exposed > 0);
    let lines: Vec<String> = lines
        .map(|i| format!("lab {}: {} of {} traces", i.lab, i.exposed, i.traces))
        .collect();
    let own = mutant.integration.iter().find(|i| i.lab == mutant.lab);
    html! {
        td.count.begins title=(lines.join("\n")) { (own.map_or(0, |own| own.exposed)) }
    }
}

fn equivalents(result: &AuditResult) -> Markup {
    let argued = result
        .mutants
        .iter()
        .filter_map(|m| Some((m, m.equivalent?)));
    let argued: Vec<(&MutantResult, &str)> = argued.collect();
    html! {
        h2 #equivalent { "Argued to be equivalent" }
        @if argued.is_empty() { p { "None." } }
        dl {
            @for (mutant, why) in argued {
                dt { code { (mutant.id) } " " (mutant.name) ", lab " (mutant.lab) }
                dd { (prose(why)) }
            }
        }
    }
}

fn smallest(result: &AuditResult) -> Markup {
    let traces = &result.smallest.traces;
    let idle: Vec<&TraceResult> = result
        .traces
        .iter()
        .filter(|trace| trace.kills == 0)
        .collect();
    let names = |of_lab: &[TraceName]| {
        let names: Vec<&str> = of_lab.iter().map(|trace| trace.name.as_str()).collect();
        names.join(", ")
    };
    html! {
        h2 #smallest { "The smallest set" }
        p {
            (traces.len()) " hidden traces are enough to expose every mutant that any of them exposes; "
            @if result.smallest.is_minimum { "fewer are not." } @else { "perhaps fewer are, too." }
        }
        table.table {
            tbody {
                @for of_lab in traces.chunk_by(|a, b| a.lab == b.lab) {
                    tr { th { "lab " (of_lab[0].lab) } td { (names(of_lab)) } }
                }
            }
        }
        @if !idle.is_empty() {
            h3 { "Traces that expose no mutant" }
            p {
                @for (index, trace) in idle.iter().enumerate() {
                    @if index > 0 { ", " }
                    (trace.name) " (lab " (trace.lab) @if trace.public { ", public" } ")"
                }
            }
        }
    }
}
