//! A verdict for people: 80 columns, and colour where there is a terminal.

use std::fmt::Write;

use ::verdict::end::End;
use ::verdict::words;
use anstyle::{AnsiColor, Style};
use vmsim::handlers::Hole;

use super::verdict::{
    Did, Differs, Earlier, Finding, LabVerdict, Points, State, TraceVerdict, Verdict,
};
use crate::workspace::{Line, Workspace};

/// Columns of a terminal that nobody has made larger.
pub(crate) const WIDTH: usize = 80;

/// Columns of the names of facts.
const NAMES: usize = 12;

pub(crate) const GOOD: Style = AnsiColor::Green.on_default();
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();
pub(crate) const WAITING: Style = AnsiColor::Yellow.on_default();
pub(crate) const STRONG: Style = Style::new().bold();
pub(crate) const FAINT: Style = Style::new().dimmed();

/// Said when there is nothing to say: what a student has seen is not all that is graded.
const ALL_PASS: &str = "all public checks pass; hidden traces are run at grading";

/// The whole verdict.
pub(crate) fn of(workspace: &Workspace, verdict: &Verdict) -> String {
    let mut text = String::new();
    for lab in &verdict.labs {
        text += &of_lab(lab, verdict.finding.as_ref());
    }
    if let Some(finding) = &verdict.finding
        && let Some(trace) = trace_of(verdict, finding)
    {
        text += "\n";
        text += &of_finding(workspace, finding, trace);
    }
    text += "\n";
    text += &closing(workspace, verdict);
    text
}

fn trace_of<'a>(verdict: &'a Verdict, finding: &Finding) -> Option<&'a TraceVerdict> {
    let mut labs = verdict.labs.iter();
    let lab = labs.find(|lab| lab.number == finding.lab)?;
    lab.traces.iter().find(|trace| trace.name == finding.trace)
}

/// A lab: what failed has a line of its own, and everything else is counted by name.
fn of_lab(lab: &LabVerdict, finding: Option<&Finding>) -> String {
    let LabVerdict {
        number,
        title,
        points,
        traces,
        ..
    } = lab;
    let (name, _) = title.split_once(':').unwrap_or((title, ""));
    let head = format!("lab {number}: {name}");
    let mut text = match traces.is_empty() {
        true => format!("{STRONG}{head}{STRONG:#}: no public traces to check\n"),
        false => format!("{STRONG}{head}{STRONG:#}: {}\n", of_points(*points)),
    };
    let in_state = |state| traces.iter().filter(move |trace| trace.state == state);
    let names = |of: Vec<&TraceVerdict>| {
        let names: Vec<&str> = of.iter().map(|trace| trace.name.as_str()).collect();
        names.join(", ")
    };
    let passed: Vec<&TraceVerdict> = in_state(State::Passed).collect();
    if !passed.is_empty() {
        text += &item(GOOD, "passed", &names(passed));
    }
    for (needs, waiting) in grouped(in_state(State::Waits)) {
        let list = format!("for {}: {}", needed(needs), names(waiting));
        text += &item(WAITING, "waits", &list);
    }
    for (needs, unwritten) in grouped(in_state(State::NotWritten)) {
        let list = match needs {
            Some(hole) => format!("yet, `{hole}`: {}", names(unwritten)),
            None => format!("yet: {}", names(unwritten)),
        };
        text += &item(WAITING, "not written", &list);
    }
    for failed in in_state(State::Failed) {
        let is_told = finding.is_some_and(|it| it.lab == *number && it.trace == failed.name);
        let below = if is_told { " (told below)" } else { "" };
        text += &item(BAD, "failed", &format!("{}{below}", in_a_line(failed)));
    }
    let not_run: Vec<&TraceVerdict> = in_state(State::NotRun).collect();
    if !not_run.is_empty() {
        text += &item(FAINT, "not run", &names(not_run));
    }
    text
}

/// `9 of 20 points; 11 wait`.
pub(crate) fn of_points(points: Points) -> String {
    let Points {
        passed,
        waiting,
        max,
    } = points;
    let waiting = match waiting > 0.0 {
        true => format!("; {waiting} wait"),
        false => String::new(),
    };
    format!("{passed} of {max} points{waiting}")
}

fn item(style: Style, label: &str, list: &str) -> String {
    let (indent, width) = (" ".repeat(NAMES + 2), WIDTH - NAMES - 2);
    let wrapped = textwrap::wrap(list, unbroken(width));
    let lines: Vec<&str> = wrapped.iter().map(AsRef::as_ref).collect();
    let list = lines.join(&format!("\n{indent}"));
    format!("  {style}{label:<NAMES$}{style:#}{list}\n")
}

/// Lines of so many columns that keep names whole.
pub(crate) fn unbroken(width: usize) -> textwrap::Options<'static> {
    textwrap::Options::new(width).word_splitter(textwrap::WordSplitter::NoHyphenation)
}

/// Traces by the hole that they need.
fn grouped<'a>(
    traces: impl Iterator<Item = &'a TraceVerdict>,
) -> Vec<(Option<&'a str>, Vec<&'a TraceVerdict>)> {
    let mut groups: Vec<(Option<&str>, Vec<&TraceVerdict>)> = Vec::new();
    for trace in traces {
        let needs = trace.needs.as_deref();
        match groups.iter_mut().find(|(other, _)| *other == needs) {
            Some((_, group)) => group.push(trace),
            None => groups.push((needs, vec![trace])),
        }
    }
    groups
}

/// `` `deliver` of lab 3 ``.
pub(crate) fn needed(hole: Option<&str>) -> String {
    match hole.and_then(Hole::named) {
        Some(hole) => format!("`{}` of lab {}", hole.name(), hole.lab()),
        None => "something that is not written yet".to_owned(),
    }
}

/// A failed trace: where, and what kind of thing is wrong.
fn in_a_line(trace: &TraceVerdict) -> String {
    let at = match &trace.difference {
        Some(Differs { line: 0, .. }) => ", at its end".to_owned(),
        Some(differs) => format!(", line {}", differs.line),
        None => String::new(),
    };
    format!("{}{at}: {}", trace.name, in_short(trace))
}

fn in_short(trace: &TraceVerdict) -> String {
    match (trace.end, &trace.difference) {
        (End::Failed | End::NotWritten | End::Passed, Some(differs))
            if trace.message.is_empty() || trace.end == End::NotWritten =>
        {
            differs.what.clone()
        }
        (End::Failed | End::Passed, _) if !trace.message.is_empty() => {
            first_line(&trace.message).to_owned()
        }
        (End::Panicked, _) => format!("a handler panicked: {}", first_line(&trace.message)),
        (end, _) => end.to_string(),
    }
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

/// The first thing that is wrong, in full.
pub(crate) fn of_finding(workspace: &Workspace, finding: &Finding, trace: &TraceVerdict) -> String {
    let mut text = String::new();
    let place = match &trace.difference {
        Some(differs) => words::place(differs.line, &differs.event),
        None => "the run".to_owned(),
    };
    let _infallible = writeln!(
        text,
        "{BAD}failed{BAD:#}: {STRONG}{}, {place}{STRONG:#}",
        finding.trace
    );
    let line = trace.difference.as_ref().map_or(0, |it| it.line);
    let file = match line {
        0 => finding.file.clone(),
        line => format!("{}:{line}", finding.file),
    };
    let _infallible = writeln!(text, "  {FAINT}{file}{FAINT:#}");
    text += "\n";
    text += &what_happened(workspace, finding, trace);
    text += &of_explanation(finding);
    text += &of_code(finding);
    text += "\n";
    text += &what_next(finding);
    text
}

fn fact(name: &str, text: &str) -> String {
    item(Style::new(), name, text)
}

/// How the run ended, and what was expected.
fn what_happened(workspace: &Workspace, finding: &Finding, trace: &TraceVerdict) -> String {
    let mut text = String::new();
    if let Some(told) = ended(trace) {
        text += &fact("what", &told);
    } else if let Some(differs) = &trace.difference {
        text += &fact("differs", &differs.what);
    }
    if let Some(at) = &trace.at
        && trace.end != End::NotWritten
    {
        text += &fact("at", at);
        let source = Line::parse(at).and_then(|line| workspace.text(&line));
        text += &source.map_or(String::new(), |source| quoted(&source));
    }
    if let Some(expected) = &finding.expected {
        text += &fact("expected", expected);
    }
    if let Some(got) = &finding.got {
        text += &fact("got", got);
    }
    if let Some(meaning) = &finding.meaning {
        text += &fact("", meaning);
    }
    text
}

/// What ended the run, if it is not an answer that was compared.
fn ended(trace: &TraceVerdict) -> Option<String> {
    let message = trace.message.as_str();
    Some(match trace.end {
        End::Panicked => format!("a handler panicked: {message}"),
        End::Livelock => "livelock: the same access faulted again and again. The repair does not \
                          make the access possible; does the entry allow what the program wants?"
            .to_owned(),
        End::TimeLimit => format!(
            "time limit: {message}. A loop without end? The event below began, and no handler \
             came back"
        ),
        End::MemoryLimit => format!("memory limit: {message}. Does something grow without end?"),
        End::OutputLimit => format!("output limit: {message}. Does something print without end?"),
        End::Failed if !message.is_empty() => message.to_owned(),
        _ => return None,
    })
}

fn quoted(source: &str) -> String {
    let room = WIDTH - NAMES - 4;
    let cut: String = source.chars().take(room).collect();
    format!("  {:<NAMES$}{FAINT}| {cut}{FAINT:#}\n", "")
}

fn of_explanation(finding: &Finding) -> String {
    let explanation = &finding.explanation;
    let mut text = String::new();
    for (index, line) in explanation.mmu.iter().enumerate() {
        text += &fact(if index == 0 { "MMU" } else { "" }, line);
    }
    if let Some(vma) = &explanation.vma {
        text += &fact("VMA", vma);
    }
    if let Some(before) = &explanation.before {
        text += &fact("PTE before", before);
    }
    match (&explanation.after, &finding.after) {
        (Some(right), Some(own)) if right == own => text += &fact("PTE after", right),
        (right, own) => {
            let right = right
                .iter()
                .map(|after| ("PTE after", format!("expected: {after}")));
            let own = own.iter().map(|after| ("", format!("yours:    {after}")));
            for (name, line) in right.chain(own) {
                text += &fact(name, &line);
            }
        }
    }
    if let Some(classified) = &finding.classified {
        text += &fact("verdict", &format!("expected: {}", classified.expected));
        text += &fact("", &format!("yours:    {}", classified.got));
    }
    if let Some(rule) = &explanation.rule {
        text += &fact("rule", rule);
    }
    match text.is_empty() {
        true => text,
        false => format!("\n{text}"),
    }
}

fn of_code(finding: &Finding) -> String {
    let mut text = String::new();
    if !finding.did.is_empty() {
        let _infallible = writeln!(text, "\n  your code did this there");
        text += &of_deeds(&finding.did);
    }
    if let Some(Earlier {
        line,
        event,
        class,
        did,
    }) = &finding.before_that
    {
        let class = match class.as_str() {
            "" => String::new(),
            class => format!(" ({class})"),
        };
        let told = format!("the page was left as it is by line {line}: {event}{class}");
        text += "\n";
        for line in textwrap::wrap(&told, unbroken(WIDTH - 2)) {
            let _infallible = writeln!(text, "  {line}");
        }
        text += &of_deeds(did);
    }
    text
}

fn of_deeds(deeds: &[Did]) -> String {
    let mut text = String::new();
    for Did { at, source, what } in deeds {
        let _infallible = writeln!(text, "    {at}: {what}");
        if let Some(source) = source {
            let cut: String = source.chars().take(WIDTH - 8).collect();
            let _infallible = writeln!(text, "      {FAINT}| {cut}{FAINT:#}");
        }
    }
    text
}

fn what_next(finding: &Finding) -> String {
    let mut text = String::new();
    let hint = match finding.hole.as_deref().and_then(Hole::named) {
        Some(hole) => format!("cargo lab hint {} {}", hole.lab(), hole.name()),
        None => format!("cargo lab hint {}", finding.lab),
    };
    let _infallible = writeln!(text, "  a hint:  {hint}");
    let _infallible = writeln!(text, "  see it:  cargo lab view {} --compare", finding.file);
    text
}

/// The last line, or two: what there is, and what to do.
fn closing(workspace: &Workspace, verdict: &Verdict) -> String {
    if verdict.is_all_right() {
        return format!("{GOOD}{ALL_PASS}{GOOD:#}\n");
    }
    let points = verdict.points();
    let mut text = format!("{} on public traces", of_points(points));
    if points.waiting > 0.0 {
        let _infallible = write!(text, " for {}", waited_for(verdict));
    }
    let mut parts = verdict.labs.iter().flat_map(|lab| &lab.parts);
    let unwritten = parts.find(|part| part.state == State::NotWritten);
    if let Some(part) = unwritten
        && let Some(at) = part.at.as_deref().and_then(Line::parse)
        && verdict.finding.is_none()
    {
        let said = workspace.text(&at).unwrap_or_default();
        let _infallible = write!(
            text,
            "\nnext: write `{}` at {at}\n  {FAINT}| {said}{FAINT:#}",
            part.name
        );
    }
    if verdict.is_right_so_far() {
        let _infallible = write!(
            text,
            "\n{GOOD}nothing is wrong so far{GOOD:#}; what waits is run to its end when those labs are written"
        );
    }
    text + "\n"
}

/// `labs 3 and 5`.
fn waited_for(verdict: &Verdict) -> String {
    let traces = verdict.labs.iter().flat_map(|lab| &lab.traces);
    let holes = traces.filter_map(|trace| trace.needs.as_deref().and_then(Hole::named));
    let mut labs: Vec<u8> = holes.map(Hole::lab).collect();
    labs.sort_unstable();
    labs.dedup();
    let names: Vec<String> = labs.iter().map(u8::to_string).collect();
    match names.split_last() {
        None => "what is not written yet".to_owned(),
        Some((only, [])) => format!("lab {only}"),
        Some((last, others)) => format!("labs {} and {last}", others.join(", ")),
    }
}
