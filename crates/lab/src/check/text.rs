//! A verdict for people: 80 columns, and colour where there is a terminal.

use std::fmt::Write;

use ::verdict::compare::STOPPED;
use ::verdict::end::End;
use ::verdict::words;
use anstyle::{AnsiColor, Style};
use runner::log::Oracle;
use vmsim::handlers::Hole;

use super::verdict::{
    Did, Differs, Earlier, Finding, LabVerdict, Points, State, TraceVerdict, Verdict, Victim,
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

/// Said of a lab without code.
const GRADED_LATER: &str = "what is handed in for it is graded later";

/// The whole verdict.
pub(crate) fn of(workspace: &Workspace, verdict: &Verdict) -> String {
    let mut text = String::new();
    for lab in &verdict.labs {
        text += &of_lab(lab, verdict);
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
///
/// With several labs, what did not fail is counted only.
fn of_lab(lab: &LabVerdict, verdict: &Verdict) -> String {
    let LabVerdict {
        number,
        title,
        points,
        traces,
        ..
    } = lab;
    let (name, _) = title.split_once(':').unwrap_or((title, ""));
    let head = format!("lab {number}, {name}");
    let mut text = match traces.is_empty() {
        true => format!(
            "{STRONG}{head}{STRONG:#}: nothing to run; `cargo lab` looks at what is handed in\n"
        ),
        false => format!("{STRONG}{head}{STRONG:#}: {}\n", of_points(*points)),
    };
    let in_state = |state| traces.iter().filter(move |trace| trace.state == state);
    let names = |of: Vec<&TraceVerdict>| {
        if verdict.labs.len() > 1 {
            return counted(of.len());
        }
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
        let finding = verdict.finding.as_ref();
        let is_told = finding.is_some_and(|it| it.lab == *number && it.trace == failed.name);
        let below = if is_told { " (told below)" } else { "" };
        let line = cut(&in_a_line(failed), WIDTH - NAMES - 2 - below.len());
        let _infallible = writeln!(text, "  {BAD}{:<NAMES$}{BAD:#}{line}{below}", "failed");
    }
    let not_run: Vec<&TraceVerdict> = in_state(State::NotRun).collect();
    if !not_run.is_empty() {
        text += &item(FAINT, "not run", &names(not_run));
    }
    text
}

fn counted(traces: usize) -> String {
    match traces {
        1 => "1 trace".to_owned(),
        many => format!("{many} traces"),
    }
}

/// `9 of 20 points; 11 wait`.
pub(crate) fn of_points(points: Points) -> String {
    let Points {
        passed,
        waiting,
        max,
    } = points;
    format!("{passed} of {max} points{}", of_waiting(waiting))
}

fn of_waiting(points: f64) -> String {
    match points > 0.0 {
        true => format!("; {points} wait"),
        false => String::new(),
    }
}

/// `9 of 20 points on public traces; 11 wait`.
pub(crate) fn of_all(points: Points) -> String {
    let Points {
        passed,
        waiting,
        max,
    } = points;
    format!(
        "{passed} of {max} points on public traces{}",
        of_waiting(waiting)
    )
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

/// A failed trace, in one line: where, and what kind of thing is wrong.
fn in_a_line(trace: &TraceVerdict) -> String {
    let at = match &trace.difference {
        Some(Differs { line: 0, .. }) => ", at its end".to_owned(),
        Some(differs) => format!(", line {}", differs.line),
        None => String::new(),
    };
    format!("{}{at}: {}", trace.name, in_short(trace))
}

fn in_short(trace: &TraceVerdict) -> String {
    let differs = trace.difference.as_ref().map(what_differs);
    match (trace.end, differs) {
        (_, Some(what)) if !trace.ended_there() => what,
        (End::Panicked, _) => "a handler panicked".to_owned(),
        (End::Failed | End::Passed, _) if !trace.message.is_empty() => {
            first_line(&trace.message).to_owned()
        }
        (End::Failed | End::Passed | End::NotWritten, Some(what)) => what,
        (end, _) => end.to_string(),
    }
}

/// What differs, in a few words: both sides where they are short, or else what is broken.
fn what_differs(differs: &Differs) -> String {
    let Differs {
        what,
        oracle,
        expected,
        got,
        ..
    } = differs;
    match words::oracle(*oracle) {
        Some(oracle @ (Oracle::Invariants | Oracle::Tlb)) if got != STOPPED && !got.is_empty() => {
            words::words(oracle, expected, got).got
        }
        Some(Oracle::Class) if got != STOPPED && !got.is_empty() && !expected.is_empty() => {
            format!("{got}, not {expected}")
        }
        Some(Oracle::Value) if !got.is_empty() && !expected.is_empty() => {
            format!("read {got}, not {expected}")
        }
        _ => what.clone(),
    }
}

/// As much of a text as fits.
pub(crate) fn cut(text: &str, columns: usize) -> String {
    match text.chars().count() > columns {
        true => text.chars().take(columns - 1).chain(['…']).collect(),
        false => text.to_owned(),
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
    for line in textwrap::wrap(&finding.teaches, unbroken(WIDTH - 2)) {
        let _infallible = writeln!(text, "  {FAINT}{line}{FAINT:#}");
    }
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
    let ended = ended(finding, trace);
    if let Some(told) = ended.as_ref().filter(|_| trace.ended_there()) {
        text += &fact("what", told);
    } else if let Some(differs) = &trace.difference {
        text += &fact("differs", &differs.what);
    }
    if let Some(at) = &trace.at
        && trace.end != End::NotWritten
        && trace.ended_there()
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
    if let Some(told) = ended.filter(|_| !trace.ended_there()) {
        text += &fact("later", &told);
    }
    text
}

/// What ended the run, if it is not an answer that was compared.
fn ended(finding: &Finding, trace: &TraceVerdict) -> Option<String> {
    let message = trace.message.as_str();
    Some(match trace.end {
        End::Panicked => format!("a handler panicked: {message}"),
        End::Livelock => "livelock: the same access faulted again and again. The repair does not \
                          make the access possible; does the entry allow what the program wants?"
            .to_owned(),
        // Which clock ran out first, depends on how busy the machine is.
        End::TimeLimit => format!(
            "time limit: the run was stopped. A loop without end? No handler came back from \
             this event: look at `classify`{}",
            match finding.hole.as_deref() {
                Some("classify") | None => String::new(),
                Some(hole) => format!(" and `{hole}`"),
            }
        ),
        End::MemoryLimit => format!("memory limit: {message}. Does something grow without end?"),
        End::OutputLimit => format!("output limit: {message}. Does something print without end?"),
        End::Failed if message.starts_with("ended before") => {
            format!("{message}. Does a handler call `exit`?")
        }
        End::Failed if !message.is_empty() => message.to_owned(),
        _ => return None,
    })
}

fn quoted(source: &str) -> String {
    let source = cut(source, WIDTH - NAMES - 4);
    format!("  {:<NAMES$}{FAINT}| {source}{FAINT:#}\n", "")
}

fn of_explanation(finding: &Finding) -> String {
    let explanation = &finding.explanation;
    let mut text = String::new();
    for (index, line) in explanation.mmu.iter().enumerate() {
        text += &fact(if index == 0 { "MMU" } else { "" }, line);
    }
    match (&explanation.vma, &finding.vma) {
        (Some(right), Some(own)) => {
            text += &fact("VMA", &format!("expected: {right}"));
            text += &fact("", &format!("yours:    {own}"));
        }
        (vma, _) => text += &vma.as_ref().map_or(String::new(), |vma| fact("VMA", vma)),
    }
    match (&explanation.before, &finding.before) {
        (Some(right), Some(own)) => {
            text += &fact("PTE before", &format!("expected: {right}"));
            text += &fact("", &format!("yours:    {own}"));
        }
        (before, _) => {
            text += &before
                .as_ref()
                .map_or(String::new(), |it| fact("PTE before", it));
        }
    }
    match (&explanation.after, &finding.after) {
        (Some(right), Some(own)) if right == own => text += &fact("PTE after", right),
        (None, Some(own)) => text += &fact("PTE after", own),
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
    if let Some(victim) = &finding.victim {
        text += &of_victim(victim);
    }
    if let Some(decided) = &finding.decided {
        text += "\n  your code decided this there\n";
        text += &of_deeds(std::slice::from_ref(decided));
    }
    if !finding.did.is_empty() {
        let _infallible = writeln!(text, "\n  your code did this there");
        text += &of_deeds(&finding.did);
    }
    if let Some(Earlier {
        line,
        event,
        class,
        missed,
        did,
        ..
    }) = &finding.before_that
    {
        let class = match class.as_str() {
            "" => String::new(),
            class => format!(" ({class})"),
        };
        let told = match missed {
            true => format!("Linux changed the entry at line {line}: {event}{class}. You did not"),
            false => format!("the page was left as it is by line {line}: {event}{class}"),
        };
        text += "\n";
        for line in textwrap::wrap(&told, unbroken(WIDTH - 2)) {
            let _infallible = writeln!(text, "  {line}");
        }
        text += &of_deeds(did);
    }
    text
}

fn of_victim(victim: &Victim) -> String {
    let Victim {
        line,
        event,
        expected,
        got,
    } = victim;
    let mut text = format!("\n  another page had to go at line {line}: {event}\n");
    text += &fact("expected", &expected.join(", "));
    text += &fact("yours", &got.join(", "));
    text
}

/// Lines of code that are shown; a call for a large range has thousands.
const DEEDS_MAX: usize = 6;

/// Lines of the student's code, each with what it did.
fn of_deeds(deeds: &[Did]) -> String {
    let by_line: Vec<&[Did]> = deeds.chunk_by(|a, b| a.at == b.at).collect();
    let mut text = String::new();
    for same in by_line.iter().take(DEEDS_MAX) {
        let Did { at, source, .. } = &same[0];
        let _infallible = writeln!(text, "    {at}");
        if let Some(source) = source {
            let source = cut(source, WIDTH - 8);
            let _infallible = writeln!(text, "      {FAINT}| {source}{FAINT:#}");
        }
        for Did { what, .. } in *same {
            let _infallible = writeln!(text, "      {what}");
        }
    }
    let more = by_line.len().saturating_sub(DEEDS_MAX);
    if more > 0 {
        let _infallible = writeln!(text, "    … and {more} more");
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
    if verdict.labs.iter().all(|lab| lab.traces.is_empty()) {
        return format!("{GRADED_LATER}\n");
    }
    if verdict.is_all_right() {
        return format!("{GOOD}{ALL_PASS}{GOOD:#}\n");
    }
    let points = verdict.points();
    let mut text = of_all(points);
    if points.waiting > 0.0 {
        let _infallible = write!(text, " for {}", waited_for(verdict));
    }
    if let Some((hole, at)) = next_to_write(workspace, verdict)
        && verdict.finding.is_none()
    {
        let said = workspace.text(&at).unwrap_or_default();
        let _infallible = write!(
            text,
            "\nnext: write `{hole}` at {at}\n  {FAINT}| {said}{FAINT:#}"
        );
    }
    if let Some(sum) = sum_of_failures(verdict) {
        let _infallible = write!(text, "\n{sum}");
    }
    if verdict.is_right_so_far() {
        let _infallible = write!(
            text,
            "\n{GOOD}nothing is wrong so far{GOOD:#}; the rest runs when those labs are written"
        );
    }
    text + "\n"
}

/// What is wrong, once more: in a small terminal the beginning is gone by now.
fn sum_of_failures(verdict: &Verdict) -> Option<String> {
    let told = trace_of(verdict, verdict.finding.as_ref()?)?;
    let traces = verdict.labs.iter().flat_map(|lab| &lab.traces);
    let failed = traces.filter(|trace| trace.state == State::Failed).count();
    let count = match failed {
        0 | 1 => "1 trace fails: ".to_owned(),
        many => format!("{many} traces fail; the first: "),
    };
    let line = cut(&in_a_line(told), WIDTH - count.len());
    Some(format!("{BAD}{count}{BAD:#}{line}"))
}

/// The first hole of these labs that is not written, unless they wait for one of a lab
/// before them: nothing is seen of theirs without it.
fn next_to_write(workspace: &Workspace, verdict: &Verdict) -> Option<(String, Line)> {
    let first = verdict.labs.first()?.number;
    let traces = verdict.labs.iter().flat_map(|lab| &lab.traces);
    let awaited = traces.filter_map(|trace| trace.needs.as_deref().and_then(Hole::named));
    let before = awaited
        .filter(|hole| hole.lab() < first)
        .min_by_key(|hole| hole.lab());
    if let Some(hole) = before
        && let Some(at) = workspace.unwritten(hole)
    {
        return Some((hole.name().to_owned(), at));
    }
    let mut parts = verdict.labs.iter().flat_map(|lab| &lab.parts);
    let part = parts.find(|part| part.state == State::NotWritten)?;
    let at = part.at.as_deref().and_then(Line::parse)?;
    Some((part.name.clone(), at))
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
