//! Replacement policies compared, by what the same traces cost with each.
//!
//! The measure is simulated: pages read from the disk and written to it, weighed. The
//! time on a clock says something about a computer, and nothing about a policy. Every
//! cost is told relative to that of OPT, which knows the future (`policies::opt`).
//!
//! The policy of a submission runs in a process of its own, like everything that
//! students write, with the reference's handlers around it. Whatever happens there, it
//! keeps its row, with its end.

use std::fs;
use std::io;
use std::rc::Rc;

use course::catalogue::{Contest, Limits};
use course::handed_in::POLICY_FILE;
use policies::Textbook;
use runner::log::{Oracle, Record};
use runner::policy::{self, Chooser};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use solution::Reference;
use verdict::end::End;
use verdict::run::Run;
use vmsim::event::Config;
use vmsim::machine::Machine;

use crate::compile::{Compiled, Program, compile};
use crate::intake::{Sources, Submission};
use crate::kit::Kit;
use crate::launch::{self, Confinement};

/// Version of the results' form; it grows when a field changes its meaning.
pub const SCHEMA: &str = "faultline.leaderboard/1";

/// What a page read counts. The process waits for it.
pub const READ_WEIGHT: u64 = 2;

/// What a page written counts. It takes the disk as long, but nobody waits for it.
pub const WRITE_WEIGHT: u64 = 1;

/// What a run on a trace may use: the traces are a hundred times as long as those that
/// give points, and a policy may look at every frame at every fault.
const LIMITS: Limits = Limits {
    cpu_seconds: 20,
    memory_mib: 512,
    output_kib: 64,
};

/// All policies on all traces, the best first.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Leaderboard {
    /// [`SCHEMA`].
    pub schema: String,
    /// [`READ_WEIGHT`].
    pub read_weight: u64,
    /// [`WRITE_WEIGHT`].
    pub write_weight: u64,
    /// The traces.
    pub traces: Vec<TraceAbout>,
    /// The policies.
    pub rows: Vec<Row>,
    /// Submissions without a policy of their own.
    pub without: Vec<String>,
}

/// A trace of the leaderboard.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct TraceAbout {
    /// Its name.
    pub name: String,
    /// What it is like.
    pub about: String,
}

/// A policy.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Row {
    /// Its name: a textbook's, or the submission's.
    pub name: String,
    /// Whose it is.
    pub kind: Kind,
    /// How the worst of its runs ended.
    pub end: End,
    /// The geometric mean of its costs relative to OPT's; none unless all runs passed.
    pub relative: Option<f64>,
    /// What there is to say of the end.
    pub message: String,
    /// Its runs, in the order of the traces; none if it does not compile.
    pub runs: Vec<Measured>,
}

/// Whose a policy is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// It must be told the trace: no kernel can have it.
    Oracle,
    /// One of ours.
    Textbook,
    /// A student's.
    Submission,
}

/// A policy on a trace.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Measured {
    /// How the run ended.
    pub end: End,
    /// Pages read from the disk, up to the end.
    pub reads: u64,
    /// Pages written to the disk.
    pub writes: u64,
    /// Both, weighed.
    pub cost: u64,
    /// The cost relative to OPT's; none unless the run passed.
    pub relative: Option<f64>,
    /// What there is to say of the end.
    pub message: String,
    /// The line of the student's code, where one is to blame.
    pub at: Option<String>,
}

/// The leaderboard cannot be made: no fault of a submission's.
#[derive(Debug, thiserror::Error)]
#[error("{name}: {message}")]
pub struct LeaderboardError {
    name: String,
    message: String,
}

/// A trace, and what OPT makes of it.
#[derive(Debug)]
struct Prepared {
    trace: Vec<u8>,
    best: Run,
}

/// Compares our own policies with those of the submissions, which are told to `done`
/// as they are run.
///
/// # Errors
///
/// If a trace cannot be read.
pub fn compare(
    kit: &Kit,
    contests: &[Contest],
    submissions: &[Submission],
    confinement: &Confinement,
    mut done: impl FnMut(&str),
) -> Result<Leaderboard, LeaderboardError> {
    let prepared: Vec<Prepared> = contests.iter().map(prepare).collect::<Result<_, _>>()?;
    let (mut rows, mut without) = (ours(&prepared), Vec::new());
    for submission in submissions {
        match submitted(kit, submission, &prepared, confinement) {
            Some(row) => rows.push(row),
            None => without.push(submission.id.clone()),
        }
        done(&submission.id);
    }
    // Whoever has no result stands last; equals are in the order of their names.
    let key = |row: &Row| (row.relative.unwrap_or(f64::INFINITY), row.name.clone());
    rows.sort_by(|a, b| key(a).partial_cmp(&key(b)).expect("no cost is a NaN"));
    Ok(Leaderboard {
        schema: SCHEMA.to_owned(),
        read_weight: READ_WEIGHT,
        write_weight: WRITE_WEIGHT,
        traces: contests.iter().map(about).collect(),
        rows,
        without,
    })
}

fn about(contest: &Contest) -> TraceAbout {
    TraceAbout {
        name: contest.name.clone(),
        about: contest.about.clone(),
    }
}

fn prepare(contest: &Contest) -> Result<Prepared, LeaderboardError> {
    let failed = |message: String| LeaderboardError {
        name: contest.path.display().to_string(),
        message,
    };
    let trace = fs::read(&contest.path).map_err(|error| failed(error.to_string()))?;
    let best = run_ours(&trace, Chooser::Opt).map_err(failed)?;
    Ok(Prepared { trace, best })
}

/// The rows of our own policies.
fn ours(prepared: &[Prepared]) -> Vec<Row> {
    let of = |name: &str, kind, run: &dyn Fn(&[u8]) -> Result<Run, String>| {
        let runs = prepared.iter().map(|prepared| match run(&prepared.trace) {
            Ok(run) => measure(&run, prepared),
            Err(message) => not_run(End::NotGraded, message),
        });
        row(name, kind, runs.collect())
    };
    let textbooks = Textbook::ALL.map(|textbook| {
        let (kind, chooser) = match textbook {
            Textbook::Fifo => (Kind::Textbook, Chooser::Fifo),
            Textbook::Random => (Kind::Textbook, Chooser::Random),
            Textbook::Aging => (Kind::Textbook, Chooser::Aging),
            Textbook::Lru => (Kind::Oracle, Chooser::Lru),
            Textbook::Opt => (Kind::Oracle, Chooser::Opt),
        };
        of(textbook.name(), kind, &|trace| run_ours(trace, chooser))
    });
    let second_chance = |trace: &[u8]| {
        let machine = |config: Config| Machine::new(config, Rc::new(Reference));
        launch::contained(trace, machine).map_err(|error| error.to_string())
    };
    let second_chance = of("second-chance", Kind::Textbook, &second_chance);
    let skeleton = of("skeleton", Kind::Textbook, &|t| run_ours(t, Chooser::Own));
    textbooks
        .into_iter()
        .chain([second_chance, skeleton])
        .collect()
}

fn run_ours(trace: &[u8], chooser: Chooser) -> Result<Run, String> {
    let own = Box::<solution::policy::Own>::default();
    let machine = policy::machine(chooser, trace, Rc::new(Reference), own);
    launch::contained(trace, machine).map_err(|error| error.to_string())
}

/// The row of a submission; none if it has no policy but the skeleton's.
fn submitted(
    kit: &Kit,
    submission: &Submission,
    prepared: &[Prepared],
    confinement: &Confinement,
) -> Option<Row> {
    let refused = |end, message| Row {
        name: submission.id.clone(),
        kind: Kind::Submission,
        end,
        relative: None,
        message,
        runs: Vec::new(),
    };
    let sources = match submission.read_beside(&kit.skeleton) {
        Ok(sources) => sources,
        // It may be another file that cannot be accepted.
        Err(_) if !submission.may_have(POLICY_FILE) => return None,
        Err(refusal) => return Some(refused(End::Refused, refusal.to_string())),
    };
    let policy = sources.policy.as_ref()?;
    if fs::read_to_string(kit.skeleton.join(POLICY_FILE))
        .ok()
        .as_ref()
        == Some(policy)
    {
        return None;
    }
    Some(match build(kit, &sources) {
        Ok(Compiled::Program(program)) => {
            let mut runs: Vec<Measured> = Vec::new();
            for trace in prepared {
                // Without one of its results it has no place, and a run takes a minute.
                let ran_out = runs.iter().any(|run| run.end == End::TimeLimit);
                runs.push(match ran_out {
                    true => not_run(End::TimeLimit, NOT_RUN.to_owned()),
                    false => run_theirs(&program, trace, confinement),
                });
            }
            row(&submission.id, Kind::Submission, runs)
        }
        Ok(Compiled::Rejected(said)) => refused(End::DoesNotCompile, said),
        Ok(Compiled::Limit(why)) => refused(End::CompileLimit, why),
        Err(error) => refused(End::NotGraded, error.to_string()),
    })
}

/// Said of the traces behind one that took too long.
const NOT_RUN: &str = "not run: it had run out of time on another trace";

/// Compiles a policy; by itself, if it is a handler file that does not compile.
fn build(kit: &Kit, sources: &Sources) -> io::Result<Compiled> {
    match compile(kit, sources)? {
        Compiled::Rejected(_) => compile(
            kit,
            &Sources {
                policy: sources.policy.clone(),
                ..Sources::default()
            },
        ),
        compiled => Ok(compiled),
    }
}

fn run_theirs(program: &Program, prepared: &Prepared, confinement: &Confinement) -> Measured {
    match launch::launch_policy(program, &prepared.trace, LIMITS, confinement) {
        Ok(run) => measure(&run, prepared),
        Err(error) => not_run(End::NotGraded, error.to_string()),
    }
}

fn row(name: &str, kind: Kind, runs: Vec<Measured>) -> Row {
    let worst = runs.iter().min_by_key(|run| run.end);
    let (end, message) = worst.map_or((End::NotGraded, String::new()), |run| {
        (run.end, run.message.clone())
    });
    let all: Option<Vec<f64>> = runs.iter().map(|run| run.relative).collect();
    let mean = |all: Vec<f64>| {
        let logarithms: f64 = all.iter().map(|relative| relative.ln()).sum();
        (logarithms / all.len() as f64).exp()
    };
    Row {
        name: name.to_owned(),
        kind,
        end,
        relative: all.filter(|all| !all.is_empty()).map(mean),
        message,
        runs,
    }
}

fn not_run(end: End, message: String) -> Measured {
    Measured {
        end,
        reads: 0,
        writes: 0,
        cost: 0,
        relative: None,
        message,
        at: None,
    }
}

/// What a run cost, if it was honest: the programs of the trace must have seen what
/// they see with OPT.
fn measure(run: &Run, prepared: &Prepared) -> Measured {
    let (reads, writes) = disk(&run.records);
    let wrong = match run.end {
        End::Passed => first_wrong(&run.records, &prepared.best.records),
        _ => None,
    };
    let (end, message) = match wrong {
        Some(message) => (End::Failed, message),
        None => (run.end, run.message.clone()),
    };
    let cost = weighed(reads, writes);
    let best = disk(&prepared.best.records);
    let best = weighed(best.0, best.1).max(1);
    Measured {
        end,
        reads,
        writes,
        cost,
        relative: (end == End::Passed).then(|| cost as f64 / best as f64),
        message,
        at: run.at.clone(),
    }
}

fn weighed(reads: u64, writes: u64) -> u64 {
    READ_WEIGHT * reads + WRITE_WEIGHT * writes
}

/// What no choice of victims can lead to, in our words.
pub(crate) const WRONG: [&str; 4] = [
    "the files are not as they should be",
    "a process was killed: the policy found no victim",
    "the program sees something else: the policy changed more than A bits",
    "the machine is not in order: the policy changed more than A bits",
];

/// The first of what is wrong.
fn first_wrong(records: &[Record], best: &[Record]) -> Option<String> {
    let [files, no_victim, sees_else, not_in_order] = WRONG;
    records.iter().zip(best).find_map(|(seen, best)| {
        let of = |oracle| (seen.column(oracle), best.column(oracle));
        let differs = |oracle| of(oracle).0 != of(oracle).1;
        let what = match seen.line {
            0 if differs(Oracle::Value) => files,
            _ if seen.column(Oracle::Class).contains("oom") => no_victim,
            _ if differs(Oracle::Value) || differs(Oracle::Signal) => sees_else,
            _ if differs(Oracle::Invariants) || differs(Oracle::Tlb) => not_in_order,
            _ => return None,
        };
        Some(match seen.line {
            0 => format!("at the end: {what}"),
            line => format!("line {line}: {what}"),
        })
    })
}

/// Pages read and written, in all records.
fn disk(records: &[Record]) -> (u64, u64) {
    let count = |name: &str| {
        let of_record = |record: &Record| {
            let mut counters = record.column(Oracle::Cost).split(' ');
            let own = counters.find_map(|counter| counter.strip_prefix(name)?.strip_prefix('='));
            own.and_then(|number| number.parse::<u64>().ok())
        };
        records.iter().filter_map(of_record).sum()
    };
    (count("disk-reads"), count("disk-writes"))
}
