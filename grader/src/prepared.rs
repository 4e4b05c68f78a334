//! A lab that is ready: its traces and keys, and what a program makes of them.
//!
//! Grading grafts: each hole runs by itself with the reference's methods around
//! it, so that a wrong `classify` does not cost the points for copy-on-write. For the
//! integration points, the student's methods of this lab and of all labs before it
//! run together; a later lab that is wrong or not written yet costs nothing here.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::io;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use course::catalogue::{Lab, Trace, Visibility};
use runner::log::Record;
use sandbox::tier::Tier;
use verdict::compare::{Difference, first_difference};
use verdict::end::End;
use verdict::ending::wall;
use verdict::explanation::Explanation;
use verdict::judge::{Verdict, judge};
use verdict::key;
use verdict::run::Run;
use vmsim::handlers::Hole;
use vmtrace::error::ReadError;
use vmtrace::open::open;

use crate::explain::explain;
use crate::launch::{Launched, Launcher};
use crate::points::Weighed;
use crate::result::{DifferenceResult, TraceResult};

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

/// Right logs of a trace that are kept, besides its key: they differ in flushes that are
/// not graded.
const KNOWN_RIGHT_MAX: usize = 16;

#[derive(Debug)]
pub(crate) struct PreparedLab {
    pub lab: Lab,
    pub traces: Vec<PreparedTrace>,
}

/// A trace and its key, or why they cannot be used.
#[derive(Debug)]
pub(crate) struct PreparedTrace {
    pub trace: Trace,
    content: Result<Content, String>,
}

#[derive(Debug)]
struct Content {
    bytes: Vec<u8>,
    key: Vec<Record>,
    /// The key without flushes: how clever a kernel is about them is a question to one
    /// function alone.
    without_flushes: Vec<Record>,
    /// The key as a run tells it, flushes and all.
    log: String,
    /// Other logs that were found to be right, of a hole and of all methods together: most
    /// of a class tell one of few.
    known_right: [Mutex<HashSet<String>>; 2],
    /// What was asked about lines before: many of a class stumble over the same one.
    explained: Mutex<HashMap<u64, Explanation>>,
}

impl Content {
    fn new(bytes: Vec<u8>, key: Vec<Record>) -> Self {
        let without = key.iter().cloned().map(Record::without_flushes);
        Self {
            bytes,
            without_flushes: without.collect(),
            log: key.iter().map(|record| format!("{record}\n")).collect(),
            key,
            known_right: Default::default(),
            explained: Mutex::default(),
        }
    }

    /// Why the reference does what it does at a line; nothing if the trace has none such.
    fn explain(&self, line: u64) -> Explanation {
        let mut known = self
            .explained
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let asked = known.entry(line);
        let told = asked.or_insert_with(|| explain(&self.bytes, line).unwrap_or_default());
        told.clone()
    }

    /// Whether a run that told this log, and came to its end, has passed.
    fn is_right(&self, part: Part, log: &str) -> bool {
        let known = match part {
            Part::Hole(_) => &self.known_right[0],
            Part::Integration => &self.known_right[1],
        };
        let known = || known.lock().unwrap_or_else(PoisonError::into_inner);
        if log == self.log || known().contains(log) {
            return true;
        }
        let is_right = self.would_pass(part, log);
        // Who tells more than a right log does is read again every time.
        if is_right && log.len() <= 2 * self.log.len() && known().len() < KNOWN_RIGHT_MAX {
            known().insert(log.to_owned());
        }
        is_right
    }

    fn would_pass(&self, part: Part, log: &str) -> bool {
        let records: Option<Vec<Record>> = log.lines().map(Record::parse).collect();
        let key = self.key_for(part);
        records
            .is_some_and(|told| told.len() == key.len() && first_difference(key, &told).is_none())
    }

    fn key_for(&self, part: Part) -> &[Record] {
        match part {
            Part::Hole(_) => &self.key,
            Part::Integration => &self.without_flushes,
        }
    }
}

/// What points are given for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Part {
    /// A hole by itself.
    Hole(Hole),
    /// All together.
    Integration,
}

impl Part {
    pub fn name(self) -> &'static str {
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

impl PreparedTrace {
    pub fn read(trace: Trace) -> Self {
        let content = fs::read(&trace.path)
            .map_err(|error| format!("{}: {error}", trace.path.display()))
            .and_then(|bytes| {
                well_formed(&bytes).map_err(|why| why.in_file(&trace.name).to_string())?;
                let key = key::read(&trace.key).map_err(|error| error.to_string())?;
                Ok(Content::new(bytes, key))
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
    /// Reads the traces and keys of a lab.
    pub fn new(mut lab: Lab) -> Self {
        let traces = std::mem::take(&mut lab.traces);
        Self {
            lab,
            traces: traces.into_iter().map(PreparedTrace::read).collect(),
        }
    }

    /// Runs every trace of the lab, hole by hole and then as a whole.
    pub fn run(&self, launcher: &mut Launcher<'_>, handed_in: bool) -> Vec<Weighed> {
        let mut results: Vec<Weighed> = Vec::new();
        let mut spent: HashMap<Part, Duration> = HashMap::new();
        for prepared in &self.traces {
            let holes = prepared.trace.holes.iter().map(|&hole| Part::Hole(hole));
            for part in holes.chain([Part::Integration]) {
                let spent = spent.entry(part).or_default();
                let foreseen = self
                    .too_slow(&prepared.trace, part, *spent)
                    .or_else(|| self.foreseen(&prepared.trace, part, handed_in, &results));
                let (result, tier) = match foreseen {
                    Some(result) => (result, None),
                    None => {
                        let made = self.run_one(launcher, prepared, part);
                        let took = launcher.took();
                        if took >= wall(self.lab.limits) / SLOW {
                            *spent += took;
                        }
                        made
                    }
                };
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
        launcher: &mut Launcher<'_>,
        prepared: &PreparedTrace,
        part: Part,
    ) -> (TraceResult, Option<Tier>) {
        let blank = self.blank(&prepared.trace, part);
        let not_graded = |message: String, blank| TraceResult {
            end: End::NotGraded,
            message,
            ..blank
        };
        let content = match &prepared.content {
            Ok(content) => content,
            Err(message) => return (not_graded(message.clone(), blank), None),
        };
        let holes = match &part {
            Part::Hole(hole) => std::slice::from_ref(hole),
            Part::Integration => &self.lab.integration_holes,
        };
        let is_right = |log: &str| content.is_right(part, log);
        match launcher.launch_known(holes, &content.bytes, self.lab.limits, is_right) {
            Ok(Launched::Rightly(tier)) => (blank, Some(tier)),
            Ok(Launched::Otherwise(run)) => {
                let tier = run.tier;
                (judged(blank, run, content, part), tier)
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
}

fn unstartable(error: &io::Error) -> String {
    format!("the run could not be started: {error}")
}

/// The verdict on a run, with the first difference explained.
fn judged(blank: TraceResult, run: Run, content: &Content, part: Part) -> TraceResult {
    let Verdict { end, difference } = judge(&run, content.key_for(part));
    let difference = difference.map(|difference| with_explanation(difference, content));
    TraceResult {
        end,
        message: run.message,
        at: run.at,
        difference,
        ..blank
    }
}

fn with_explanation(difference: Difference, content: &Content) -> DifferenceResult {
    DifferenceResult {
        explanation: content.explain(difference.line),
        line: difference.line,
        event: difference.event,
        what: difference.oracle.describe().to_owned(),
        oracle: difference.oracle.letter(),
        expected: difference.expected,
        got: difference.got,
    }
}
