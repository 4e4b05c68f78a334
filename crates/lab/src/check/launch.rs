//! One trace through the student's program, with limits.

use std::io;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use course::catalogue::Limits;
use verdict::bounded::{self, Bounds, Ended};
use verdict::ending::{end_told, end_untold, wall};
use verdict::received::{observation_bytes, read_channel};
use verdict::run::Run;

use crate::report::Failure;

/// Runs a trace, and tells what came of it.
pub(crate) fn run(program: &Path, trace: &[u8], limits: Limits) -> Result<Run, Failure> {
    run_with(program, trace, limits, "")
}

/// The same with FIFO, which chooses the victims instead of `choose_victim`.
pub(crate) fn run_with_fifo(program: &Path, trace: &[u8], limits: Limits) -> Result<Run, Failure> {
    run_with(program, trace, limits, " --policy fifo")
}

fn run_with(program: &Path, trace: &[u8], limits: Limits, policy: &str) -> Result<Run, Failure> {
    let options = format!(
        "--format log --eager --cpu-seconds {} --memory-mib {}{policy}",
        limits.cpu_seconds, limits.memory_mib
    );
    let bounds = Bounds {
        wall: wall(limits),
        stdout_bytes: observation_bytes(trace),
        stderr_bytes: limits.output_kib << 10,
    };
    let ended = start(program, &options, trace, bounds)?;
    let received = read_channel(&ended.stdout, "");
    let told = received.end.filter(|_| ended.exceeded.is_none());
    let is_told = told.is_some();
    let (end, message, at) = match told {
        Some(told) => end_told(told),
        None => end_untold(&ended, limits, true),
    };
    Ok(Run {
        records: received.records,
        end,
        message,
        at,
        told: is_told,
        tier: None,
    })
}

/// What a film may take: it is made of a trace that has been run before.
const FILM_BOUNDS: Bounds = Bounds {
    wall: Duration::from_secs(10),
    stdout_bytes: 256 << 20,
    stderr_bytes: 1 << 20,
};

/// CPU time that a film may take, in seconds. It is asked for when the run is known to
/// come to nothing, so this is waited for in vain.
const FILM_CPU_SECONDS: u64 = 1;

/// Films a trace, as far as its run comes.
pub(crate) fn film(program: &Path, trace: &[u8]) -> Result<Vec<u8>, Failure> {
    let options = format!("--format film --eager --cpu-seconds {FILM_CPU_SECONDS}");
    start(program, &options, trace, FILM_BOUNDS).map(|ended| ended.stdout)
}

/// Starts the program. The first line of its input is an empty secret and the options.
/// It dies with this process, whoever ends that.
fn start(program: &Path, options: &str, trace: &[u8], bounds: Bounds) -> Result<Ended, Failure> {
    let parent = std::process::id();
    let input = [format!(" {options} --parent {parent}\n").as_bytes(), trace].concat();
    bounded::run(&mut Command::new(program), &input, bounds).map_err(unstartable)
}

fn unstartable(error: io::Error) -> Failure {
    Failure::Internal(format!(
        "the program of your handlers cannot be started: {error}"
    ))
}
