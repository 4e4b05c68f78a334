//! Where points went: the parts, and the runs that cost them.

use course::feedback::Feedback;
use grader::losses::{Loss, LostRun, losses};
use grader::report::text::{explain_trace, name_of};
use grader::result::{PartResult, Share, SubmissionResult, TraceResult};
use roster::cost::Cents;
use verdict::end::End;

use super::otherwise::counted;
use super::{Lost, NoTrace, Told, TraceName};

pub(super) fn told(loss: &Loss<'_>, feedback: Feedback) -> Lost {
    match loss {
        Loss::Whole { points, end, .. } => Lost {
            what: format!("{} of the whole: {end}", counted(*points)),
            points: points.points(),
            because: "it has to do with no part; what there is to say of it stands above"
                .to_owned(),
            runs: Vec::new(),
        },
        Loss::Part {
            lab,
            part,
            points,
            runs,
        } => Lost {
            what: format!(
                "{points} of {} points of lab {lab}, {} ({})",
                Cents::of(part.max),
                part.name,
                part.end
            ),
            points: points.points(),
            because: because(part, runs, feedback),
            runs: grouped(runs),
        },
    }
}

/// How the points of a part follow from what its runs count.
fn because(part: &PartResult, runs: &[LostRun<'_>], feedback: Feedback) -> String {
    let Some(first) = runs.first() else {
        return match feedback {
            Feedback::Full => format!("nothing of it ran: {}", part.end),
            level => format!("which runs cost how much is not told at the level `{level}`"),
        };
    };
    let earned: f64 = part
        .shares
        .iter()
        .map(|share| share.weight * share.earned)
        .sum();
    format!(
        "{} of what its {} runs count was earned, {} of {}: {} × {} / {} = {}",
        percent(earned / first.of),
        part.shares.len(),
        number(earned),
        number(first.of),
        Cents::of(part.max),
        number(earned),
        number(first.of),
        Cents::of(part.score),
    )
}

fn percent(share: f64) -> String {
    format!("{} %", Cents::of(share * 100.0))
}

/// A weight, which has few decimals.
fn number(weight: f64) -> String {
    let text = format!("{weight:.4}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Runs of a part; those that came to the very same are told once.
fn grouped(runs: &[LostRun<'_>]) -> Vec<Told> {
    let mut all: Vec<(Told, End, Cents)> = Vec::new();
    for run in runs {
        let Some(trace) = run.trace else {
            continue;
        };
        let lines = lines_of(trace);
        let same = all
            .iter_mut()
            .find(|(told, end, _)| *end == trace.end && told.lines == lines);
        if let Some((told, _, points)) = same {
            told.also.push(trace.name.clone());
            *points = *points + run.points;
            told.counts = format!("-{points}, with those that came to the same");
            continue;
        }
        let told = Told {
            what: name_of(trace),
            counts: counts(run.share, run.of, run.points),
            also: Vec::new(),
            lines,
        };
        all.push((told, trace.end, run.points));
    }
    all.into_iter().map(|(told, ..)| told).collect()
}

fn counts(share: &Share, of: f64, points: Cents) -> String {
    let Share { weight, earned, .. } = share;
    let partly = match *earned {
        0.0 => String::new(),
        earned => format!(", and has earned {} of that", percent(earned)),
    };
    format!(
        "-{points}: it counts {} of {}{partly}",
        number(*weight),
        number(of)
    )
}

/// All runs of a trace.
pub(super) fn runs_of(
    submission: &SubmissionResult,
    wanted: &TraceName,
) -> Result<Vec<Told>, NoTrace> {
    let runs = submission.traces.iter().filter(|trace| wanted.is_of(trace));
    let told: Vec<Told> = runs.map(|trace| run_told(submission, trace)).collect();
    if !told.is_empty() {
        return Ok(told);
    }
    let known = submission.traces.iter().map(|trace| trace.name.as_str());
    let mut near = roster::list::near(&wanted.name, known);
    near.dedup();
    Err(NoTrace {
        name: wanted.name.clone(),
        help: match near.is_empty() {
            true => "without a trace, every run that cost points is told".to_owned(),
            false => format!("did you mean `{}`?", near.join("`, `")),
        },
    })
}

fn run_told(submission: &SubmissionResult, trace: &TraceResult) -> Told {
    let lost = losses(submission);
    let cost = lost.iter().find_map(|loss| match loss {
        Loss::Part { runs, .. } => {
            let mut runs = runs.iter();
            runs.find(|run| run.trace.is_some_and(|own| std::ptr::eq(own, trace)))
        }
        Loss::Whole { .. } => None,
    });
    Told {
        what: name_of(trace),
        counts: match (cost, trace.end) {
            (Some(run), _) => counts(run.share, run.of, run.points),
            (None, End::Passed) => "it cost nothing".to_owned(),
            (None, End::NotGraded) => "it counts for nothing, neither way".to_owned(),
            (None, _) => String::new(),
        },
        also: Vec::new(),
        lines: lines_of(trace),
    }
}

fn lines_of(trace: &TraceResult) -> Vec<String> {
    explain_trace(trace).lines().map(str::to_owned).collect()
}
