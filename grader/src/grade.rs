//! All traces of a submission, and its points.
//!
//! Grading grafts: each hole runs by itself with the reference's methods around
//! it, so that a wrong `classify` does not cost the points for copy-on-write; and
//! all of the student's methods run together for the integration points.

use std::collections::HashMap;
use std::fs;
use std::io;

use runner::log::Record;

use crate::catalogue::{Catalogue, Lab, Trace, Visibility};
use crate::compare::{Difference, first_difference};
use crate::compile::{Compiled, Program, compile};
use crate::end::End;
use crate::explain::explain;
use crate::intake::Submission;
use crate::key;
use crate::kit::Kit;
use crate::launch::{Mode, Run, launch};
use crate::result::{DifferenceResult, LabResult, PartResult, SubmissionResult, TraceResult};

/// Runs that may end at a time or memory limit before the rest of the submission is
/// not run any more: a loop in `classify` would otherwise cost minutes.
const LIMITS_MAX: u32 = 8;

/// Everything that grading needs, read once for a class.
#[derive(Debug)]
pub struct Grader {
    kit: Kit,
    labs: Vec<PreparedLab>,
}

#[derive(Debug)]
struct PreparedLab {
    lab: Lab,
    traces: Vec<PreparedTrace>,
}

/// A trace and its key, or why they cannot be used.
#[derive(Debug)]
struct PreparedTrace {
    trace: Trace,
    content: Result<(Vec<u8>, Vec<Record>), String>,
}

impl Grader {
    /// Reads the traces and keys of these labs.
    ///
    /// A trace that cannot be read is graded as [`End::NotGraded`].
    pub fn new(kit: Kit, catalogue: Catalogue) -> Self {
        let prepare = |mut lab: Lab| {
            let traces = std::mem::take(&mut lab.traces);
            PreparedLab {
                lab,
                traces: traces.into_iter().map(PreparedTrace::read).collect(),
            }
        };
        Self {
            kit,
            labs: catalogue.labs.into_iter().map(prepare).collect(),
        }
    }

    /// Grades a submission. Whatever happens, there is a result.
    pub fn grade(&self, submission: &Submission) -> SubmissionResult {
        let mut result = self.empty_result(&submission.id);
        let sources = match submission.read() {
            Ok(sources) => sources,
            Err(reason) => return ended(result, End::Refused, reason),
        };
        result.ignored.clone_from(&sources.ignored);
        match compile(&self.kit, &sources) {
            Ok(Compiled::Program(program)) => self.run_all(&program, result),
            Ok(Compiled::Rejected(said)) => ended(result, End::DoesNotCompile, said),
            Ok(Compiled::Limit(why)) => ended(result, End::CompileLimit, why),
            Err(error) => ended(result, End::NotGraded, error.to_string()),
        }
    }

    fn empty_result(&self, id: &str) -> SubmissionResult {
        SubmissionResult {
            id: id.to_owned(),
            end: End::Passed,
            score: 0.0,
            max: self.labs.iter().map(|prepared| prepared.lab.max()).sum(),
            message: String::new(),
            ignored: Vec::new(),
            labs: Vec::new(),
            traces: Vec::new(),
        }
    }

    fn run_all(&self, program: &Program, mut result: SubmissionResult) -> SubmissionResult {
        let mut limits_left = LIMITS_MAX;
        for prepared in &self.labs {
            let traces = prepared.run(program, &mut limits_left);
            result.labs.push(prepared.score(&traces));
            result.traces.extend(traces);
        }
        result.score = round(result.labs.iter().map(|lab| lab.score).sum());
        result.end = result
            .traces
            .iter()
            .map(|trace| trace.end)
            .min()
            .unwrap_or(End::NotGraded);
        result
    }
}

fn ended(mut result: SubmissionResult, end: End, message: String) -> SubmissionResult {
    (result.end, result.message) = (end, message);
    result
}

impl PreparedTrace {
    fn read(trace: Trace) -> Self {
        let content = fs::read(&trace.path)
            .map_err(|error| format!("{}: {error}", trace.path.display()))
            .and_then(|bytes| {
                let key = key::read(&trace.key).map_err(|error| error.to_string())?;
                Ok((bytes, key))
            });
        Self { trace, content }
    }
}

impl PreparedLab {
    /// Runs every trace of the lab, hole by hole and then as a whole.
    fn run(&self, program: &Program, limits_left: &mut u32) -> Vec<TraceResult> {
        let mut results = Vec::new();
        for prepared in &self.traces {
            let grafts = prepared.trace.holes.iter().map(|&hole| Mode::Graft(hole));
            for mode in grafts.chain([Mode::Whole]) {
                let result = self.run_one(program, prepared, mode, *limits_left > 0);
                if matches!(result.end, End::TimeLimit | End::MemoryLimit) {
                    *limits_left = limits_left.saturating_sub(1);
                }
                results.push(result);
            }
        }
        results
    }

    fn run_one(
        &self,
        program: &Program,
        prepared: &PreparedTrace,
        mode: Mode,
        may_run: bool,
    ) -> TraceResult {
        let blank = self.blank(&prepared.trace, mode);
        let (bytes, key) = match &prepared.content {
            Ok(content) => content,
            Err(message) => {
                return TraceResult {
                    end: End::NotGraded,
                    message: message.clone(),
                    ..blank
                };
            }
        };
        if !may_run {
            let message = format!("not run: {LIMITS_MAX} runs had come to a limit before");
            return TraceResult {
                end: End::TimeLimit,
                message,
                ..blank
            };
        }
        match launch(program, mode, bytes, self.lab.limits) {
            Ok(run) => judge(blank, run, bytes, key),
            Err(error) => TraceResult {
                end: End::NotGraded,
                message: unstartable(&error),
                ..blank
            },
        }
    }

    fn blank(&self, trace: &Trace, mode: Mode) -> TraceResult {
        let (part, hint) = match mode {
            Mode::Whole => ("integration".to_owned(), None),
            Mode::Graft(hole) => {
                let points = self.lab.holes.iter().find(|points| points.hole == hole);
                let hint = points.and_then(|points| points.hints.first().cloned());
                (hole.name().to_owned(), hint)
            }
        };
        TraceResult {
            lab: self.lab.number,
            name: trace.name.clone(),
            public: trace.visibility == Visibility::Public,
            category: trace.category.clone(),
            part,
            end: End::Passed,
            message: String::new(),
            at: None,
            difference: None,
            hint,
        }
    }

    /// Points: each part's share of the weight that passed. Traces that were not
    /// graded for a fault of ours count neither way.
    fn score(&self, results: &[TraceResult]) -> LabResult {
        let weights: HashMap<&str, f64> = self
            .traces
            .iter()
            .map(|p| (p.trace.name.as_str(), p.trace.weight))
            .collect();
        let part = |name: &str, concept: &str, max: f64| {
            let own = || {
                results
                    .iter()
                    .filter(|r| r.part == name && r.end != End::NotGraded)
            };
            let weight = |r: &TraceResult| weights.get(r.name.as_str()).copied().unwrap_or(0.0);
            let all: f64 = own().map(weight).sum();
            let passed: f64 = own().filter(|r| r.end == End::Passed).map(weight).sum();
            let score = if all > 0.0 {
                round(max * passed / all)
            } else {
                0.0
            };
            let end = own().map(|r| r.end).min().unwrap_or(End::NotGraded);
            PartResult {
                name: name.to_owned(),
                concept: concept.to_owned(),
                end,
                score,
                max,
            }
        };
        let holes = self
            .lab
            .holes
            .iter()
            .map(|h| part(h.hole.name(), &h.concept, h.points));
        let whole = part("integration", "all together", self.lab.integration_points);
        let parts: Vec<PartResult> = holes.chain([whole]).collect();
        LabResult {
            number: self.lab.number,
            title: self.lab.title.clone(),
            score: round(parts.iter().map(|part| part.score).sum()),
            max: self.lab.max(),
            parts,
        }
    }
}

fn unstartable(error: &io::Error) -> String {
    format!("the run could not be started: {error}")
}

/// Whether a run that got to its end got there rightly.
fn judge(blank: TraceResult, run: Run, trace: &[u8], key: &[Record]) -> TraceResult {
    let difference = first_difference(key, &run.records);
    let complete = run.records.len() == key.len();
    let end = match (run.end, &difference) {
        (End::Passed, Some(_)) => End::Failed,
        (End::Passed, None) if !complete => End::Failed,
        (end, _) => end,
    };
    let difference = difference.map(|difference| with_explanation(difference, trace));
    TraceResult {
        end,
        message: run.message,
        at: run.at,
        difference,
        ..blank
    }
}

fn with_explanation(difference: Difference, trace: &[u8]) -> DifferenceResult {
    DifferenceResult {
        explanation: explain(trace, difference.line).unwrap_or_default(),
        line: difference.line,
        event: difference.event,
        what: difference.oracle.describe().to_owned(),
        oracle: difference.oracle.letter(),
        expected: difference.expected,
        got: difference.got,
    }
}

/// Points have two decimals.
fn round(points: f64) -> f64 {
    (points * 100.0).round() / 100.0
}
