//! The first thing that is wrong, explained.

use std::fmt::Write;

use ::verdict::end::End;
use ::verdict::words;
use anstyle::Style;
use vmsim::handlers::Hole;

use super::{BAD, FAINT, NAMES, STRONG, WIDTH};
use super::{cut, item, unbroken};
use crate::check::verdict::{Did, Earlier, Finding, TraceVerdict, Victim};
use crate::workspace::{Line, Workspace};

/// The first thing that is wrong, in full.
pub(super) fn of(workspace: &Workspace, finding: &Finding, trace: &TraceVerdict) -> String {
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
