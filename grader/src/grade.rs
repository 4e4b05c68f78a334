//! All traces of a submission, and its points.
//!
//! Grading grafts: each hole runs by itself with the reference's methods around
//! it, so that a wrong `classify` does not cost the points for copy-on-write. For the
//! integration points, the student's methods of this lab and of all labs before it
//! run together; a later lab that is wrong or not written yet costs nothing here.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::time::{Duration, Instant};

use runner::log::Record;
use sandbox::tier::Tier;
use vmsim::handlers::Hole;
use vmtrace::error::ReadError;
use vmtrace::open::open;

use crate::catalogue::{Catalogue, Lab, Trace, Visibility};
use crate::compare::Difference;
use crate::compile::{self, Compiled, Program, compile};
use crate::end::End;
use crate::exercise;
use crate::explain::explain;
use crate::feedback::Feedback;
use crate::intake::{POLICY_FILE, Sources, Submission};
use crate::judge::{Verdict, judge};
use crate::key;
use crate::kit::Kit;
use crate::launch::{Confinement, Run, launch, wall};
use crate::result::{
    DifferenceResult, LabResult, PartResult, Points, SubmissionResult, TraceResult, weakest,
};

/// Runs of one part of a lab that may come to the time limit before the rest of that
/// part is not run any more: a loop in `classify` would otherwise cost minutes. The
/// other parts are run all the same, because the loop is not theirs.
const TIMEOUTS_MAX: usize = 2;

/// The same for all methods together, which a loop in one of them keeps from their
/// end in every later lab.
const INTEGRATION_TIMEOUTS_MAX: usize = 1;

/// Limits on the clock that all slow runs of a part may take together. Who stays a little
/// below the limit in each of hundreds of runs would otherwise cost half an hour, and
/// pass.
const LIMITS_OF_A_PART: u32 = 4;

/// The part of the limit on the clock from which on a run is slow. A run takes a hundredth
/// of a second: a machine must be fifty times too busy before it makes one slow.
const SLOW: u32 = 10;

/// Everything that grading needs, read once for a class.
#[derive(Debug)]
pub struct Grader {
    kit: Kit,
    labs: Vec<PreparedLab>,
    confinement: Confinement,
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

/// A result, and how much it counts among those of its part.
#[derive(Debug)]
pub struct Weighed {
    /// How much it counts.
    pub weight: f64,
    /// How much of the weight was earned, from 0 to 1.
    pub earned: f64,
    /// The result.
    pub result: TraceResult,
    /// The layers of the sandbox that student code ran in, if it ran.
    pub tier: Option<Tier>,
}

impl Weighed {
    /// All or nothing: who passed has earned it.
    pub fn new(weight: f64, result: TraceResult) -> Self {
        let earned = if result.end == End::Passed { 1.0 } else { 0.0 };
        Self {
            weight,
            earned,
            result,
            tier: None,
        }
    }
}

/// What points are given for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Part {
    /// A hole by itself.
    Hole(Hole),
    /// All together.
    Integration,
}

impl Part {
    fn name(self) -> &'static str {
        match self {
            Part::Hole(hole) => hole.name(),
            Part::Integration => "integration",
        }
    }

    fn timeouts_max(self) -> usize {
        match self {
            Part::Hole(_) => TIMEOUTS_MAX,
            Part::Integration => INTEGRATION_TIMEOUTS_MAX,
        }
    }
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
            confinement: Confinement::REQUIRED,
        }
    }

    /// Runs student code in this sandbox, instead of the whole one.
    #[must_use]
    pub fn confined_to(self, confinement: Confinement) -> Self {
        Self {
            confinement,
            ..self
        }
    }

    /// Grades a submission. Whatever happens, there is a result.
    pub fn grade(&self, submission: &Submission) -> SubmissionResult {
        let mut result = self.empty_result(&submission.id);
        let sources = match submission.read_beside(&self.kit.skeleton) {
            Ok(sources) => sources,
            Err(refusal) => return ended(result, End::Refused, refusal.to_string()),
        };
        result.source = Some(sources.hash());
        result.ignored.clone_from(&sources.ignored);
        result.flags = compile::flags(&sources);
        if sources.is_empty() {
            result.message = NOTHING_HANDED_IN.to_owned();
        }
        result.compiler_sandbox = Some(self.kit.tier);
        match self.compile(&sources, &mut result) {
            Ok(Compiled::Program(program)) => self.run_all(Ok(&program), &sources, result),
            Ok(Compiled::Rejected(said)) => {
                self.without_code(&sources, result, End::DoesNotCompile, said)
            }
            Ok(Compiled::Limit(why)) => self.without_code(&sources, result, End::CompileLimit, why),
            Err(error) => ended(result, End::NotGraded, error.to_string()),
        }
    }

    /// The result of a submission that met a bug of ours.
    pub fn not_graded(&self, submission: &Submission, why: &str) -> SubmissionResult {
        let message = format!("a bug in the grader: {why}");
        ended(self.empty_result(&submission.id), End::NotGraded, message)
    }

    /// Compiles a submission. A policy that does not compile costs nothing: there are no
    /// points for it.
    fn compile(&self, sources: &Sources, result: &mut SubmissionResult) -> io::Result<Compiled> {
        let compiled = compile(&self.kit, sources)?;
        if sources.policy.is_none() || matches!(compiled, Compiled::Program(_)) {
            return Ok(compiled);
        }
        let without = Sources {
            policy: None,
            ..sources.clone()
        };
        let again = compile(&self.kit, &without)?;
        if let (Compiled::Rejected(said), Compiled::Program(_)) = (&compiled, &again) {
            result.message = format!("{POLICY_FILE} was left out, it does not compile:\n{said}");
        }
        Ok(again)
    }

    fn empty_result(&self, id: &str) -> SubmissionResult {
        SubmissionResult {
            id: id.to_owned(),
            end: End::Passed,
            score: 0.0,
            max: self.labs.iter().map(|prepared| prepared.lab.max()).sum(),
            message: String::new(),
            source: None,
            ignored: Vec::new(),
            flags: Vec::new(),
            sealed: 0,
            labs: Vec::new(),
            traces: Vec::new(),
            sandbox: None,
            compiler_sandbox: None,
        }
    }

    /// Whether the lab's file is the student's, and not the skeleton's.
    fn is_handed_in(&self, sources: &Sources, prepared: &PreparedLab) -> bool {
        let Some(file) = &prepared.lab.file else {
            return false;
        };
        let skeleton = fs::read_to_string(self.kit.skeleton.join(file)).ok();
        let own = sources.handlers(file);
        own.is_some_and(|text| Some(text) != skeleton.as_ref())
    }

    /// Code that does not compile costs no points for what is no code.
    fn without_code(
        &self,
        sources: &Sources,
        result: SubmissionResult,
        end: End,
        message: String,
    ) -> SubmissionResult {
        ended(self.run_all(Err(end), sources, result), end, message)
    }

    /// Grades everything with a program, or all but the code, which has come to an
    /// end without one.
    fn run_all(
        &self,
        program: Result<&Program, End>,
        sources: &Sources,
        mut result: SubmissionResult,
    ) -> SubmissionResult {
        for prepared in &self.labs {
            let handed_in = self.is_handed_in(sources, prepared);
            let runs = program.map(|program| prepared.run(program, handed_in, &self.confinement));
            let mut traces = runs.unwrap_or_default();
            for exercise in &prepared.lab.exercises {
                traces.extend(exercise::grade(&prepared.lab, exercise, sources));
            }
            result.labs.push(prepared.score(&traces, program.err()));
            result.sandbox = weakest(traces.iter().map(|it| it.tier).chain([result.sandbox]));
            result.sealed += prepared.sealed().count();
            let results = traces.into_iter().map(|weighed| weighed.result);
            result.traces.extend(results);
        }
        result.score = round(result.labs.iter().map(|lab| lab.score).sum());
        result.max = round(result.labs.iter().map(|lab| lab.max).sum());
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
    if end == End::NotGraded {
        result.max = 0.0;
    }
    result
}

impl PreparedTrace {
    fn read(trace: Trace) -> Self {
        let content = fs::read(&trace.path)
            .map_err(|error| format!("{}: {error}", trace.path.display()))
            .and_then(|bytes| {
                well_formed(&bytes).map_err(|why| why.in_file(&trace.name).to_string())?;
                let key = key::read(&trace.key).map_err(|error| error.to_string())?;
                Ok((bytes, key))
            });
        Self { trace, content }
    }
}

/// A trace is read here before any submission gets it: whoever says later that it is
/// malformed is not believed.
fn well_formed(trace: &[u8]) -> Result<(), ReadError> {
    open(trace)?.try_for_each(|line| line.map(drop))
}

impl PreparedLab {
    /// Runs every trace of the lab, hole by hole and then as a whole.
    fn run(&self, program: &Program, handed_in: bool, confinement: &Confinement) -> Vec<Weighed> {
        let mut results: Vec<Weighed> = Vec::new();
        let mut spent: HashMap<Part, Duration> = HashMap::new();
        for prepared in &self.traces {
            let holes = prepared.trace.holes.iter().map(|&hole| Part::Hole(hole));
            for part in holes.chain([Part::Integration]) {
                let spent = spent.entry(part).or_default();
                let foreseen = self
                    .too_slow(&prepared.trace, part, *spent)
                    .or_else(|| self.foreseen(&prepared.trace, part, handed_in, &results));
                let started = Instant::now();
                let (result, tier) = match foreseen {
                    Some(result) => (result, None),
                    None => self.run_one(program, prepared, part, confinement),
                };
                let took = started.elapsed();
                if took >= wall(self.lab.limits) / SLOW {
                    *spent += took;
                }
                let weighed = Weighed::new(prepared.trace.weight, result);
                results.push(Weighed { tier, ..weighed });
            }
        }
        results
    }

    /// The result of a run that is not made, because the others of its part have had all
    /// the time that there is.
    fn too_slow(&self, trace: &Trace, part: Part, spent: Duration) -> Option<TraceResult> {
        let most = LIMITS_OF_A_PART * wall(self.lab.limits);
        (spent > most).then(|| TraceResult {
            end: End::TimeLimit,
            message: format!(
                "not run: others of this part had taken more than {} s together",
                most.as_secs()
            ),
            ..self.blank(trace, part)
        })
    }

    /// The result of a run that need not be made, because others tell it already.
    fn foreseen(
        &self,
        trace: &Trace,
        part: Part,
        handed_in: bool,
        results: &[Weighed],
    ) -> Option<TraceResult> {
        let ended_as = |end| {
            let same = move |r: &&TraceResult| r.part == part.name() && r.end == end;
            results.iter().map(|weighed| &weighed.result).filter(same)
        };
        let blank = self.blank(trace, part);
        if ended_as(End::TimeLimit).count() >= part.timeouts_max() {
            return Some(TraceResult {
                end: End::TimeLimit,
                message: "not run: others of this part had run out of time".to_owned(),
                ..blank
            });
        }
        // The skeleton's own file: every trace of the hole calls the same `todo!()`.
        let unwritten = match part {
            Part::Hole(_) if !handed_in => ended_as(End::NotWritten).next(),
            _ => None,
        };
        unwritten.map(|first| TraceResult {
            end: first.end,
            message: first.message.clone(),
            at: first.at.clone(),
            ..blank
        })
    }

    fn run_one(
        &self,
        program: &Program,
        prepared: &PreparedTrace,
        part: Part,
        confinement: &Confinement,
    ) -> (TraceResult, Option<Tier>) {
        let blank = self.blank(&prepared.trace, part);
        let not_graded = |message: String, blank| TraceResult {
            end: End::NotGraded,
            message,
            ..blank
        };
        let (bytes, key) = match &prepared.content {
            Ok(content) => content,
            Err(message) => return (not_graded(message.clone(), blank), None),
        };
        let holes = match &part {
            Part::Hole(hole) => std::slice::from_ref(hole),
            Part::Integration => &self.lab.integration_holes,
        };
        // How clever a kernel is about its flushes is a question to one function alone.
        let without;
        let key = match part {
            Part::Hole(_) => key,
            Part::Integration => {
                without = without_flushes(key);
                &without
            }
        };
        match launch(program, holes, bytes, self.lab.limits, confinement) {
            Ok(run) => {
                let tier = run.tier;
                (judged(blank, run, bytes, key), tier)
            }
            Err(error) => (not_graded(unstartable(&error), blank), None),
        }
    }

    fn blank(&self, trace: &Trace, part: Part) -> TraceResult {
        let points = self.lab.holes.iter().find(|p| part == Part::Hole(p.hole));
        let hint = points.and_then(|points| points.hints.first().cloned());
        TraceResult {
            lab: self.lab.number,
            name: trace.name.clone(),
            public: trace.visibility == Visibility::Public,
            feedback: trace.feedback,
            category: trace.category.clone(),
            part: part.name().to_owned(),
            end: End::Passed,
            message: String::new(),
            at: None,
            difference: None,
            told: None,
            hint,
        }
    }

    /// Points: each part's share of the weight that passed. Traces that were not
    /// graded for a fault of ours count neither way, and a part of which none was
    /// graded is not among the points that there are to get. Code that `came_to` an
    /// end before it ran gets nothing.
    fn score(&self, results: &[Weighed], came_to: Option<End>) -> LabResult {
        let part = |name: &str, concept: &str, max: f64, unrun: Option<End>| {
            let own = || {
                let graded = |r: &&Weighed| r.result.part == name && r.result.end != End::NotGraded;
                results.iter().filter(graded)
            };
            let earned: f64 = own().map(|r| r.weight * r.earned).sum();
            let all: f64 = own().map(|r| r.weight).sum();
            // What could not be graded at all counts for nobody.
            let (score, max) = if all > 0.0 {
                (round(max * earned / all), max)
            } else if unrun.is_some() {
                (0.0, max)
            } else {
                (0.0, 0.0)
            };
            let end = own().map(|r| r.result.end).min();
            let end = end.or(unrun).unwrap_or(End::NotGraded);
            PartResult {
                name: name.to_owned(),
                concept: concept.to_owned(),
                end,
                score,
                max,
                sealed: self.sealed_points(name, results, max),
            }
        };
        let holes = self
            .lab
            .holes
            .iter()
            .map(|h| part(h.hole.name(), &h.concept, h.points, came_to));
        let whole = (self.lab.integration_points > 0.0).then(|| {
            part(
                "integration",
                "all together",
                self.lab.integration_points,
                came_to,
            )
        });
        let exercises = self
            .lab
            .exercises
            .iter()
            .map(|e| part(e.kind.name(), &e.concept, e.points, None));
        let parts: Vec<PartResult> = holes.chain(whole).chain(exercises).collect();
        LabResult {
            number: self.lab.number,
            title: self.lab.title.clone(),
            score: round(parts.iter().map(|part| part.score).sum()),
            max: round(parts.iter().map(|part| part.max).sum()),
            parts,
        }
    }
}

/// Which points are sealed.
impl PreparedLab {
    fn sealed(&self) -> impl Iterator<Item = &PreparedTrace> {
        let sealed = |prepared: &&PreparedTrace| prepared.trace.feedback == Feedback::Sealed;
        self.traces.iter().filter(sealed)
    }

    /// How much of the points of a part comes from sealed traces: their share of the
    /// weight that was graded, or of all of it if nothing was.
    fn sealed_points(&self, part: &str, results: &[Weighed], max: f64) -> Points {
        if self.sealed().next().is_none() {
            return Points::default();
        }
        let is_sealed = |name: &str| self.sealed().any(|prepared| prepared.trace.name == name);
        let of_part = |prepared: &&PreparedTrace| {
            let mut holes = prepared.trace.holes.iter();
            part == Part::Integration.name() || holes.any(|hole| hole.name() == part)
        };
        let own = results.iter().filter(|r| r.result.part == part);
        let own: Vec<(f64, f64, bool)> = own
            .filter(|r| r.result.end != End::NotGraded)
            .map(|r| (r.weight, r.weight * r.earned, is_sealed(&r.result.name)))
            .collect();
        let registered = self.traces.iter().filter(of_part);
        let registered = registered.map(|p| (p.trace.weight, 0.0, is_sealed(&p.trace.name)));
        let own = match own.is_empty() {
            true => registered.collect(),
            false => own,
        };
        let all: f64 = own.iter().map(|(weight, ..)| weight).sum();
        let share = |of: fn(&(f64, f64, bool)) -> f64| {
            let sealed = own.iter().filter(|(.., sealed)| *sealed);
            match all > 0.0 {
                true => max * sealed.map(of).sum::<f64>() / all,
                false => 0.0,
            }
        };
        Points {
            score: share(|(_, earned, _)| *earned),
            max: share(|(weight, ..)| *weight),
        }
    }
}

/// Said of a submission of which nothing counts, so that its reader looks where the
/// student put the files.
const NOTHING_HANDED_IN: &str =
    "no handler file was handed in (lab1.rs to lab8.rs): the skeleton was graded";

fn unstartable(error: &io::Error) -> String {
    format!("the run could not be started: {error}")
}

fn without_flushes(key: &[Record]) -> Vec<Record> {
    key.iter().cloned().map(Record::without_flushes).collect()
}

/// The verdict on a run, with the first difference explained.
fn judged(blank: TraceResult, run: Run, trace: &[u8], key: &[Record]) -> TraceResult {
    let Verdict { end, difference } = judge(&run, key);
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

/// Points have two decimals, and zero has no sign (the sum of nothing is -0).
fn round(points: f64) -> f64 {
    (points * 100.0).round() / 100.0 + 0.0
}
