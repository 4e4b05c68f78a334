//! A difference for people: the fewest events that show it, and what each side has
//! to say.

use std::collections::HashSet;
use std::fmt::Write;
use std::sync::atomic::Ordering;

use oracle::error::Error;
use oracle::outcome::{End, NativePage, Outcome, PageKind};
use runner::line;
use runner::steps::Slide;
use schemars::JsonSchema;
use serde::Serialize;
use vmsim::event::{Event, Op};
use vmsim::machine::Machine;
use vmtrace::Line;
use vmtrace::names::Names;
use vmtrace::shrink::{renumber_files, shrink};
use vmtrace::text::print::{EventText, MachineText};

use crate::case::Case;
use crate::compare::{Difference, MakeMachine, Setting, What, compare, native};
use crate::facts::Facts;
use comparable::screen::screen;
use comparable::twin::Twin;

/// A difference, shrunk and explained.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Finding {
    /// The trace that it was found in.
    pub source: String,
    /// The line of that trace.
    pub line: u64,
    /// In what the two differ.
    pub what: What,
    /// The event, as the trace language writes it.
    pub event: String,
    /// What the kit says of it.
    pub kit: String,
    /// What Linux did.
    pub linux: String,
    /// The page that the page tables do not agree on, if it is another one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    /// The rule by which the kit decides, if a fault was decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// The kit's reasons, step by step.
    pub steps: String,
    /// How many events the shrunk trace has.
    pub events: usize,
    /// The shrunk trace; `# =>` notes what Linux did.
    pub trace: String,
}

/// Events that shrinking may take, in all its runs: two minutes' worth. Then it has to do
/// with what it has.
const EVENTS_MAX: usize = 5_000_000;

/// Shrinks a difference and explains it.
///
/// # Errors
///
/// If a native run fails.
pub fn explain(
    case: &Case,
    twin: &Twin,
    difference: &Difference,
    setting: Setting<'_>,
) -> Result<Finding, Error> {
    let line = twin.lines[difference.at].number;
    let upto = twin.lines[..=difference.at].to_vec();
    let mut events = 0;
    let lines = shrink(upto, |lines| {
        events += lines.len();
        if events > EVENTS_MAX || setting.stop.load(Ordering::Relaxed) {
            return None;
        }
        let fewer = with_lines(twin, lines, setting.facts)?;
        let found = compare(&fewer, setting).ok()?.difference?;
        // The same event, or the finding would be about another one.
        if fewer.lines[found.at].number != line {
            return None;
        }
        let kept: HashSet<u64> = fewer.lines[..=found.at]
            .iter()
            .map(|line| line.number)
            .collect();
        let of_kept = lines.iter().filter(|line| kept.contains(&line.number));
        Some(of_kept.cloned().collect())
    });
    let shrunk = with_lines(twin, &lines, setting.facts).unwrap_or_else(|| twin.clone());
    // It was there a moment ago; if it is not any more, the original one speaks.
    match compare(&shrunk, setting)?.difference {
        Some(found) => describe(case, line, &shrunk, &found, setting),
        None => describe(case, line, twin, difference, setting),
    }
}

/// The twin with fewer events, without what no run can tell of them; none if an event
/// names a file that is not there any more.
fn with_lines(twin: &Twin, lines: &[Line], facts: &Facts) -> Option<Twin> {
    let fewer = Twin {
        lines: renumber(twin, lines)?,
        ..twin.clone()
    };
    Some(screen(fewer, &facts.computer).0)
}

/// Without one of the files, the others move up.
fn renumber(twin: &Twin, lines: &[Line]) -> Option<Vec<Line>> {
    let (kept, all) = (names_of(lines), names_of(&twin.lines));
    let mut lines = lines.to_vec();
    for line in &mut lines {
        renumber_files(&mut line.event.op, &all, &kept)?;
    }
    Some(lines)
}

/// The files that some events make.
fn names_of(lines: &[Line]) -> Names {
    Names::of(lines.iter().map(|line| &line.event))
}

fn describe(
    case: &Case,
    line: u64,
    twin: &Twin,
    found: &Difference,
    setting: Setting<'_>,
) -> Result<Finding, Error> {
    let names = names_of(&twin.lines);
    let last = &twin.lines[found.at].event;
    let text = EventText {
        event: last,
        names: &names,
    };
    let (steps, rule) = steps(twin, found, &names, setting.make);
    Ok(Finding {
        source: case.name.clone(),
        line,
        what: found.what,
        event: text.to_string(),
        kit: kit_in_words(found),
        linux: linux_in_words(last, &found.linux),
        page: found.page.map(|page| page.to_string()),
        rule,
        steps,
        events: found.at + 1,
        trace: regression(case, line, twin, found, setting.facts)?,
    })
}

/// What the kit's machine does at the event, in seven steps, and the rule that it
/// goes by.
fn steps(
    twin: &Twin,
    found: &Difference,
    names: &Names,
    make: MakeMachine<'_>,
) -> (String, Option<String>) {
    let mut machine: Machine = make(twin.config);
    machine.watch();
    for line in &twin.lines[..found.at] {
        machine.step(&line.event);
    }
    let line = &twin.lines[found.at];
    let event = &line.event;
    let seen = machine.step(event);
    let mut out = Vec::new();
    let slide = Slide {
        machine: &machine,
        names,
    };
    let text = EventText { event, names }.to_string();
    let number = found.at as u64 + 1;
    slide
        .write(
            &mut out,
            &Line {
                number,
                ..line.clone()
            },
            &text,
            &seen,
        )
        .expect("a vector takes everything");
    let rule = machine
        .trail()
        .and_then(|trail| trail.faults().last()?.rule);
    let steps = String::from_utf8_lossy(&out).trim_end().to_owned();
    (steps, rule.map(|rule| format!("{rule}: {}", rule.title())))
}

fn kit_in_words(found: &Difference) -> String {
    let class = found.kit.class();
    let class = if class.is_empty() { "done" } else { &class };
    let value = found.kit.value.map(|value| format!(" ={value}"));
    let page = found.kit.page.as_ref().map(line::page_in_words);
    let page = page.map(|page| format!("; page {page}"));
    format!(
        "{class}{}{}",
        value.unwrap_or_default(),
        page.unwrap_or_default()
    )
}

fn linux_in_words(event: &Event, outcome: &Outcome) -> String {
    let mut words = outcome.to_string();
    if let End::Signalled(signal) = &outcome.end {
        let _ = write!(words, " at {}", signal.addr);
    }
    if let Some(value) = outcome.value {
        let _ = write!(words, " ={value}");
    }
    if event.op.is_access()
        && let (Some(before), Some(after)) = (outcome.before, outcome.after)
    {
        let _ = write!(words, "; page {}", page_in_words(before, after));
    }
    words
}

fn page_in_words(before: NativePage, after: NativePage) -> String {
    let kind = |page: NativePage| match page.kind {
        PageKind::None => "none",
        PageKind::Swapped => "swap",
        PageKind::Anon => "private",
        PageKind::Object => "file or shared",
    };
    let frame = match (before.pfn, after.pfn) {
        (Some(before), Some(after)) if before == after => ", same frame",
        (Some(_), Some(_)) => ", another frame",
        _ => "",
    };
    format!("{} before, {} after{frame}", kind(before), kind(after))
}

/// The shrunk trace as a file for the test suite: each access notes what Linux did.
fn regression(
    case: &Case,
    line: u64,
    twin: &Twin,
    found: &Difference,
    facts: &Facts,
) -> Result<String, Error> {
    let mut twin = twin.clone();
    twin.lines.truncate(found.at + 1);
    let names = names_of(&twin.lines);
    let mut trace = format!(
        "# Found in {}, line {line}.\n# Measured on {}; `# =>` is what the kernel did.\n{}\n",
        case.name,
        facts.kernel,
        MachineText(&twin.config)
    );
    for (line, outcome) in twin.lines.iter().zip(native(&twin, &facts.folder)?) {
        let outcome = outcome?;
        let event = &line.event;
        let text = EventText {
            event,
            names: &names,
        };
        let _ = match event.op.is_access() || outcome.end != End::Done {
            true => writeln!(
                trace,
                "{:<43} # => {}",
                text.to_string(),
                note(&event.op, &outcome)
            ),
            false => writeln!(trace, "{text}"),
        };
    }
    Ok(trace)
}

fn note(op: &Op, outcome: &Outcome) -> String {
    match (op, outcome.value) {
        (Op::Read { .. } | Op::CopyIn { .. }, Some(value)) => {
            format!("{outcome} ={value}")
        }
        _ => outcome.to_string(),
    }
}
