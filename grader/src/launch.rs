//! One trace through one program: a process of its own, from start to verdict.

use std::io::{self, Read};
use std::process::Command;
use std::time::Duration;

use runner::channel::{END_MARK, parse_end};
use runner::contained::Contained;
use runner::end::{End as Told, Place};
use runner::log::Record;
use vmsim::event::Config;
use vmsim::handlers::Hole;
use vmsim::machine::Machine;
use vmtrace::error::ReadError;

use crate::bounded::{self, Bounds, Ended, Exceeded};
use crate::catalogue::Limits;
use crate::compile::Program;
use crate::end::End;

/// Bytes that the observations of one trace may have.
const OBSERVATION_BYTES: u64 = 64 << 20;

/// Clock time for each second of CPU time, and a second on top: a busy machine is
/// not the student's fault.
const WALL_PER_CPU: u64 = 3;

/// What came of a run.
#[derive(Debug)]
pub struct Run {
    /// What was observed, up to the end.
    pub records: Vec<Record>,
    /// How it ended. [`End::Passed`] means that the trace was replayed to its end;
    /// whether rightly so, the key says.
    pub end: End,
    /// What there is to say of the end, in the student's terms.
    pub message: String,
    /// The line of the student's code, where one is to blame.
    pub at: Option<String>,
    /// Whether the runner told the end, so that all records are there.
    pub told: bool,
}

/// Replays a trace with the student's methods for these holes, and the reference's
/// for all others.
///
/// # Errors
///
/// If the process cannot be started: no fault of the submission's.
pub fn launch(program: &Program, holes: &[Hole], trace: &[u8], limits: Limits) -> io::Result<Run> {
    let grafts = holes.iter().flat_map(|hole| ["--graft", hole.name()]);
    start(program, grafts, trace, limits)
}

/// Replays a trace with the student's policy, which chooses the victims, and the
/// reference's methods.
///
/// # Errors
///
/// If the process cannot be started: no fault of the submission's.
pub fn launch_policy(program: &Program, trace: &[u8], limits: Limits) -> io::Result<Run> {
    // The policy is asked instead of the one hole that is the student's.
    let chooses = ["--graft", Hole::ChooseVictim.name(), "--policy", "own"];
    start(program, chooses, trace, limits)
}

fn start<'a>(
    program: &Program,
    choices: impl IntoIterator<Item = &'a str>,
    trace: &[u8],
    limits: Limits,
) -> io::Result<Run> {
    let nonce = nonce()?;
    let input = [nonce.as_bytes(), b"\n", trace].concat();
    let mut command = Command::new(&program.path);
    command
        .current_dir(program.folder())
        .env_clear()
        .args(["--format", "log"]);
    command.args(["--cpu-seconds", &limits.cpu_seconds.to_string()]);
    command.args(["--memory-mib", &limits.memory_mib.to_string()]);
    command.args(choices);
    let bounds = Bounds {
        wall: Duration::from_secs(limits.cpu_seconds * WALL_PER_CPU + 1),
        stdout_bytes: OBSERVATION_BYTES,
        stderr_bytes: limits.output_kib << 10,
    };
    let ended = bounded::run(&mut command, &input, bounds)?;
    Ok(judge(&ended, &nonce, limits))
}

/// Replays a trace within this process: for kernels that are ours, and mean no harm.
/// What becomes of the run is told as for a submission.
///
/// # Errors
///
/// If the trace is malformed.
pub fn contained(trace: &[u8], machine: impl FnOnce(Config) -> Machine) -> Result<Run, ReadError> {
    let Contained { records, end } = runner::contained::run(trace, machine)?;
    let (end, message, at) = end_told(end);
    Ok(Run {
        records,
        end,
        message,
        at,
        told: true,
    })
}

/// A secret for one run: who does not know it cannot sign the end.
fn nonce() -> io::Result<String> {
    let mut bytes = [0; 16];
    std::fs::File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn judge(ended: &Ended, nonce: &str, limits: Limits) -> Run {
    let text = String::from_utf8_lossy(&ended.stdout);
    let lines: Vec<&str> = text.lines().collect();
    // The first end is the last line and has the signature; otherwise somebody else
    // wrote to the channel.
    let end = lines.iter().position(|line| line.starts_with(END_MARK));
    let body = &lines[..end.unwrap_or(lines.len())];
    let records: Vec<Record> = body.iter().map_while(|line| Record::parse(line)).collect();
    let told = end
        .filter(|&at| at + 1 == lines.len() && records.len() == at)
        .and_then(|at| parse_end(lines[at], nonce))
        .filter(|(count, _)| *count == records.len() as u64);
    let told = told.filter(|_| ended.exceeded.is_none());
    let is_told = told.is_some();
    let (end, message, at) = match told {
        Some((_, told)) => end_told(told),
        None => end_untold(ended, limits),
    };
    Run {
        records,
        end,
        message,
        at,
        told: is_told,
    }
}

/// The runner told how it ended.
fn end_told(told: Told) -> (End, String, Option<String>) {
    let at = |end, Place { message, at }: Place| (end, message, students_line(at));
    match told {
        Told::Finished => (End::Passed, String::new(), None),
        Told::NotWritten(place) => at(End::NotWritten, place),
        Told::Panicked(place) => at(End::Panicked, place),
        Told::KernelBug(place) => {
            let (_, message, at) = at(End::Failed, place);
            (End::Failed, format!("kernel bug: {message}"), at)
        }
        Told::Livelock { line } => {
            let message = format!("line {line}: the same access faults again and again");
            (End::Livelock, message, None)
        }
        Told::BadTrace { message } => (End::NotGraded, format!("bad trace: {message}"), None),
    }
}

/// Where the student's code is to blame: a verdict of `classify` that is wrong may
/// show in the reference's repair only, and that line says nothing to a student.
fn students_line(at: String) -> Option<String> {
    at.starts_with("labs/skeleton/src/").then_some(at)
}

/// The process ended without a word: was it a limit, a crash, or an early exit?
fn end_untold(ended: &Ended, limits: Limits) -> (End, String, Option<String>) {
    let said = String::from_utf8_lossy(&ended.stderr);
    let time = || format!("more than {} s of CPU time", limits.cpu_seconds);
    let (end, message) = match (ended.exceeded, signal(ended)) {
        (Some(Exceeded::Output), _) => (
            End::OutputLimit,
            format!("printed more than {} KiB", limits.output_kib),
        ),
        (Some(Exceeded::Time), _) | (None, Some(SIGXCPU | SIGKILL)) => (End::TimeLimit, time()),
        (None, _) if said.contains("memory allocation of") => (
            End::MemoryLimit,
            format!("needed more than {} MiB", limits.memory_mib),
        ),
        (None, _) if said.contains("has overflowed its stack") => (
            End::Panicked,
            "the stack overflowed: endless recursion?".to_owned(),
        ),
        (None, Some(signal)) => (End::Panicked, format!("killed by signal {signal}")),
        (None, None) => (
            End::Failed,
            format!("ended before the end of the trace ({})", ended.status),
        ),
    };
    (end, message, None)
}

const SIGKILL: i32 = 9;
const SIGXCPU: i32 = 24;

#[cfg(unix)]
fn signal(ended: &Ended) -> Option<i32> {
    std::os::unix::process::ExitStatusExt::signal(&ended.status)
}

#[cfg(not(unix))]
fn signal(_: &Ended) -> Option<i32> {
    None
}
