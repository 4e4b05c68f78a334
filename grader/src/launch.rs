//! One trace through one program: a process of its own, from start to verdict.

use std::io::{self, Read};
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::time::Duration;

use runner::channel::{END_MARK, TIER_MARK, parse_end, parse_tier};
use runner::contained::Contained;
use runner::end::{End as Told, Place};
use runner::log::Record;
use sandbox::tier::{Demand, Layer, Tier};
use vmsim::event::Config;
use vmsim::handlers::Hole;
use vmsim::machine::Machine;
use vmtrace::error::ReadError;

use crate::bounded::{self, Bounds, Ended, Exceeded};
use crate::catalogue::Limits;
use crate::compile::Program;
use crate::end::End;

/// Bytes that the observations of one trace may have, whatever its length: the grader
/// keeps them, for as many runs as there are at a time.
const OBSERVATION_BYTES_MAX: u64 = 64 << 20;

/// Bytes of observations for each byte of the trace: an event may have two in a binary
/// trace, and its record has a line.
const OBSERVATION_BYTES_PER_BYTE: u64 = 256;

/// Bytes of observations on top: the sandbox's layers, the end, and a panic's message.
const OBSERVATION_BYTES_LEAST: u64 = 64 << 10;

/// Clock time for each second of CPU time, and a second on top: a busy machine is
/// not the student's fault.
const WALL_PER_CPU: u64 = 3;

/// How long a run may take on the clock.
pub(crate) fn wall(limits: Limits) -> Duration {
    Duration::from_secs(limits.cpu_seconds * WALL_PER_CPU + 1)
}

/// The name by which a program is started: not its path, which would tell it where it is.
const PROGRAM_NAME: &str = "submission";

/// What student code is confined to.
#[derive(Clone, Debug)]
pub struct Confinement {
    /// How much of the sandbox there must be.
    pub demand: Demand,
    /// Layers that are left out, so that a test can see what they are for.
    pub without: Vec<Layer>,
}

impl Confinement {
    /// Landlock, seccomp and limits, or nothing is run.
    pub const REQUIRED: Confinement = Confinement {
        demand: Demand::Required,
        without: Vec::new(),
    };

    /// What the machine has.
    pub const BEST_EFFORT: Confinement = Confinement {
        demand: Demand::BestEffort,
        without: Vec::new(),
    };

    /// What is demanded and not in force.
    fn lacks(&self, tier: Tier) -> Vec<Layer> {
        let mut lacking = match self.demand {
            Demand::Required => tier.lacks(),
            Demand::BestEffort | Demand::Off => Vec::new(),
        };
        lacking.retain(|layer| !self.without.contains(layer));
        lacking
    }
}

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
    /// The layers of the sandbox that were in force; none if student code never ran.
    pub tier: Option<Tier>,
}

/// Replays a trace with the student's methods for these holes, and the reference's
/// for all others.
///
/// # Errors
///
/// If the process cannot be started: no fault of the submission's.
pub fn launch(
    program: &Program,
    holes: &[Hole],
    trace: &[u8],
    limits: Limits,
    confinement: &Confinement,
) -> io::Result<Run> {
    let grafts = holes.iter().flat_map(|hole| ["--graft", hole.name()]);
    start(program, grafts, trace, limits, confinement)
}

/// Replays a trace with the student's policy, which chooses the victims, and the
/// reference's methods.
///
/// # Errors
///
/// If the process cannot be started: no fault of the submission's.
pub fn launch_policy(
    program: &Program,
    trace: &[u8],
    limits: Limits,
    confinement: &Confinement,
) -> io::Result<Run> {
    // The policy is asked instead of the one hole that is the student's.
    let chooses = ["--graft", Hole::ChooseVictim.name(), "--policy", "own"];
    start(program, chooses, trace, limits, confinement)
}

fn start<'a>(
    program: &Program,
    choices: impl IntoIterator<Item = &'a str>,
    trace: &[u8],
    limits: Limits,
    confinement: &Confinement,
) -> io::Result<Run> {
    let nonce = nonce()?;
    let header = header(&nonce, choices, limits, confinement);
    let input = [header.as_bytes(), trace].concat();
    let mut command = Command::new(&program.path);
    command
        .arg0(PROGRAM_NAME)
        .current_dir(program.folder())
        .env_clear();
    let bounds = Bounds {
        wall: wall(limits),
        stdout_bytes: observation_bytes(trace),
        stderr_bytes: limits.output_kib << 10,
    };
    let ended = bounded::run(&mut command, &input, bounds)?;
    Ok(judge(&ended, &nonce, limits, confinement))
}

/// How much there can be to observe on a trace. Whoever writes more has taken the channel.
fn observation_bytes(trace: &[u8]) -> u64 {
    let bytes = trace.len() as u64 * OBSERVATION_BYTES_PER_BYTE + OBSERVATION_BYTES_LEAST;
    bytes.min(OBSERVATION_BYTES_MAX)
}

/// The first line of the input: the secret and the options. Nothing of it is on the
/// command line, where a handler could read it.
fn header<'a>(
    nonce: &str,
    choices: impl IntoIterator<Item = &'a str>,
    limits: Limits,
    confinement: &Confinement,
) -> String {
    let Confinement { demand, without } = confinement;
    let mut header = format!(
        "{nonce} --format log --cpu-seconds {} --memory-mib {} --parent {} --sandbox {}",
        limits.cpu_seconds,
        limits.memory_mib,
        std::process::id(),
        demand.name(),
    );
    for choice in choices {
        header.extend([" ", choice]);
    }
    for layer in without {
        header.extend([" --without ", layer.name()]);
    }
    header + "\n"
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
        tier: None,
    })
}

/// A secret for one run: who does not know it cannot sign the end.
fn nonce() -> io::Result<String> {
    let mut bytes = [0; 16];
    std::fs::File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// What came over the channel of a run.
#[derive(Clone, Debug, Default)]
pub struct Received {
    /// The layers of the sandbox that were in force when student code began.
    pub tier: Option<Tier>,
    /// What was observed, up to the first line that is no record.
    pub records: Vec<Record>,
    /// How the run ended, if that was told: by the last line, with the secret, after as
    /// many lines as it says, all of which are what they should be.
    pub end: Option<Told>,
}

/// Reads all that came over the channel of a run. Any bytes may come, from a process that
/// student code has taken over; what they do not say, they do not say.
pub fn read_channel(bytes: &[u8], nonce: &str) -> Received {
    let text = String::from_utf8_lossy(bytes);
    // The first end is the last line and has the signature; otherwise somebody else
    // wrote to the channel. Lines are never kept: there may be as many as bytes.
    let before_end = || text.lines().take_while(|line| !line.starts_with(END_MARK));
    let count = before_end().count();
    let mut from_end = text.lines().skip(count);
    let last = from_end.next().filter(|_| from_end.next().is_none());
    let told = last.and_then(|line| parse_end(line, nonce));
    let first = before_end().next();
    let begins = first.is_some_and(|line| line.starts_with(TIER_MARK));
    let tier = first.and_then(|line| parse_tier(line, nonce));
    let body = before_end().skip(usize::from(begins));
    let records: Vec<Record> = body.map_while(Record::parse).collect();
    let is_whole = records.len() + usize::from(begins) == count && begins == tier.is_some();
    let told = told.filter(|(said, _)| is_whole && *said == count as u64);
    Received {
        tier,
        records,
        end: told.map(|(_, end)| end),
    }
}

fn judge(ended: &Ended, nonce: &str, limits: Limits, confinement: &Confinement) -> Run {
    let received = read_channel(&ended.stdout, nonce);
    // A runner that has told its end leaves at once, with success. What goes on after
    // that, in a destructor, is no part of the run, and costs its time.
    let left = ended.exceeded.is_none() && ended.status.success();
    let told = received.end.filter(|_| left);
    let is_told = told.is_some();
    let missing = received.tier.map(|tier| confinement.lacks(tier));
    let (end, message, at) = match (told, missing) {
        (_, Some(missing)) if !missing.is_empty() => (
            End::NotGraded,
            not_confined(
                &missing
                    .iter()
                    .map(|m| m.name())
                    .collect::<Vec<_>>()
                    .join(", "),
            ),
            None,
        ),
        (Some(told), _) if is_impossible(&told, received.tier) => {
            let why = "the run told what cannot be: its process was taken over";
            (End::Failed, why.to_owned(), None)
        }
        (Some(told), _) => end_told(told),
        (None, _) => end_untold(ended, limits, received.tier.is_some()),
    };
    Run {
        records: received.records,
        end,
        message,
        at,
        told: is_told,
        tier: received.tier,
    }
}

/// What is said when the machine has no sandbox for student code.
fn not_confined(why: &str) -> String {
    format!("the sandbox is not complete, and no code was run: {why}")
}

/// What a runner that is still ours does not tell: that it is not confined, after it has
/// told how it is, or that a trace is malformed, which the grader has read before. Both
/// would be no fault of the submission's, and cost no points.
fn is_impossible(told: &Told, confined: Option<Tier>) -> bool {
    match told {
        Told::NotConfined { .. } => confined.is_some(),
        Told::BadTrace { .. } => true,
        _ => false,
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
        Told::NotConfined { message } => (End::NotGraded, not_confined(&message), None),
    }
}

/// Where the student's code is to blame: a verdict of `classify` that is wrong may
/// show in the reference's repair only, and that line says nothing to a student.
fn students_line(at: String) -> Option<String> {
    at.starts_with("labs/skeleton/src/").then_some(at)
}

/// Said of a run that seccomp has ended. Which call it was, the kernel tells nobody but a
/// debugger.
const FORBIDDEN: &str = "a system call that handlers have no use for: they compute, and change \
     the machine through `Kernel`. Files, other programs, threads, the network, sleeping, reading \
     standard input and waiting for a lock that is held already are not there";

/// The process ended without a word: was it a limit, a crash, or an early exit? It had
/// `begun` if student code can have run.
fn end_untold(ended: &Ended, limits: Limits, begun: bool) -> (End, String, Option<String>) {
    let said = String::from_utf8_lossy(&ended.stderr);
    let too_long = || format!("more than {} s of CPU time", limits.cpu_seconds);
    let too_large = || format!("needed more than {} MiB", limits.memory_mib);
    let overflowed = || "the stack overflowed: endless recursion?".to_owned();
    let cpu_limit = Duration::from_secs(limits.cpu_seconds);
    let (end, message) = match (ended.exceeded, signal(ended)) {
        (Some(Exceeded::Output), _) => (
            End::OutputLimit,
            format!("printed more than {} KiB", limits.output_kib),
        ),
        (Some(Exceeded::Time), _) => (
            End::TimeLimit,
            format!(
                "not finished after {} s on the clock",
                wall(limits).as_secs()
            ),
        ),
        (None, Some(SIGXCPU)) => (End::TimeLimit, too_long()),
        (None, Some(SIGSYS)) => (End::ForbiddenCall, FORBIDDEN.to_owned()),
        // SIGXCPU comes a second earlier, unless it is held back.
        (None, Some(SIGKILL)) if ended.took > cpu_limit => (End::TimeLimit, too_long()),
        // The kernel cannot load it: its static data is too large.
        (None, Some(SIGKILL | SIGSEGV)) if !begun => (End::MemoryLimit, too_large()),
        (None, Some(SIGKILL)) => (
            End::NotGraded,
            "the run was killed from outside: the machine may have run out of memory\n\
             help: grade it again, with fewer `--jobs`"
                .to_owned(),
        ),
        (None, Some(SIGABRT)) if said.contains("memory allocation of") => {
            (End::MemoryLimit, too_large())
        }
        (None, Some(SIGABRT)) if said.contains("has overflowed its stack") => {
            (End::Panicked, overflowed())
        }
        (None, Some(SIGSEGV)) => (End::Panicked, overflowed()),
        (None, Some(signal)) => (End::Panicked, format!("killed by signal {signal}")),
        // No code of the student's has run; the runner has given up.
        (None, None) if !begun => (
            End::NotGraded,
            format!("the run ended before it began ({})", ended.status),
        ),
        (None, None) => (
            End::Failed,
            format!("ended before the end of the trace ({})", ended.status),
        ),
    };
    (end, message, None)
}

const SIGABRT: i32 = 6;
const SIGKILL: i32 = 9;
const SIGSEGV: i32 = 11;
const SIGXCPU: i32 = 24;
const SIGSYS: i32 = 31;

fn signal(ended: &Ended) -> Option<i32> {
    std::os::unix::process::ExitStatusExt::signal(&ended.status)
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use sandbox::tier::Tier;
    use solution::Reference;
    use vmsim::addr::{CpuId, Pid, VirtAddr};
    use vmsim::event::{Config, Event, Op};
    use vmsim::machine::Machine;
    use vmtrace::binary::encode::Encoder;

    use super::{Told, contained, is_impossible, observation_bytes};

    /// Two bytes for each event: no trace has less for so much to observe.
    #[test]
    fn what_the_densest_trace_shows_fits() {
        let mut encoder = Encoder::new(Vec::new(), &Config::default()).expect("a machine");
        for _ in 0..10_000 {
            let (pid, addr) = (Pid(1), VirtAddr(0xffff_ffff_f000));
            let op = Op::Exec { pid, addr };
            let cpu = CpuId(0);
            encoder.write(&Event { cpu, op }).expect("an event");
        }
        let trace = encoder.finish().expect("memory");
        let run = contained(&trace, |config| Machine::new(config, Rc::new(Reference)));
        let records = run.expect("a trace").records;
        let shown: usize = records.iter().map(|it| it.to_string().len() + 1).sum();
        assert_eq!(records.len(), 10_001);
        assert!(trace.len() < 2 * records.len() + 100, "{}", trace.len());
        assert!((shown as u64) < observation_bytes(&trace), "{shown}");
    }

    /// It must be told before the layers are, or it was not the runner who told it.
    #[test]
    fn nobody_is_excused_by_a_sandbox_that_was_there() {
        let told = Told::NotConfined {
            message: String::new(),
        };
        assert!(!is_impossible(&told, None));
        assert!(is_impossible(&told, Some(Tier::NOTHING)));
    }

    #[test]
    fn nobody_is_excused_by_a_trace_that_was_read_before() {
        let told = Told::BadTrace {
            message: String::new(),
        };
        assert!(is_impossible(&told, None));
        assert!(!is_impossible(&Told::Finished, None));
    }
}
