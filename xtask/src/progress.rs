//! How far a chore is, told the same way by all of them.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use doctor::{toolchain, walls};
use progress::clock::SystemClock;
use progress::event::{How, Started};
use progress::job::Job;
use progress::sink::Sink;
use progress::sink::bars::Bars;
use progress::sink::events::Events;
use progress::sink::lines::Lines;
use progress::sink::log::Log;

use crate::exit::{Exit, Trouble};

/// Options of every chore that takes a while.
#[derive(Clone, Debug, clap::Args)]
pub struct Telling {
    /// How progress is shown on standard error.
    #[arg(long, value_enum, value_name = "HOW", default_value = "auto")]
    progress: Shown,
    /// Show no progress: short for `--progress none`.
    #[arg(long, conflicts_with = "progress")]
    no_progress: bool,
    /// Append progress to this file besides, which may be a pipe or `/dev/fd/3`: a JSON
    /// object a line, crates/progress/schema/progress.schema.json.
    #[arg(long, value_name = "FILE")]
    events: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Shown {
    /// Bars on a terminal, lines elsewhere.
    Auto,
    /// A bar for each stage.
    Bars,
    /// A line for each stage, now and then, and for each problem.
    Lines,
    /// A JSON object a line; errors and other words for people stand between them.
    Json,
    /// Nothing.
    None,
}

impl Telling {
    /// A job that tells as these options say.
    pub fn start(&self) -> Result<Job, Trouble> {
        Ok(job(self.sinks()?, BTreeMap::new()))
    }

    /// The same, with a log in the folder of the results.
    pub fn start_logged(&self, root: &Path, out: &Path) -> Result<Job, Trouble> {
        let mut sinks = self.sinks()?;
        let log = Log::in_folder(out).map_err(|error| Trouble::BadInput(error.into()))?;
        sinks.push(Box::new(log));
        Ok(job(sinks, machine(root)))
    }

    fn sinks(&self) -> Result<Vec<Box<dyn Sink>>, Trouble> {
        let mut sinks: Vec<Box<dyn Sink>> = Vec::new();
        match self.shown() {
            Shown::Bars => sinks.push(Box::new(Bars::on_stderr())),
            Shown::Json => sinks.push(Box::new(Events::to(io::stderr()))),
            Shown::Lines => sinks.push(Box::new(Lines::to(io::stderr()))),
            Shown::Auto | Shown::None => {}
        }
        if let Some(path) = &self.events {
            let file = OpenOptions::new().append(true).create(true).open(path);
            let file = file.map_err(|error| {
                let path = path.display();
                let text = format!("{path}: {error}\nhelp: choose another file for `--events`");
                Trouble::BadInput(text.into())
            })?;
            sinks.push(Box::new(Events::to(file)));
        }
        Ok(sinks)
    }

    fn shown(&self) -> Shown {
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        match self.progress {
            _ if self.no_progress => Shown::None,
            Shown::Auto if io::stderr().is_terminal() && !dumb => Shown::Bars,
            Shown::Auto => Shown::Lines,
            asked => asked,
        }
    }
}

/// Ends a job as its chore ended.
pub fn ended(job: Job, outcome: &Result<Exit, Trouble>) {
    match outcome {
        Ok(Exit::Done) => job.end(How::Done, None),
        Ok(Exit::Failed) => job.end(How::Failed, None),
        Ok(Exit::Skipped) => job.end(How::Skipped, None),
        Err(Trouble::Missing(error)) => job.end(How::Skipped, Some(error.to_string())),
        Err(Trouble::BadInput(error) | Trouble::OurFault(error)) => {
            job.end(How::Trouble, Some(error.to_string()));
        }
    }
}

fn job(sinks: Vec<Box<dyn Sink>>, machine: BTreeMap<String, String>) -> Job {
    let started = Started {
        command: command(),
        machine,
    };
    Job::start(Box::new(SystemClock::start()), sinks, started)
}

/// What was typed, as one would type it again.
fn command() -> Vec<String> {
    let arguments = std::env::args_os().skip(1);
    let arguments = arguments.map(|argument| argument.to_string_lossy().into_owned());
    ["cargo", "xtask"]
        .map(str::to_owned)
        .into_iter()
        .chain(arguments)
        .collect()
}

/// What the doctor says of this machine, as far as grading goes.
fn machine(root: &Path) -> BTreeMap<String, String> {
    let offered = sandbox::tier::offered();
    let mut facts: BTreeMap<String, String> = walls::answers(offered)
        .into_iter()
        .chain(toolchain::answers(root))
        .map(|answer| (answer.topic, answer.found))
        .collect();
    let cpus = std::thread::available_parallelism().map_or(1, usize::from);
    facts.insert("cpus".to_owned(), cpus.to_string());
    facts.insert("sandbox".to_owned(), offered.to_string());
    facts.insert("kit".to_owned(), env!("CARGO_PKG_VERSION").to_owned());
    facts
}
