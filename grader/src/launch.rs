//! One trace through one program: a process of its own, from start to verdict.

use std::io::{self, Read};
use std::os::unix::process::CommandExt;
use std::process::Command;

use course::catalogue::Limits;
use runner::contained::Contained;
use sandbox::tier::{Demand, Layer, Tier};
use verdict::bounded::{self, Bounds, Ended};
use verdict::end::End;
use verdict::ending::{end_told, end_untold, is_impossible, not_confined, wall};
use verdict::received::{observation_bytes, read_channel};
use verdict::run::Run;
use vmsim::event::Config;
use vmsim::handlers::Hole;
use vmsim::machine::Machine;
use vmtrace::error::ReadError;

use crate::compile::Program;

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

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use solution::Reference;
    use vmsim::addr::{CpuId, Pid, VirtAddr};
    use vmsim::event::{Config, Event, Op};
    use vmsim::machine::Machine;
    use vmtrace::binary::encode::Encoder;

    use super::{contained, observation_bytes};

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
}
