//! `cargo xtask conform`: is what the kit says what Linux does?

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Instant;

use conform::ablation::ablate;
use conform::campaign::{Campaign, Outcome};
use conform::case::Case;
use conform::compare::{Depth, Setting};
use conform::facts::Facts;
use conform::probe::probe;
use conform::report::Report;
use oracle::error::Error;
use oracle::swap::SwapDevice;
use progress::job::Job;
use progress::stage::Stage;
use vmsim::event::Config;
use vmsim::machine::Machine;

use crate::exit::{Exit, Trouble};
use crate::interrupt::Interrupt;
use crate::workspace;

/// Where the traces of labs are, below the workspace's root.
const LABS: [&str; 3] = ["labs", "grader/hidden", "crates/vmtrace/tests/linux-traces"];

/// What is compared, access by access.
const ACCESSES: Stage = Stage::new("conform", "accesses");

/// Differences after which nobody reads on.
const FINDINGS_MAX: usize = 10;

/// Random traces of each shape for every naive rule, as in the table of
/// docs/linux-rules.md.
const ABLATION_TRACES: u64 = 40;

/// Compares the kit with the kernel of this computer, access by access.
///
/// Each trace runs twice: on the simulator with the reference, and as real processes
/// under ptrace(2). Compared are the faults that the kernel counted, signals with their
/// code and address, errors of system calls, values that were read, and, where
/// /proc/PID/pagemap can be read, what became of the page. Without TRACE and without
/// `--random`: all traces of the labs, public and hidden, the recorded programs, and
/// the measured ones.
#[derive(clap::Args)]
pub struct Args {
    /// Traces, or folders of them
    #[arg(value_name = "TRACE", conflicts_with = "random")]
    traces: Vec<PathBuf>,
    /// Compares N random accesses, or a few more
    #[arg(long, value_name = "N", group = "random_traces")]
    random: Option<u64>,
    /// The seed of the random traces; without it, one is chosen and printed
    #[arg(long, value_name = "S", requires = "random_traces")]
    seed: Option<u64>,
    /// Counts the random traces, of 40 of each shape, that show that a rule is broken:
    /// each of the naive rules in turn
    #[arg(long, group = "random_traces", conflicts_with_all = ["traces", "json", "save"])]
    ablation: bool,
    /// Compares all pages of all processes after each event, too; takes 1.6 times as long
    #[arg(long, conflicts_with = "ablation")]
    pages: bool,
    /// Prints one JSON object: crates/conform/schema/conform.schema.json
    #[arg(long)]
    json: bool,
    /// Writes the first difference as a trace, with what Linux did behind `# =>`
    #[arg(long, value_name = "FILE")]
    save: Option<PathBuf>,
    /// Makes a swap device for the run, of zram if there is, and removes it. Takes root
    #[arg(
        long,
        value_name = "KIND",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "any"
    )]
    with_swap: Option<SwapKind>,
    /// Where the files of the traces go; a folder on a disk [default: target/conform]
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// Traces at a time; one for each CPU unless said
    #[arg(long, value_name = "N")]
    jobs: Option<usize>,
    #[command(flatten)]
    progress: crate::progress::Telling,
}

/// One trace of so many may be unsteady; more, and the run says nothing.
const UNSTEADY_SHARE: u64 = 20;

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum SwapKind {
    /// Compressed memory, or else a file.
    Any,
    /// A file in the folder for files: its pages are paged out twice.
    File,
}

pub fn run(args: &Args) -> Result<Exit, Trouble> {
    let root = workspace::root();
    let cases = args.cases(&root)?;
    let folder = args.folder(&root)?;
    // A signal must not leave the swap device behind.
    let interrupt = Interrupt::listen()?;
    let swap = args.with_swap.and_then(|kind| make_swap(kind, &folder));
    let exit = match probe(&folder) {
        Ok(facts) if args.ablation => args.ablate(&facts),
        Ok(facts) => args.compared(&facts, cases, &interrupt),
        Err(error) => Ok(skipped(&error.to_string())),
    };
    drop(swap);
    interrupt.obey();
    exit
}

fn sum_up(report: &Report) -> Result<Exit, Trouble> {
    if !report.differences.is_empty() {
        return Ok(Exit::Failed);
    }
    if let Some(first) = report.failed.first() {
        let text = format!("{}: {}", first.trace, first.why);
        return Err(Trouble::OurFault(text.into()));
    }
    let unsteady = report.unsteady.len() as u64;
    match report.traces {
        0 => Ok(skipped("every trace needs what this computer lacks")),
        traces if unsteady * UNSTEADY_SHARE > traces => {
            eprintln!("skipped: too many traces are unsteady to say anything of the others");
            Ok(Exit::Skipped)
        }
        _ => Ok(Exit::Done),
    }
}

/// Prints a text; whoever reads it may have stopped reading (`| head`).
fn print(text: &str) -> Result<(), Trouble> {
    match writeln!(io::stdout(), "{text}") {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(our_fault(error)),
        _ => Ok(()),
    }
}

/// Nothing could be compared.
fn skipped(why: &str) -> Exit {
    eprintln!("skipped: nothing was compared: {why}");
    Exit::Skipped
}

/// A swap device, or words that say why there is none.
fn make_swap(kind: SwapKind, folder: &Path) -> Option<SwapDevice> {
    let made = match kind {
        SwapKind::Any => SwapDevice::make(folder),
        SwapKind::File => SwapDevice::make_file(folder),
    };
    match made {
        Ok(device) => {
            eprintln!("swap for this run: {}", device.describe());
            Some(device)
        }
        Err(error) => {
            eprintln!("no swap device is made for this run: {error}");
            if matches!(error, Error::Os { .. }) {
                eprintln!("help: `--with-swap` takes root");
            }
            None
        }
    }
}

/// A seed that nobody has tried yet: the time, in microseconds.
fn fresh_seed() -> u64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    now.map_or(1, |since| since.as_micros() as u64)
}

impl Args {
    /// The traces that are asked for; none in random runs.
    fn cases(&self, root: &Path) -> Result<Vec<Case>, Trouble> {
        if self.random.is_some() || self.ablation {
            return Ok(Vec::new());
        }
        let paths = match self.traces.is_empty() {
            true => LABS.map(|folder| root.join(folder)).to_vec(),
            false => self.traces.clone(),
        };
        let mut cases = Vec::new();
        for path in Case::find(&paths).map_err(bad_input)? {
            let mut case = Case::read(&path).map_err(bad_input)?;
            if let Ok(inside) = path.strip_prefix(root) {
                case.name = inside.display().to_string();
            }
            cases.push(case);
        }
        if cases.is_empty() {
            let text = "there is no trace\nhelp: in folders, traces are files that end in `.trace`";
            return Err(Trouble::BadInput(text.into()));
        }
        Ok(cases)
    }

    /// Where the files of traces go, if files can be written there.
    fn folder(&self, root: &Path) -> Result<PathBuf, Trouble> {
        let usual = || root.join("target/conform");
        let folder = self.dir.clone().unwrap_or_else(usual);
        let written = fs::create_dir_all(&folder).and_then(|()| tempfile::tempfile_in(&folder));
        match written {
            Ok(_) => Ok(folder),
            Err(error) => Err(Trouble::BadInput(
                format!(
                    "no file can be written in {}: {error}\nhelp: `--dir` names a folder on a disk",
                    folder.display()
                )
                .into(),
            )),
        }
    }

    /// Compares, and tells how far it is.
    fn compared(
        &self,
        facts: &Facts,
        cases: Vec<Case>,
        interrupt: &Interrupt,
    ) -> Result<Exit, Trouble> {
        let job = self.progress.start()?;
        let outcome = self.report(facts, cases, interrupt, &job);
        crate::progress::ended(job, &outcome);
        outcome
    }

    /// Compares, and prints what came of it.
    fn report(
        &self,
        facts: &Facts,
        cases: Vec<Case>,
        interrupt: &Interrupt,
        job: &Job,
    ) -> Result<Exit, Trouble> {
        let seed = self.random.map(|_| self.seed.unwrap_or_else(fresh_seed));
        let start = Instant::now();
        let outcome = self.compare(facts, cases, seed, (interrupt, job));
        let report = Report::new(facts, seed, outcome, start.elapsed().as_secs_f64());
        let text = match self.json {
            true => report.json(),
            false => report.to_string(),
        };
        print(&text)?;
        if let (Some(file), Some(first)) = (&self.save, report.differences.first()) {
            fs::write(file, &first.trace).map_err(|error| {
                let name = file.display();
                Trouble::OurFault(format!("{name}: {error}\nhelp: choose another `--save`").into())
            })?;
            eprintln!("the first difference is in {}", file.display());
        }
        sum_up(&report)
    }

    fn compare(
        &self,
        facts: &Facts,
        cases: Vec<Case>,
        seed: Option<u64>,
        (interrupt, job): (&Interrupt, &Job),
    ) -> Outcome {
        let stage = job.stage(ACCESSES, self.random);
        let stop = interrupt.flag();
        let outcome = {
            let campaign = Campaign {
                setting: Setting {
                    facts,
                    make: &reference,
                    depth: if self.pages {
                        Depth::Pages
                    } else {
                        Depth::Event
                    },
                    stop: &stop,
                },
                jobs: self.jobs(),
                findings_max: FINDINGS_MAX,
                progress: &|accesses| stage.reached(accesses),
            };
            match (self.random, seed) {
                (Some(accesses), Some(seed)) => campaign.random(seed, accesses),
                _ => campaign.cases(cases),
            }
        };
        drop(stage);
        outcome
    }

    fn ablate(&self, facts: &Facts) -> Result<Exit, Trouble> {
        let seed = self.seed.unwrap_or_else(fresh_seed);
        let ablation = ablate(facts, seed, ABLATION_TRACES, self.jobs()).map_err(our_fault)?;
        print(&format!("{}, seed {seed}; {ablation}", facts.kernel))?;
        Ok(match ablation.holds(facts) {
            true => Exit::Done,
            false => Exit::Failed,
        })
    }

    fn jobs(&self) -> usize {
        let cpus = || std::thread::available_parallelism().map_or(1, usize::from);
        self.jobs.unwrap_or_else(cpus)
    }
}

fn reference(config: Config) -> Machine {
    Machine::new(config, Rc::new(solution::Reference))
}

fn bad_input(error: impl std::error::Error + 'static) -> Trouble {
    Trouble::BadInput(Box::new(error))
}

fn our_fault(error: impl std::error::Error + 'static) -> Trouble {
    Trouble::OurFault(Box::new(error))
}
