//! The process that student code runs in: all of this crate together.

use std::io::{self, BufRead, BufReader, Read};
use std::process::ExitCode;
use std::rc::Rc;

use clap::Parser;
use vmsim::event::Config;
use vmsim::handlers::{Graft, Handlers, Hole};
use vmsim::machine::Machine;
use vmsim::replacement::Policy;

use crate::channel::Channel;
use crate::end::End;
use crate::limits::Limits;
use crate::panics;
use crate::policy::{self, Chooser};
use crate::replay::{Format, Replay, Stopped};

/// Replays the trace on standard input through the handlers of this program.
///
/// The first line of the input is a secret that signs the end of the output; it
/// may be empty. The rest is the trace.
#[derive(Parser)]
struct Args {
    /// What to write for each event.
    #[arg(long, value_enum, default_value = "log")]
    format: Format,
    /// Write a line with the totals of all faults before the end.
    #[arg(long)]
    totals: bool,
    /// Use the program's own method for this hole only, and the reference's for
    /// all others. May be repeated.
    #[arg(long, value_parser = hole)]
    graft: Vec<Hole>,
    /// Who chooses the victims when memory is full, instead of `choose_victim`.
    #[arg(long, value_enum)]
    policy: Option<Chooser>,
    #[command(flatten)]
    limits: Limits,
}

/// Runs the program: `own` are its handlers, `stock` those that surround a graft, and
/// `policy` is its own policy, which is used if the arguments ask for it.
///
/// The exit code is 0 if the run was told to its end, whatever that end is.
pub fn main(
    own: Rc<dyn Handlers>,
    stock: Option<Rc<dyn Handlers>>,
    policy: Box<dyn Policy>,
) -> ExitCode {
    let mut args = Args::parse();
    let handlers = match stock {
        Some(stock) if !args.graft.is_empty() => Rc::new(Graft {
            holes: std::mem::take(&mut args.graft),
            scion: own,
            stock,
        }),
        _ => own,
    };
    match run(&args, handlers, policy) {
        Ok(()) => ExitCode::SUCCESS,
        // The reader of the channel is gone, and with it whoever could be told.
        Err(_) => ExitCode::from(70),
    }
}

fn hole(name: &str) -> Result<Hole, String> {
    Hole::named(name).ok_or_else(|| format!("no hole has the name `{name}`"))
}

fn run(args: &Args, handlers: Rc<dyn Handlers>, own: Box<dyn Policy>) -> io::Result<()> {
    let mut input = BufReader::with_capacity(1 << 16, io::stdin());
    let mut nonce = String::new();
    input.read_line(&mut nonce)?;
    let mut channel = Channel::take_stdout()?;
    args.limits.apply()?;
    let replayed = panics::caught(|| match args.policy {
        None => {
            let machine = |config| Machine::new(config, handlers);
            replay(args, input, machine, &mut channel)
        }
        Some(chooser) => {
            let mut trace = Vec::new();
            input.read_to_end(&mut trace).map_err(Stopped::Output)?;
            let machine = policy::machine(chooser, &trace, handlers, own);
            replay(args, &trace[..], machine, &mut channel)
        }
    });
    let end = match replayed {
        Ok(Ok(end)) | Err(end) => end,
        Ok(Err(Stopped::Trace(error))) => End::BadTrace {
            message: error.to_string(),
        },
        Ok(Err(Stopped::Output(error))) => return Err(error),
    };
    channel.finish(nonce.trim_end(), &end)
}

fn replay(
    args: &Args,
    trace: impl BufRead,
    machine: impl FnOnce(Config) -> Machine,
    channel: &mut Channel,
) -> Result<End, Stopped> {
    let replay = Replay::on(trace, machine, args.format).map_err(Stopped::Trace)?;
    let mut replay = match args.totals {
        true => replay.with_totals(),
        false => replay,
    };
    replay.run(channel)
}
