//! What became of each trace of a lab.

use std::fmt::Write;

use ::verdict::compare::STOPPED;
use ::verdict::end::End;
use ::verdict::words;
use runner::log::Oracle;

use super::{BAD, FAINT, GOOD, NAMES, STRONG, WAITING, WIDTH};
use super::{cut, first_line, item, needed, of_points};
use crate::check::verdict::{Differs, LabVerdict, State, TraceVerdict, Verdict};

/// A lab: what failed has a line of its own, and everything else is counted by name.
///
/// With several labs, what did not fail is counted only.
pub(super) fn summary(lab: &LabVerdict, verdict: &Verdict) -> String {
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

/// A failed trace, in one line: where, and what kind of thing is wrong.
pub(super) fn in_a_line(trace: &TraceVerdict) -> String {
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
