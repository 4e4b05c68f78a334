//! What was handed in, what it was graded with, and what it came to else.

use course::feedback::Feedback;
use jiff::Timestamp;
use roster::cost::Cents;

use crate::dossier::Dossier;
use crate::entry::{Entry, Grading};
use crate::key::Conditions;

pub(super) fn attempts(dossier: &Dossier) -> Vec<String> {
    let line = |entry: &Entry| {
        let at = entry
            .at
            .map_or("at an unknown time".to_owned(), |at| when(dossier, at));
        let late = if entry.marked_late {
            ", marked late by the course system"
        } else {
            ""
        };
        let counts = if entry.counts { ", counts" } else { "" };
        format!("{}: {at}, `{}`{late}{counts}", entry.number, entry.label)
    };
    dossier.attempts.iter().map(line).collect()
}

pub(super) fn graded_with(dossier: &Dossier) -> Vec<(&'static str, String)> {
    let Conditions {
        key_set,
        toolchain,
        policy,
        ..
    } = &dossier.conditions;
    let mut facts = Vec::new();
    if let Some(grading) = &dossier.grading {
        facts.push((
            "graded",
            format!(
                "{}, as number {} of this book",
                when(dossier, grading.at),
                grading.number
            ),
        ));
    }
    if let Some(source) = dossier.submission().source {
        facts.push(("source", source.to_string()));
    }
    facts.push(("traces and keys", key_set.to_string()));
    let compiler = toolchain.to_string();
    facts.push((
        "compiler",
        compiler.lines().next().unwrap_or_default().to_owned(),
    ));
    facts.push(("policy", policy.to_string()));
    facts
}

/// What other gradings came to: only for whoever may see sealed points.
pub(super) fn other_gradings(dossier: &Dossier) -> Vec<String> {
    let line = |grading: &Grading| {
        let Grading {
            number, at, result, ..
        } = grading;
        let (score, max) = (Cents::of(result.score), Cents::of(result.max));
        let differs = differences(&grading.conditions, &dossier.conditions);
        let under = match differs.is_empty() {
            true => "the same traces, keys, compiler and policy".to_owned(),
            false => format!("other {}", differs.join(", other ")),
        };
        format!(
            "number {number}, {}: {score} of {max}, with {under}",
            when(dossier, *at)
        )
    };
    match dossier.feedback {
        Feedback::Full => dossier.others.iter().map(line).collect(),
        _ => Vec::new(),
    }
}

/// A time by the course's clocks, where there are any.
fn when(dossier: &Dossier, at: Timestamp) -> String {
    let late = dossier.rules.late.as_ref();
    late.map_or_else(
        || at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string(),
        |late| late.shown(at),
    )
}

/// What is not the same in two conditions.
pub(crate) fn differences(a: &Conditions, b: &Conditions) -> Vec<&'static str> {
    let pairs = [
        ("traces or keys", a.key_set == b.key_set),
        ("compiler", a.toolchain == b.toolchain),
        ("policy", a.policy == b.policy),
    ];
    pairs
        .into_iter()
        .filter(|(_, same)| !same)
        .map(|(name, _)| name)
        .collect()
}
