//! The sum, and what to do next.

use std::fmt::Write;

use vmsim::handlers::Hole;

use super::lab::in_a_line;
use super::{ALL_PASS, BAD, FAINT, GOOD, GRADED_LATER, WIDTH};
use super::{cut, of_all, trace_of};
use crate::check::verdict::{State, Verdict};
use crate::workspace::{Line, Workspace};

/// The last line, or two: what there is, and what to do.
pub(super) fn of(workspace: &Workspace, verdict: &Verdict) -> String {
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
