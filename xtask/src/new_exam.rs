//! `cargo xtask new-exam`: a fresh hidden set with its keys.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use exam::Refusal;
use exam::choose::KILLS;
use exam::make::Effort;
use exam::order::{Made, Order};
use mutants::Mutant;
use progress::job::Job;
use progress::stage::{Outcome, Stage, Step};

use crate::exit::{Exit, Trouble};
use crate::workspace;

/// Makes next year's hidden traces with their keys, for every lab that has code.
///
/// The same seed gives the same exam, byte for byte, on every computer. It is audited
/// before it is accepted: nearly every mistake of the catalogue must cost points in
/// its own hole, in two traces at least; correct solutions, however they are written,
/// must get all points, the skeleton none and shortcuts next to none. Otherwise
/// nothing is written, and it is told what was wrong.
#[derive(clap::Args)]
pub struct Args {
    /// The seed: keep it secret, for it is the exam
    #[arg(long, value_name = "S")]
    seed: u64,
    /// Where the exam goes, in the layout of grader/hidden; it must not be there yet.
    /// Without it: target/exams/S, which is made anew
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// The labs to make traces for, as in `1-8` or `2,5`; what else is in grader/hidden
    /// is copied. All labs with code unless said
    #[arg(long, value_name = "LABS", value_parser = labs, default_value = "1-8")]
    labs: std::vec::Vec<u8>,
    /// Traces tried at a time; one for each CPU unless said
    #[arg(long, value_name = "N")]
    jobs: Option<usize>,
    #[command(flatten)]
    progress: crate::progress::Telling,
}

pub fn run(args: &Args) -> Result<Exit, Trouble> {
    let root = workspace::root();
    let order = args.order(&root)?;
    let job = args.progress.start()?;
    let outcome = make(&order, &job);
    crate::progress::ended(job, &outcome);
    outcome
}

fn make(order: &Order, job: &Job) -> Result<Exit, Trouble> {
    let stage = job.stage(LABS, None);
    let made = order.make(&Mutant::all(), &|lab| {
        stage.did(Step::untimed(format!("lab {lab}"), Outcome::Done));
    });
    drop(stage);
    match made {
        Ok(made) => {
            print(&told(&made, &order.out)).map_err(|error| Trouble::OurFault(error.into()))?;
            Ok(Exit::Done)
        }
        Err(refusal @ (Refusal::TooWeak(_) | Refusal::Findings(_))) => {
            eprintln!("error: {refusal}\nhelp: another `--seed`; nothing was written");
            Ok(Exit::Failed)
        }
        Err(error @ (Refusal::Course(_) | Refusal::Scenario(..) | Refusal::Registry(_))) => {
            Err(Trouble::BadInput(error.into()))
        }
        Err(error) => Err(Trouble::OurFault(error.into())),
    }
}

/// Labs that traces are made for.
const LABS: Stage = Stage::new("exam", "labs");

/// What was made, and what to do with it.
fn told(made: &Made, out: &Path) -> String {
    let mut text = format!("{}:\n\n", out.display());
    text.push_str("  lab  traces  events  mistakes  exposed  twice\n");
    for lab in &made.labs {
        text.push_str(&format!(
            "  {:>3}  {:>6}  {:>6}  {:>8}  {:>7}  {:>5}\n",
            lab.lab,
            lab.traces,
            lab.events,
            lab.mutants,
            lab.exposed,
            lab.mutants - lab.survivors.len(),
        ));
    }
    for survivor in made.labs.iter().flat_map(|lab| &lab.survivors) {
        text.push_str(&format!("  fewer than {KILLS} traces expose {survivor}\n"));
    }
    let out = out.display();
    text.push_str(&format!(
        "
Everything else in grader/hidden was copied. Before you use it:

    cargo xtask conform {out}           # does Linux agree? As root add --with-swap
    cargo xtask audit --hidden {out}    # the whole course with it, every mistake against every trace
    mv grader/hidden grader/hidden.old && cp -r {out} grader/hidden
    cargo test -p grader                # the keys are what the reference does

Then remove grader/hidden.old, read the traces, and keep the seed to yourself.
"
    ));
    text
}

fn print(text: &str) -> io::Result<()> {
    match write!(io::stdout(), "{text}") {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error),
        _ => Ok(()),
    }
}

impl Args {
    fn order(&self, root: &Path) -> Result<Order, Trouble> {
        let usual = || root.join("target/exams").join(self.seed.to_string());
        if let Some(out) = self.out.as_ref().filter(|out| out.exists()) {
            let text = format!(
                "{} is there already\nhelp: remove it, or choose another `--out`",
                out.display()
            );
            return Err(Trouble::BadInput(text.into()));
        }
        let cpus = || std::thread::available_parallelism().map_or(1, usize::from);
        Ok(Order {
            root: root.to_owned(),
            seed: self.seed,
            labs: self.labs.clone(),
            out: self.out.clone().unwrap_or_else(usual),
            jobs: self.jobs.unwrap_or_else(cpus),
            effort: Effort::USUAL,
        })
    }
}

/// `1-8`, `2,5` and the like.
fn labs(text: &str) -> Result<Vec<u8>, String> {
    let mut labs = Vec::new();
    for part in text.split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let number = |text: &str| {
            let number = text.trim().parse::<u8>().ok();
            number
                .filter(|lab| (1..=8).contains(lab))
                .ok_or_else(|| format!("`{text}` is no lab with code: 1 to 8"))
        };
        labs.extend(number(first)?..=number(last)?);
    }
    Ok(labs)
}
