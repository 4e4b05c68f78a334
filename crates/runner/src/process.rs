//! The process that student code runs in: all of this crate together.

use std::ffi::OsString;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::mem::ManuallyDrop;
use std::num::NonZeroU64;
use std::os::fd::AsRawFd;
use std::process::ExitCode;
use std::rc::Rc;

use clap::Parser;
use sandbox::enter::{Plan, Refusal, enter_inner, enter_outer};
use sandbox::limits::Limits;
use sandbox::tier::{Demand, Layer, Tier};
use vmsim::event::Config;
use vmsim::express::Express;
use vmsim::handlers::{Graft, Handlers, Hole};
use vmsim::machine::Machine;
use vmsim::replacement::Policy;

use crate::channel::Channel;
use crate::end::End;
use crate::panics;
use crate::policy::{self, Chooser};
use crate::replay::{Format, Replay, Stopped};
use crate::{serve, sit};

/// The longest first line of the input, in bytes: a secret, and options for every hole.
const HEADER_BYTES_MAX: u64 = 4 << 10;

/// The longest trace that is read as a whole before the sandbox is entered, in bytes. The
/// longest that is graded has some megabytes; it must fit into the memory of a run.
const TRACE_BYTES_MAX: u64 = 64 << 20;

/// Replays the trace on standard input through the handlers of this program.
///
/// The first line of the input is a secret that signs the output, and may be empty; after
/// a blank it may have the options below, where no handler sees them. The rest is the
/// trace.
#[derive(Clone, Parser)]
pub(crate) struct Args {
    /// What to write for each event.
    #[arg(long, value_enum, default_value = "log")]
    format: Format,
    /// Write a line with the totals of all faults before the end.
    #[arg(long)]
    totals: bool,
    /// With `--format summary` or `classes`, audit one event in so many, and not only
    /// the machine at the end.
    #[arg(long)]
    audit_every: Option<NonZeroU64>,
    /// With `--format summary` or `classes`, let the handlers handle all faults, also those
    /// that the program knows a shorter way for.
    #[arg(long)]
    no_express: bool,
    /// Send what is written for an event before the next one begins.
    #[arg(long)]
    eager: bool,
    /// Use the program's own method for this hole only, and the reference's for
    /// all others. May be repeated.
    #[arg(long, value_parser = hole)]
    pub(crate) graft: Vec<Hole>,
    /// Who chooses the victims when memory is full, instead of `choose_victim`.
    #[arg(long, value_enum)]
    pub(crate) policy: Option<Chooser>,
    /// CPU time, in seconds.
    #[arg(long)]
    pub(crate) cpu_seconds: Option<u64>,
    /// Address space, in MiB.
    #[arg(long)]
    pub(crate) memory_mib: Option<u64>,
    /// How much of the sandbox there must be before a handler is called: required,
    /// best-effort, off.
    #[arg(long, value_parser = demand, default_value = "off")]
    sandbox: Demand,
    /// Leave this layer of the sandbox out, to see what it is for.
    #[arg(long, value_parser = layer)]
    without: Vec<Layer>,
    /// The process to die with.
    #[arg(long)]
    pub(crate) parent: Option<u32>,
    /// Run what comes on standard input after the first line, each in a process of its own.
    #[arg(long)]
    serve: bool,
    /// Run what comes on standard input after the first line, one after another in this
    /// process.
    #[arg(long)]
    sit: bool,
}

impl Args {
    fn limits(&self) -> Limits {
        Limits {
            cpu_seconds: self.cpu_seconds,
            memory_mib: self.memory_mib,
        }
    }
}

/// Runs the program: `own` are its handlers, `stock` those that surround a graft, and
/// `policy` makes its own policy, which is used if the options ask for it. None of the
/// three is called before the sandbox is entered.
///
/// Nothing here is generic, so that whoever compiles handlers compiles nothing of this
/// crate again.
///
/// The exit code is 0 if the run was told to its end, whatever that end is.
pub fn main(
    own: Rc<dyn Handlers>,
    stock: Option<Rc<dyn Handlers>>,
    policy: fn() -> Box<dyn Policy>,
) -> ExitCode {
    exit_code(Parts {
        own,
        stock,
        policy,
        express: None,
    })
}

/// The same for handlers that stand in no graft, and of which somebody knows what they
/// come to: used where nobody looks at each event.
pub fn main_with_express(
    own: Rc<dyn Handlers>,
    express: Rc<dyn Express>,
    policy: fn() -> Box<dyn Policy>,
) -> ExitCode {
    exit_code(Parts {
        own,
        stock: None,
        policy,
        express: Some(express),
    })
}

fn exit_code(parts: Parts) -> ExitCode {
    match run(Program(ManuallyDrop::new(parts))) {
        Ok(()) => ExitCode::SUCCESS,
        // The reader of the channel is gone, and with it whoever could be told.
        Err(_) => ExitCode::from(CANNOT_TELL),
    }
}

/// The exit code of a run that had nobody to tell its end to.
pub const CANNOT_TELL: u8 = 70;

fn hole(name: &str) -> Result<Hole, String> {
    Hole::named(name).ok_or_else(|| format!("no hole has the name `{name}`"))
}

fn demand(name: &str) -> Result<Demand, String> {
    Demand::named(name).ok_or_else(|| format!("`{name}` is none of required, best-effort, off"))
}

fn layer(name: &str) -> Result<Layer, String> {
    Layer::named(name).ok_or_else(|| format!("no layer has the name `{name}`"))
}

/// What is this program's own, and the reference. Dropping handlers may run code of their
/// author's: that is left to whoever has passed the gates of the sandbox.
pub(crate) struct Program(ManuallyDrop<Parts>);

#[derive(Clone)]
struct Parts {
    own: Rc<dyn Handlers>,
    stock: Option<Rc<dyn Handlers>>,
    policy: fn() -> Box<dyn Policy>,
    express: Option<Rc<dyn Express>>,
}

impl Program {
    /// The same handlers for another run.
    pub(crate) fn again(&self) -> Self {
        Self(self.0.clone())
    }
}

/// A run under way, in or out of a sandbox.
pub(crate) struct Run {
    pub(crate) args: Args,
    pub(crate) nonce: String,
    pub(crate) channel: Channel,
}

fn run(program: Program) -> io::Result<()> {
    let mut input = BufReader::with_capacity(1 << 16, io::stdin());
    let (nonce, args) = header(&mut input)?;
    if args.sandbox != Demand::Off {
        sandbox::user::close_others();
    }
    let mut channel = Channel::take_stdout()?;
    if args.eager {
        channel.hurry();
    }
    let run = Run {
        args,
        nonce,
        channel,
    };
    match (run.args.serve, run.args.sit) {
        (true, _) => serve::serve(run, program),
        (_, true) => sit::sit(run, &program),
        _ => run.meet(program, input, Run::enter_outer),
    }
}

/// Reads the trace to its end, and closes standard input: whoever reads it from then on
/// reads a descriptor that is for writing only.
fn whole(input: impl Read) -> io::Result<Vec<u8>> {
    let mut trace = Vec::new();
    input.take(TRACE_BYTES_MAX + 1).read_to_end(&mut trace)?;
    rustix::stdio::dup2_stdin(io::stderr())?;
    match trace.len() as u64 {
        0..=TRACE_BYTES_MAX => Ok(trace),
        _ => Err(io::Error::other("the trace is too long")),
    }
}

/// Reads the first line: the secret, and options in addition to those of the command
/// line.
fn header(input: &mut impl BufRead) -> io::Result<(String, Args)> {
    let mut line = String::new();
    input.take(HEADER_BYTES_MAX).read_line(&mut line)?;
    let (nonce, options) = line
        .trim_end()
        .split_once(' ')
        .unwrap_or((line.trim_end(), ""));
    let options = options.split_whitespace().map(OsString::from);
    let args = Args::parse_from(std::env::args_os().chain(options));
    Ok((nonce.to_owned(), args))
}

impl Run {
    /// Reads the trace, confines itself, and runs: from here to the end of the process.
    /// `outer` passes the outer gate, or knows how that went.
    pub(crate) fn meet(
        mut self,
        program: Program,
        input: impl BufRead,
        outer: impl FnOnce(&Self) -> Result<Tier, Refusal>,
    ) -> io::Result<()> {
        if self.args.sandbox == Demand::Off {
            if let Some(parent) = self.args.parent {
                sandbox::user::die_with(parent)?;
            }
            self.args.limits().apply()?;
            return self.replay_and_tell(program, input);
        }
        let trace = whole(input)?;
        let confined = outer(&self).and_then(|outer| enter_inner(&self.plan(), outer));
        match confined {
            Ok(tier) => {
                self.channel.begin(&self.nonce, tier)?;
                self.channel.flush()?;
                self.replay_and_tell(program, &trace[..])
            }
            Err(refusal) => self.tell(&End::NotConfined {
                message: refusal.to_string(),
            }),
        }
    }

    /// Passes the outer gate of the sandbox.
    pub(crate) fn enter_outer(&self) -> Result<Tier, Refusal> {
        enter_outer(&self.plan())
    }

    pub(crate) fn plan(&self) -> Plan {
        Plan {
            demand: self.args.sandbox,
            without: self.args.without.clone(),
            limits: self.args.limits(),
            parent: self.args.parent,
            writable: vec![
                self.channel.descriptor(),
                io::stdout().as_raw_fd(),
                io::stderr().as_raw_fd(),
            ],
            readable: Vec::new(),
        }
    }

    fn replay_and_tell(mut self, program: Program, trace: impl BufRead) -> io::Result<()> {
        let end = self.replay(program, trace)?;
        self.tell(&end)
    }

    /// Replays the trace up to its end: from here on, the program's own code runs.
    pub(crate) fn replay(&mut self, program: Program, trace: impl BufRead) -> io::Result<End> {
        match panics::caught(|| self.observe(program, trace)) {
            Ok(Ok(end)) | Err(end) => Ok(end),
            Ok(Err(Stopped::Trace(error))) => Ok(End::BadTrace {
                message: error.to_string(),
            }),
            Ok(Err(Stopped::Output(error))) => Err(error),
        }
    }

    fn observe(&mut self, program: Program, mut trace: impl BufRead) -> Result<End, Stopped> {
        let program = ManuallyDrop::into_inner(program.0);
        let handlers = match program.stock {
            Some(stock) if !self.args.graft.is_empty() => Rc::new(Graft {
                holes: std::mem::take(&mut self.args.graft),
                scion: program.own,
                stock,
            }),
            _ => program.own,
        };
        let Some(chooser) = self.args.policy else {
            let express = program.express.filter(|_| !self.args.no_express);
            return self.observe_on(trace, |config| {
                let machine = Machine::new(config, handlers);
                match express {
                    Some(express) => machine.with_express(express),
                    None => machine,
                }
            });
        };
        let mut whole = Vec::new();
        trace.read_to_end(&mut whole).map_err(Stopped::Output)?;
        let machine = policy::machine(chooser, &whole, handlers, (program.policy)());
        self.observe_on(&whole[..], machine)
    }

    fn observe_on(
        &mut self,
        trace: impl BufRead,
        machine: impl FnOnce(Config) -> Machine,
    ) -> Result<End, Stopped> {
        let replay = Replay::on(trace, machine, self.args.format).map_err(Stopped::Trace)?;
        let mut replay = match self.args.totals {
            true => replay.with_totals(),
            false => replay,
        };
        if let Some(every) = self.args.audit_every {
            replay = replay.with_audit(every);
        }
        replay.run(&mut self.channel)
    }

    pub(crate) fn tell(&mut self, end: &End) -> io::Result<()> {
        self.channel.finish(&self.nonce, end)
    }
}
