//! `cargo xtask audit`: grades the graders.

use std::fs;
use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::PathBuf;

use audit::audit::audit;
use audit::course::Course;
use audit::course::submissions;
use audit::finding::Finding;
use audit::report;
use audit::result::{AuditResult, Fate, MutantResult};
use grader::grade::Grader;
use grader::kit::Kit;
use mutants::Mutant;
use progress::job::Job;
use progress::stage::{Outcome, Stage, Step};

use crate::exit::{Exit, Trouble};
use crate::interrupt::Interrupt;
use crate::workspace;

/// Grades the graders: every mistake of the catalogue against every trace, and the
/// course material against what it promises.
///
/// A mistake must cost points in its own hole, in at least two hidden traces, and
/// nowhere else. The skeleton must get nothing, correct solutions everything, and
/// shortcuts little.
#[derive(clap::Args)]
pub struct Args {
    /// Look at this lab only. May be repeated.
    #[arg(long, value_name = "N")]
    lab: Vec<u8>,
    /// Explain how each trace exposes this mutant, by its number or name, and look at
    /// nothing else.
    #[arg(long, value_name = "ID", conflicts_with_all = ["lab", "out", "html"])]
    mutant: Option<String>,
    /// Hidden traces and keys other than grader/hidden, in its layout: what
    /// `cargo xtask new-exam` made.
    #[arg(long, value_name = "DIR")]
    hidden: Option<PathBuf>,
    /// What to print.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Where audit.html goes; `target/audit` unless said.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Another name for the HTML file.
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Mutants and submissions tried at a time; one for each CPU unless said.
    #[arg(long, value_name = "N")]
    jobs: Option<usize>,
    #[command(flatten)]
    progress: crate::progress::Telling,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Format {
    /// Tables, and what is wrong.
    Text,
    /// One JSON object: crates/audit/schema/audit.schema.json.
    Json,
}

pub fn run(args: &Args) -> Result<Exit, Trouble> {
    let interrupt = Interrupt::listen()?;
    let root = workspace::root();
    let course = match &args.hidden {
        Some(hidden) => Course::read_with(&root, hidden),
        None => Course::read(&root),
    };
    let course = course.map_err(bad_input)?;
    let chore = Chore {
        args,
        course,
        job: args.progress.start()?,
        interrupt,
        jobs: args.jobs.unwrap_or_else(cpus),
    };
    let outcome = match &args.mutant {
        Some(wanted) => chore.explain(wanted),
        None => chore.audit(),
    };
    chore.interrupt.obey();
    crate::progress::ended(chore.job, &outcome);
    outcome
}

/// Mistakes of the catalogue, each on all traces.
const MUTANTS: Stage = Stage::new("mutants", "mutants");

/// What ships with the course, right and wrong.
const OURS: Stage = Stage::new("ours", "submissions of ours");

/// An audit under way.
struct Chore<'a> {
    args: &'a Args,
    course: Course,
    job: Job,
    interrupt: Interrupt,
    jobs: usize,
}

impl Chore<'_> {
    /// One mutant, in full.
    fn explain(&self, wanted: &str) -> Result<Exit, Trouble> {
        let mut mutants = Mutant::all();
        mutants.retain(|mutant| mutant.id == wanted || mutant.name == wanted);
        if mutants.is_empty() {
            let message = format!(
                "no mutant is called `{wanted}`\nhelp: crates/mutants/src/lab*.rs list them"
            );
            return Err(Trouble::BadInput(message.into()));
        }
        let result = self.tried(&mutants)?;
        match self.args.format {
            Format::Json => print(&json(&result)?)?,
            Format::Text => {
                for mutant in &result.mutants {
                    print(&report::text::explain(mutant, &result.traces))?;
                }
            }
        }
        let well = |mutant: &MutantResult| {
            matches!(mutant.fate, Fate::Killed | Fate::Equivalent) && mutant.elsewhere.is_empty()
        };
        Ok(ended(result.mutants.iter().all(well)))
    }

    /// Everything.
    fn audit(&self) -> Result<Exit, Trouble> {
        self.known(&self.args.lab)?;
        let asked = |lab: u8| self.args.lab.is_empty() || self.args.lab.contains(&lab);
        let mut mutants = Mutant::all();
        mutants.retain(|mutant| asked(mutant.lab()));
        let mut result = self.tried(&mutants)?;
        result.add(self.submissions(asked)?);
        result.retain_labs(asked);
        let html = self.write_html(&result).map_err(our_fault)?;
        print(&match self.args.format {
            Format::Json => json(&result)?,
            Format::Text => report::text::render(&result),
        })?;
        eprintln!("the matrix is in {}", html.display());
        Ok(ended(result.passed))
    }

    fn tried(&self, mutants: &[Mutant]) -> Result<AuditResult, Trouble> {
        let stage = self.job.stage(MUTANTS, Some(mutants.len() as u64));
        let audited = audit(&self.course, mutants, self.jobs, |mutant| {
            stage.did(Step::untimed(mutant.name, Outcome::Done));
            self.go_on()
        });
        drop(stage);
        audited.map_err(|error| {
            // If it was a signal that stopped us, we end by it.
            self.interrupt.obey();
            our_fault(error)
        })
    }

    fn submissions(&self, asked: impl Fn(u8) -> bool) -> Result<Vec<Finding>, Trouble> {
        let candidates = submissions::candidates(&self.course.root);
        let kit = Kit::build(&self.course.root).map_err(our_fault)?;
        let mut catalogue = self.course.catalogue.clone();
        catalogue.labs.retain(|lab| asked(lab.number));
        let grader = Grader::new(kit, catalogue);
        let stage = self.job.stage(OURS, Some(candidates.len() as u64));
        let found = submissions::check(&self.course, &grader, &candidates, self.jobs, |result| {
            stage.did(Step::untimed(&result.id, Outcome::Done));
            self.go_on()
        });
        drop(stage);
        // With it go the programs that it has compiled.
        drop(grader);
        self.interrupt.obey();
        Ok(found)
    }

    fn known(&self, wanted: &[u8]) -> Result<(), Trouble> {
        let labs = &self.course.catalogue.labs;
        let missing = wanted
            .iter()
            .find(|n| labs.iter().all(|lab| lab.number != **n));
        let Some(missing) = missing else {
            return Ok(());
        };
        let known: Vec<String> = labs.iter().map(|lab| lab.number.to_string()).collect();
        let message = format!(
            "there is no lab {missing}\nhelp: one of {}",
            known.join(", ")
        );
        Err(Trouble::BadInput(message.into()))
    }

    fn write_html(&self, result: &AuditResult) -> io::Result<PathBuf> {
        let folder = self.args.out.clone();
        let folder = folder.unwrap_or_else(|| self.course.root.join("target/audit"));
        let file = self.args.html.clone();
        let file = file.unwrap_or_else(|| folder.join("audit.html"));
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&file, report::html::render(result))?;
        Ok(file)
    }

    fn go_on(&self) -> ControlFlow<()> {
        match self.interrupt.came() {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        }
    }
}

fn cpus() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

fn ended(well: bool) -> Exit {
    if well { Exit::Done } else { Exit::Failed }
}

fn json(result: &AuditResult) -> Result<String, Trouble> {
    let text = serde_json::to_string(result).map_err(our_fault)?;
    Ok(text + "\n")
}

fn print(text: &str) -> Result<(), Trouble> {
    io::stdout()
        .lock()
        .write_all(text.as_bytes())
        .map_err(our_fault)
}

fn bad_input(error: impl std::error::Error + 'static) -> Trouble {
    Trouble::BadInput(Box::new(error))
}

fn our_fault(error: impl std::error::Error + 'static) -> Trouble {
    Trouble::OurFault(Box::new(error))
}
