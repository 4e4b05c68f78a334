//! `cargo lab check`: the public traces of a lab, against their answer keys.
//!
//! - [`launch`]: one trace through the student's program, with limits
//! - [`verdict`]: what a check came to, and its JSON form
//! - [`score`]: what that is worth
//! - [`twice`]: an event in two films
//! - [`finding`]: the first thing that is wrong, and why
//! - [`text`]: all of it for people

pub(crate) mod finding;
pub(crate) mod launch;
mod score;
pub(crate) mod text;
mod twice;
pub(crate) mod verdict;

use std::fs;
use std::io::{self, IsTerminal};
use std::num::NonZero;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use ::verdict::compare::{Difference, where_it_stopped};
use ::verdict::end::End;
use ::verdict::judge::judge;
use ::verdict::key;
use ::verdict::run::Run;
use course::catalogue::{Lab, Trace, Visibility};
use runner::log::{Oracle, Record};

use self::finding::Suspect;
use self::twice::Twice;
use self::verdict::{Differs, LabVerdict, SCHEMA, State, TraceVerdict, Verdict};
use crate::expected;
use crate::hint;
use crate::program::{self, Handlers};
use crate::report::Failure;
use crate::workspace::{Line, Workspace};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The lab; all of them without it.
    lab: Option<u8>,
    /// Tell of this trace in full, if it fails, instead of the first one that does.
    #[arg(long)]
    trace: Option<String>,
    /// How to show the verdict.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Whose handlers to check.
    #[arg(long, value_enum, default_value = "skeleton")]
    with: Handlers,
    /// Ends with 0 although holes are not written yet, if nothing that is written is wrong:
    /// for CI of a course half done.
    #[arg(long)]
    allow_unwritten: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// A JSON object.
    Json,
}

pub(crate) fn command(args: &Args) -> Result<(), Failure> {
    let workspace = Workspace::here()?;
    workspace.labs(args.lab)?;
    let program = program::build(args.with, false)?;
    let what = What {
        lab: args.lab,
        trace: args.trace.as_deref(),
    };
    let verdict = run(&workspace, &program, what)?;
    if args.with == Handlers::Skeleton {
        hint::forget_what_passes(&workspace, &verdict);
    }
    match args.format {
        Format::Text => anstream::print!("{}", text::of(&workspace, &verdict)),
        Format::Json => {
            let json = serde_json::to_string_pretty(&verdict);
            anstream::println!("{}", json.map_err(|it| Failure::Internal(it.to_string()))?);
        }
    }
    let right = match args.allow_unwritten {
        true => verdict.is_right_where_written(),
        false => verdict.is_right_so_far(),
    };
    match right {
        true => Ok(()),
        false => Err(Failure::Told),
    }
}

/// What is checked.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct What<'a> {
    /// One lab, or all.
    pub lab: Option<u8>,
    /// The trace that is told in full, instead of the first that fails.
    pub trace: Option<&'a str>,
}

/// Checks a program on public traces. Runs know nothing of each other.
pub(crate) fn run(
    workspace: &Workspace,
    program: &Path,
    what: What<'_>,
) -> Result<Verdict, Failure> {
    let labs = workspace.labs(what.lab)?;
    let planned = planned(&labs)?;
    if let Some(name) = what.trace
        && !planned.iter().any(|planned| planned.trace.name == name)
    {
        return Err(Failure::Usage(format!(
            "no public trace is called `{name}` there\nhelp: `cargo lab check` lists them"
        )));
    }
    let checked = check_all(workspace, program, &planned)?;
    let suspect = suspect(&planned, &checked, what.trace);
    let finding = suspect.map(|(planned, checked)| {
        Suspect {
            workspace,
            program,
            lab: planned.lab,
            trace: planned.trace,
            verdict: checked,
        }
        .examine()
    });
    let of_lab = |lab: &&Lab| {
        let own = planned.iter().zip(&checked);
        let own = own.filter(|(planned, _)| planned.lab.number == lab.number);
        let traces: Vec<TraceVerdict> = own.map(|(_, checked)| checked.clone()).collect();
        let mut parts = score::parts(workspace, lab, &traces);
        let points = verdict::Points::sum(parts.iter().map(|part| part.points)).rounded();
        for part in &mut parts {
            part.points = part.points.rounded();
        }
        LabVerdict {
            number: lab.number,
            title: lab.title.clone(),
            points,
            parts,
            traces,
        }
    };
    Ok(Verdict {
        schema: SCHEMA,
        labs: labs.iter().map(of_lab).collect(),
        finding: finding.transpose()?,
    })
}

/// A public trace that is to be run.
struct Planned<'a> {
    lab: &'a Lab,
    trace: &'a Trace,
    content: Vec<u8>,
    key: Vec<Record>,
}

fn planned<'a>(labs: &[&'a Lab]) -> Result<Vec<Planned<'a>>, Failure> {
    let mut planned = Vec::new();
    for lab in labs {
        let public = lab.traces.iter();
        for trace in public.filter(|trace| trace.visibility == Visibility::Public) {
            let content = fs::read(&trace.path).map_err(|error| unreadable(&trace.path, &error))?;
            let key = key::read(&trace.key).map_err(|it| Failure::Internal(it.to_string()))?;
            planned.push(Planned {
                lab,
                trace,
                content,
                key,
            });
        }
    }
    Ok(planned)
}

fn unreadable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::Internal(format!(
        "{}: {error}\nhelp: it came with the kit; take it from there again",
        path.display()
    ))
}

/// Runs all traces, as many at a time as there are CPUs. Behind the first that runs out of
/// time none counts as run: a loop would cost the limit in each of them.
fn check_all(
    workspace: &Workspace,
    program: &Path,
    planned: &[Planned<'_>],
) -> Result<Vec<TraceVerdict>, Failure> {
    let next = AtomicUsize::new(0);
    let stop = AtomicUsize::new(planned.len());
    let checked = Mutex::new(Vec::new());
    let workers = thread::available_parallelism().map_or(1, NonZero::get);
    let (running, all_ended) = channel::<()>();
    thread::scope(|scope| {
        for _ in 0..workers.min(planned.len()) {
            let until_it_ends = running.clone();
            let (next, stop, checked) = (&next, &stop, &checked);
            scope.spawn(move || {
                let _running = until_it_ends;
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    if at >= planned.len() || at > stop.load(Ordering::Relaxed) {
                        return;
                    }
                    let one = check_one(workspace, program, &planned[at]);
                    let timed_out = one.as_ref().is_ok_and(|one| one.end == End::TimeLimit);
                    if timed_out || one.is_err() {
                        stop.fetch_min(at, Ordering::Relaxed);
                    }
                    if let Ok(mut checked) = checked.lock() {
                        checked.push((at, one));
                    }
                }
            });
        }
        drop(running);
        if all_ended.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
            tell_that_it_waits(planned);
        }
    });
    let mut found = checked
        .into_inner()
        .map_err(|_| Failure::Internal("a check panicked".to_owned()))?;
    found.sort_by_key(|(at, _)| *at);
    found.truncate(stop.into_inner().saturating_add(1));
    let ran: Result<Vec<TraceVerdict>, Failure> = found.into_iter().map(|(_, one)| one).collect();
    let mut all = ran?;
    all.extend(
        planned[all.len()..]
            .iter()
            .map(|planned| not_run(planned.trace)),
    );
    Ok(all)
}

/// How long nobody wonders why nothing is said.
const PATIENCE: Duration = Duration::from_secs(1);

fn tell_that_it_waits(planned: &[Planned<'_>]) {
    let seconds = planned.iter().map(|it| it.lab.limits.cpu_seconds).max();
    if let Some(seconds) = seconds.filter(|_| io::stderr().is_terminal()) {
        eprintln!("a run has not ended yet: a loop? It is stopped after {seconds} s of computing");
    }
}

fn not_run(trace: &Trace) -> TraceVerdict {
    TraceVerdict {
        name: trace.name.clone(),
        state: State::NotRun,
        end: End::TimeLimit,
        needs: None,
        right_to_line: 0,
        message: "not run: a trace before it ran out of time".to_owned(),
        at: None,
        difference: None,
    }
}

fn check_one(
    workspace: &Workspace,
    program: &Path,
    planned: &Planned<'_>,
) -> Result<TraceVerdict, Failure> {
    let Planned {
        lab,
        trace,
        content,
        key,
    } = planned;
    let run = launch::run(program, content, lab.limits)?;
    if run.end == End::NotGraded {
        return Err(Failure::Internal(format!(
            "{}: {}",
            trace.name, run.message
        )));
    }
    let judged = judge(&run, key);
    // Each record was sent before the next event began, so those of a run that had to be
    // stopped are all there.
    let stopped = !run.told || judged.end == End::Failed;
    let difference = judged.difference.or_else(|| {
        stopped
            .then(|| where_it_stopped(key, &run.records))
            .flatten()
    });
    let waits = run.end == End::NotWritten && difference.is_none();
    let needs = run.at.as_deref().filter(|_| waits).and_then(Line::parse);
    let needs = needs.and_then(|line| workspace.hole_of(&line));
    let difference = match waits {
        true => astray(workspace, program, planned, &run)?,
        false => difference,
    };
    let needs = needs.filter(|_| difference.is_none());
    let state = match (judged.end, &difference) {
        (End::Passed, None) => State::Passed,
        (End::NotWritten, None) => match needs {
            Some(hole) if hole.lab() != lab.number => State::Waits,
            _ => State::NotWritten,
        },
        _ => State::Failed,
    };
    Ok(TraceVerdict {
        name: trace.name.clone(),
        state,
        end: judged.end,
        needs: needs.map(|hole| hole.name().to_owned()),
        right_to_line: right_to_line(&run, difference.as_ref()),
        message: run.message,
        at: run.at,
        difference: difference.map(differs),
    })
}

/// What a run that waits for a hole did wrong in the event that it stopped in: how that
/// ends nobody knows yet, but it may be in the wrong place.
fn astray(
    workspace: &Workspace,
    program: &Path,
    planned: &Planned<'_>,
    run: &Run,
) -> Result<Option<Difference>, Failure> {
    let Some(stopped) = where_it_stopped(&planned.key, &run.records) else {
        return Ok(None);
    };
    let Some(right) = expected::film(&workspace.root, &planned.trace.path)? else {
        return Ok(None);
    };
    let own = expected::scenes(&launch::film(program, &planned.content)?);
    let right = expected::scenes(&right);
    let class = Oracle::Class;
    Ok(Twice::new(&own, &right, stopped.line)
        .strayed_to()
        .map(|got| Difference {
            oracle: class,
            expected: planned.key[run.records.len()].column(class).to_owned(),
            got,
            ..stopped
        }))
}

fn differs(difference: Difference) -> Differs {
    Differs {
        line: difference.line,
        event: difference.event,
        what: difference.oracle.describe().to_owned(),
        oracle: difference.oracle.letter(),
        expected: difference.expected,
        got: difference.got,
    }
}

fn right_to_line(run: &Run, difference: Option<&Difference>) -> u64 {
    let lines = run.records.iter().map(|record| record.line);
    let right = lines.take_while(|&line| difference.is_none_or(|it| it.line != line));
    right.filter(|&line| line > 0).last().unwrap_or_default()
}

/// The trace that is told in full.
fn suspect<'a>(
    planned: &'a [Planned<'a>],
    checked: &'a [TraceVerdict],
    named: Option<&str>,
) -> Option<(&'a Planned<'a>, &'a TraceVerdict)> {
    let mut failed = planned
        .iter()
        .zip(checked)
        .filter(|(_, checked)| checked.state == State::Failed);
    match named {
        Some(name) => failed.find(|(_, checked)| checked.name == name),
        None => failed.next(),
    }
}
