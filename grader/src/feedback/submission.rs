//! What of a result may be shown, question by question.

use std::collections::BTreeMap;

use course::feedback::Feedback;
use runner::log::Oracle;
use verdict::end::End;
use verdict::prediction::CLASSES;

use super::excerpt::Room;
use crate::result::{
    DifferenceResult, LabResult, PartResult, SubmissionResult, ToldResult, TraceResult,
};

/// The most faults of one access whose classes are told. More are not the machine's.
const FAULTS_MAX: usize = 2;

/// Said of a trace instead of why it could not be graded: that names files of ours.
const OUR_FAULT: &str = "our own fault, or the machine's (`--feedback full` says more)";

/// A field more is a question more: none goes through because it was forgotten.
pub(super) fn submission(
    result: &SubmissionResult,
    asked: Feedback,
    mut room: Room,
) -> SubmissionResult {
    let SubmissionResult {
        id,
        end,
        score,
        max,
        standing: _,
        message,
        source,
        ignored,
        flags,
        sealed,
        labs,
        traces,
        sandbox,
        compiler_sandbox,
    } = result;
    let open = Open::new(traces, asked);
    let (message, ignored) = (room.text(message), room.names(ignored));
    let all = asked == Feedback::Full;
    let sealed = if all { 0 } else { *sealed };
    let labs: Vec<LabResult> = labs.iter().map(|lab| open.lab(lab)).collect();
    let sum = |of: fn(&LabResult) -> f64| round(labs.iter().map(of).sum());
    let (score, max) = match labs.is_empty() {
        true => (*score, *max),
        false => (sum(|lab| lab.score), sum(|lab| lab.max)),
    };
    SubmissionResult {
        id: id.clone(),
        end: open.end(*end, &labs),
        score,
        max,
        standing: None,
        message,
        source: *source,
        ignored,
        // Evidence is for whoever grades.
        flags: if all { flags.clone() } else { Vec::new() },
        sealed,
        labs,
        traces: open.traces(&mut room),
        sandbox: *sandbox,
        compiler_sandbox: *compiler_sandbox,
    }
}

/// The traces that anything may be told of, each with how much that is.
struct Open<'a> {
    traces: Vec<(&'a TraceResult, Feedback)>,
    asked: Feedback,
}

impl<'a> Open<'a> {
    fn new(traces: &'a [TraceResult], asked: Feedback) -> Self {
        let level = |trace: &'a TraceResult| match trace.public {
            true => (trace, trace.feedback),
            false => (trace, trace.feedback.with(asked)),
        };
        let told = |(_, level): &(&TraceResult, Feedback)| *level != Feedback::Sealed;
        Self {
            traces: traces.iter().map(level).filter(told).collect(),
            asked,
        }
    }

    fn of_part(
        &self,
        lab: u8,
        part: &str,
    ) -> impl Iterator<Item = &(&'a TraceResult, Feedback)> + Clone {
        let own =
            move |(trace, _): &&(&TraceResult, Feedback)| trace.lab == lab && trace.part == part;
        self.traces.iter().filter(own)
    }

    /// How a run ended, as far as that may be told: how it failed would be as many
    /// outcomes as there are ways to fail. A part of which nothing is written is no secret.
    fn end_of(&self, trace: &TraceResult, level: Feedback) -> End {
        match trace.end {
            end if level == Feedback::Full => end,
            end @ (End::Passed | End::NotGraded) => end,
            End::NotWritten if self.is_unwritten(trace) => End::NotWritten,
            _ => End::Failed,
        }
    }

    fn is_unwritten(&self, trace: &TraceResult) -> bool {
        let mut part = self.of_part(trace.lab, &trace.part);
        part.all(|(trace, _)| trace.end == End::NotWritten)
    }

    /// The end of a submission that was run is that of its worst run; all others have
    /// nothing to do with a trace.
    fn end(&self, end: End, labs: &[LabResult]) -> End {
        let before = [End::Refused, End::DoesNotCompile, End::CompileLimit];
        if before.contains(&end) || labs.is_empty() {
            return end;
        }
        let ends = self
            .traces
            .iter()
            .map(|(trace, level)| self.end_of(trace, *level));
        ends.min().unwrap_or(End::NotGraded)
    }

    fn lab(&self, lab: &LabResult) -> LabResult {
        let LabResult {
            number,
            title,
            score: _,
            max: _,
            parts,
        } = lab;
        let parts: Vec<PartResult> = parts
            .iter()
            .filter_map(|part| self.part(*number, part))
            .collect();
        LabResult {
            number: *number,
            title: title.clone(),
            score: round(parts.iter().map(|part| part.score).sum()),
            max: round(parts.iter().map(|part| part.max).sum()),
            parts,
        }
    }

    /// A part without its sealed points; none if all of it is sealed.
    fn part(&self, lab: u8, part: &PartResult) -> Option<PartResult> {
        let PartResult {
            name,
            concept,
            end,
            score,
            max,
            sealed,
            shares,
        } = part;
        let (score, max) = match self.asked {
            Feedback::Full => (*score, *max),
            _ => (round(score - sealed.score), round(max - sealed.max)),
        };
        let ends = self.of_part(lab, name);
        let ends = ends.map(|(trace, level)| self.end_of(trace, *level));
        let is_sealed = max == 0.0 && part.max > 0.0;
        (!is_sealed).then(|| PartResult {
            name: name.clone(),
            concept: concept.clone(),
            end: ends.min().unwrap_or(*end),
            score,
            max,
            sealed: sealed.clone(),
            shares: match self.asked {
                Feedback::Full => shares.clone(),
                _ => Vec::new(),
            },
        })
    }

    fn traces(&self, room: &mut Room) -> Vec<TraceResult> {
        let mut names = Names::default();
        let listed = self
            .traces
            .iter()
            .filter(|(_, level)| *level < Feedback::Points);
        listed
            .map(|&(trace, level)| match level {
                Feedback::Full => whole(trace, self.asked, room),
                _ => self.partly(trace, level, names.of(trace, level)),
            })
            .collect()
    }

    /// What a level below everything shows: nothing that the student's process said, and
    /// nothing of the trace but what the level is there for.
    fn partly(&self, trace: &TraceResult, level: Feedback, name: String) -> TraceResult {
        let TraceResult {
            lab,
            name: _,
            public,
            feedback: _,
            category,
            part,
            end: _,
            message: _,
            at: _,
            difference,
            told: _,
            hint,
        } = trace;
        let is_taught = level <= Feedback::Category;
        let taught = |text: &String| match is_taught {
            true => text.clone(),
            false => String::new(),
        };
        let end = self.end_of(trace, level);
        TraceResult {
            lab: *lab,
            name,
            public: *public,
            feedback: level,
            category: taught(category),
            part: part.clone(),
            end,
            message: match end {
                End::NotGraded => OUR_FAULT.to_owned(),
                _ => String::new(),
            },
            at: None,
            difference: None,
            told: difference.as_ref().and_then(|found| told(found, level)),
            hint: hint.as_ref().filter(|_| is_taught).cloned(),
        }
    }
}

/// Names for traces whose own would say what is in them: by category, and counted.
#[derive(Default)]
struct Names<'a>(BTreeMap<(u8, &'a str), Vec<&'a str>>);

impl<'a> Names<'a> {
    fn of(&mut self, trace: &'a TraceResult, level: Feedback) -> String {
        let category = match trace.category.as_str() {
            category if level <= Feedback::Category && !category.is_empty() => category,
            _ => "hidden",
        };
        let known = self.0.entry((trace.lab, category)).or_default();
        let at = known.iter().position(|name| *name == trace.name);
        let at = at.unwrap_or_else(|| {
            known.push(&trace.name);
            known.len() - 1
        });
        format!("{category} {}", at + 1)
    }
}

/// Everything, as far as there is room for it.
fn whole(trace: &TraceResult, asked: Feedback, room: &mut Room) -> TraceResult {
    TraceResult {
        name: room.text(&trace.name),
        feedback: Feedback::Full,
        message: match trace.end {
            End::NotGraded if asked != Feedback::Full => OUR_FAULT.to_owned(),
            _ => room.text(&trace.message),
        },
        at: trace.at.as_ref().map(|at| room.text(at)),
        difference: trace.difference.as_ref().map(|found| DifferenceResult {
            got: room.text(&found.got),
            ..found.clone()
        }),
        ..trace.clone()
    }
}

/// The rule is the reference's, and so is its text.
fn told(found: &DifferenceResult, level: Feedback) -> Option<ToldResult> {
    let differs = level == Feedback::Divergence;
    let what = differs.then(|| found.what.clone());
    let class = |text: &str| match differs {
        true => in_class(found.oracle, text),
        false => None,
    };
    let told = ToldResult {
        rule: found.explanation.rule.clone(),
        what,
        expected: class(&found.expected),
        got: class(&found.got),
    };
    (level <= Feedback::Category && (differs || told.rule.is_some())).then_some(told)
}

/// What an oracle saw, in words that are ours: a process of the student's may claim to
/// have seen anything.
fn in_class(oracle: char, text: &str) -> Option<String> {
    if oracle == Oracle::Class.letter() {
        let known = |class| CLASSES.contains(&class);
        let faults: Vec<&str> = text.split(" then ").collect();
        return (faults.len() <= FAULTS_MAX && faults.into_iter().all(known))
            .then(|| text.to_owned());
    }
    let mut words = text.split(' ');
    let (signal, code) = (words.next()?, words.next().unwrap_or_default());
    let ours = oracle == Oracle::Signal.letter();
    match (signal, code) {
        _ if !ours => None,
        ("SIGSEGV" | "SIGBUS", "maperr" | "accerr" | "adrerr" | "kernel") => {
            Some(format!("{signal} {code}"))
        }
        ("EFAULT" | "SIGKILL", _) => Some(signal.to_owned()),
        _ => None,
    }
}

/// Points have two decimals, and zero has no sign.
fn round(points: f64) -> f64 {
    (points * 100.0).round() / 100.0 + 0.0
}
