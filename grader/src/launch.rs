//! One trace through one program: a process of its own, from start to verdict.
//!
//! The program is started once for a submission, and forks a process for each run
//! ([`runner::serve`]). It is started anew after every run that did not leave by itself, in
//! a sandbox, after it had read all that was meant for it: whatever such a run has left
//! behind, no other run meets it.
//!
//! Where it is known what a right log is, and nothing of the source could keep anything, a
//! run is made in a process with others first (`sitting`). Nothing is
//! taken from there but right logs and holes that are not written yet.

use std::io::{self, Read};
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::time::{Duration, Instant};

use course::catalogue::Limits;
use runner::contained::Contained;
use runner::end::End as Told;
use runner::log::Record;
use runner::policy::Chooser;
use runner::serve::Job;
use sandbox::tier::{Demand, Layer, Tier};
use verdict::bounded::{Bounds, Ended};
use verdict::end::End;
use verdict::ending::{end_told, end_untold, is_impossible, not_confined, wall};
use verdict::received::{Received, observation_bytes, read_channel, tier_told, told_whole};
use verdict::run::Run;
use verdict::served::Server;
use vmsim::event::Config;
use vmsim::handlers::Hole;
use vmsim::machine::Machine;
use vmtrace::error::ReadError;

use crate::compile::Program;
use crate::sitting::Sitting;

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
    Launcher::new(program, confinement).launch(holes, trace, limits)
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
    let graft = [Hole::ChooseVictim];
    let what = (&graft[..], Some(Chooser::Own));
    let mut launcher = Launcher::new(program, confinement);
    let raw = launcher.start(what, trace, limits)?;
    Ok(launcher.judge(&raw, limits))
}

/// How long a program has until it is ready to run something. It takes a hundredth of a
/// second.
const READY: Duration = Duration::from_secs(10);

/// Whoever launches a program, again and again.
#[derive(Debug)]
pub struct Launcher<'a> {
    program: &'a Program,
    confinement: &'a Confinement,
    server: Option<Server>,
    sitting: Option<Sitting>,
    took: Duration,
}

/// What a launch came to.
#[derive(Debug)]
pub enum Launched {
    /// It told a right log, all of it, and came to the end of the trace.
    Rightly(Tier),
    /// Anything else.
    Otherwise(Run),
}

/// A run that has ended, and the secret that it was given.
struct Raw {
    ended: Ended,
    nonce: String,
}

impl<'a> Launcher<'a> {
    /// Nothing is started before there is something to run.
    pub fn new(program: &'a Program, confinement: &'a Confinement) -> Self {
        Self {
            program,
            confinement,
            server: None,
            sitting: may_sit(program, confinement).then(Sitting::default),
            took: Duration::ZERO,
        }
    }

    /// How long the last run took on the clock: the one that counts, if it was tried twice.
    pub fn took(&self) -> Duration {
        self.took
    }

    /// As [`launch`].
    ///
    /// # Errors
    ///
    /// If the process cannot be started: no fault of the submission's.
    pub fn launch(&mut self, holes: &[Hole], trace: &[u8], limits: Limits) -> io::Result<Run> {
        let raw = self.start((holes, None), trace, limits)?;
        Ok(self.judge(&raw, limits))
    }

    /// The same for whoever knows a right log. Nothing else is read of a run that tells one.
    ///
    /// # Errors
    ///
    /// If the process cannot be started: no fault of the submission's.
    pub fn launch_known(
        &mut self,
        holes: &[Hole],
        trace: &[u8],
        limits: Limits,
        is_right: impl Fn(&str) -> bool,
    ) -> io::Result<Launched> {
        let begun = Instant::now();
        // What keeps a sitting from being started, the run by itself meets, and says so.
        if let Ok(Some(launched)) = self.sit(holes, trace, limits, &is_right) {
            self.took = begun.elapsed();
            return Ok(launched);
        }
        let raw = self.start((holes, None), trace, limits)?;
        let rightly = left(&raw.ended)
            .then(|| self.rightly(&raw.ended.stdout, &raw.nonce, is_right))
            .flatten();
        Ok(rightly.unwrap_or_else(|| Launched::Otherwise(self.judge(&raw, limits))))
    }

    /// Makes the run among others, if there is a sitting for it.
    fn sit(
        &mut self,
        holes: &[Hole],
        trace: &[u8],
        limits: Limits,
        is_right: impl Fn(&str) -> bool,
    ) -> io::Result<Option<Launched>> {
        let Some(mut sitting) = self.sitting.take() else {
            return Ok(None);
        };
        let job = job(holes, limits, trace)?;
        let start = |options: &str| self.serve(options);
        let take = |told: &[u8], nonce: &str| {
            let rightly = self.rightly(told, nonce, is_right);
            rightly.or_else(|| self.unwritten(told, nonce))
        };
        let taken = sitting.try_out(job, trace, limits, start, take);
        self.sitting = Some(sitting);
        taken
    }

    /// A right log, in all layers that there must be.
    fn rightly(
        &self,
        told: &[u8],
        nonce: &str,
        is_right: impl Fn(&str) -> bool,
    ) -> Option<Launched> {
        let (tier, log) = told_whole(told, nonce)?;
        let confined = self.confinement.lacks(tier).is_empty();
        (confined && is_right(log)).then_some(Launched::Rightly(tier))
    }

    /// The end of a run that called a hole which is not written yet.
    fn unwritten(&self, told: &[u8], nonce: &str) -> Option<Launched> {
        let Received { tier, records, end } = read_channel(told, nonce);
        let end = end.filter(|end| matches!(end, Told::NotWritten(_)))?;
        let confined = tier.filter(|tier| self.confinement.lacks(*tier).is_empty());
        confined.map(|_| Launched::Otherwise(told_run(records, end, tier)))
    }

    fn start(
        &mut self,
        (holes, policy): (&[Hole], Option<Chooser>),
        trace: &[u8],
        limits: Limits,
    ) -> io::Result<Raw> {
        let job = Job {
            policy,
            ..job(holes, limits, trace)?
        };
        let mut server = match self.server.take() {
            Some(server) => server,
            None => self.serve("--serve")?,
        };
        let ended = server.run(&job.with(trace), bounds(limits, trace))?;
        self.server = is_clean(&ended, &job.nonce).then_some(server);
        self.took = ended.took;
        let nonce = job.nonce;
        Ok(Raw { ended, nonce })
    }

    /// Starts the program with these options and those of all runs. The first line of the
    /// input is an empty secret and the options: nothing of it is on the command line, where
    /// a handler could read it.
    fn serve(&self, options: &str) -> io::Result<Server> {
        let Confinement { demand, without } = self.confinement;
        let parent = std::process::id();
        let mut header = format!(
            " {options} --format log --parent {parent} --sandbox {}",
            demand.name()
        );
        for layer in without {
            header.extend([" --without ", layer.name()]);
        }
        header += "\n";
        let mut command = Command::new(&self.program.path);
        command
            .arg0(PROGRAM_NAME)
            .current_dir(self.program.folder())
            .env_clear();
        Server::start(&mut command, header.as_bytes(), READY)
    }

    fn judge(&self, Raw { ended, nonce }: &Raw, limits: Limits) -> Run {
        judge(ended, nonce, limits, self.confinement)
    }
}

/// Whether runs of a program may be made in one process: if it can keep nothing, and all of
/// the sandbox is around it.
fn may_sit(program: &Program, confinement: &Confinement) -> bool {
    let whole = confinement.demand == Demand::Required && confinement.without.is_empty();
    whole && program.keeps_nothing
}

/// A run of the student's methods for these holes, with a secret of its own.
fn job(holes: &[Hole], limits: Limits, trace: &[u8]) -> io::Result<Job> {
    Ok(Job {
        nonce: nonce()?,
        graft: holes.iter().map(|hole| hole.name().to_owned()).collect(),
        policy: None,
        cpu_seconds: limits.cpu_seconds,
        memory_mib: limits.memory_mib,
        trace_bytes: trace.len() as u64,
    })
}

/// What is kept from outside.
pub(crate) fn bounds(limits: Limits, trace: &[u8]) -> Bounds {
    Bounds {
        wall: wall(limits),
        stdout_bytes: observation_bytes(trace),
        stderr_bytes: limits.output_kib << 10,
    }
}

/// A runner that has told its end leaves at once, with success. What goes on after that, in
/// a destructor, is no part of the run, and costs its time.
fn left(ended: &Ended) -> bool {
    ended.exceeded.is_none() && ended.status.success()
}

/// Whether nothing of a run is left. It has read all of its trace before it told a tier,
/// and seccomp let it start nothing that could be there yet.
fn is_clean(ended: &Ended, nonce: &str) -> bool {
    left(ended) && tier_told(&ended.stdout, nonce).is_some_and(|tier| tier.seccomp)
}

/// Replays a trace within this process: for kernels that are ours, and mean no harm.
/// What becomes of the run is told as for a submission.
///
/// # Errors
///
/// If the trace is malformed.
pub fn contained(trace: &[u8], machine: impl FnOnce(Config) -> Machine) -> Result<Run, ReadError> {
    let Contained { records, end } = runner::contained::run(trace, machine)?;
    Ok(told_run(records, end, None))
}

/// A run whose end was told.
fn told_run(records: Vec<Record>, end: Told, tier: Option<Tier>) -> Run {
    let (end, message, at) = end_told(end);
    Run {
        records,
        end,
        message,
        at,
        told: true,
        tier,
    }
}

/// A secret for one run: who does not know it cannot sign the end.
fn nonce() -> io::Result<String> {
    let mut bytes = [0; 16];
    std::fs::File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn judge(ended: &Ended, nonce: &str, limits: Limits, confinement: &Confinement) -> Run {
    let received = read_channel(&ended.stdout, nonce);
    let told = received.end.filter(|_| left(ended));
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
