//! `cargo xtask grade`: grades a class.

use std::fs;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use course::catalogue::Catalogue;
use course::feedback::Feedback;
use grader::class;
use grader::feedback::ShownClass;
use grader::grade::Grader;
use grader::intake::{self, ids::file_names};
use grader::kit::Kit;
use grader::report;
use grader::report::sink::terminal;
use grader::result::SubmissionResult;
use indicatif::{ProgressBar, ProgressStyle};

use crate::confinement;
use crate::exit::{Exit, Trouble};
use crate::interrupt::remove_on_interrupt;
use crate::workspace;

/// Where the bundled class is, below the workspace's root.
const SAMPLES: &str = "grader/samples";

/// Grades submissions on all traces, public and hidden.
///
/// A submission has the student's lab1.rs to lab8.rs: flat, in `src/`, or in
/// `labs/skeleton/src/` of the whole workspace. It is a folder, a git checkout, or a .zip,
/// .tar, .tar.gz or .tgz; a class is a folder of submissions, of any kinds. Nothing else
/// of a submission is used, and what could only do harm (links in an archive, names that
/// lead out of it, too much of anything) refuses that submission and no other. Student
/// code runs in processes of its own, in a sandbox.
#[derive(clap::Args)]
pub struct Args {
    /// Submissions (folders or archives), or folders of them; without any, the bundled sample class.
    paths: Vec<PathBuf>,
    /// Grade this lab only. May be repeated.
    #[arg(long, value_name = "N")]
    lab: Vec<u8>,
    /// Where the results go; `target/grades` unless said.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// What to print.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// How much is told of hidden traces, in what is printed and in all files; the
    /// registry of a trace may allow less, and only `full` shows even that.
    #[arg(long, value_name = "LEVEL", default_value_t, value_parser = levels())]
    feedback: Feedback,
    /// Submissions graded at a time; one for each CPU unless said.
    #[arg(long, value_name = "N")]
    jobs: Option<usize>,
    /// End with exit code 1 if a submission has fewer points.
    #[arg(long, value_name = "POINTS")]
    min_score: Option<f64>,
    /// Never draw a progress bar.
    #[arg(long)]
    no_progress: bool,
    #[command(flatten)]
    confinement: confinement::Allowed,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Format {
    /// A table, and each submission's first failure explained.
    Text,
    /// One JSON object: grader/schema/grade.schema.json.
    Json,
    /// A row for each submission.
    Csv,
    /// JUnit XML: a suite for each submission and lab, a test for each run.
    Junit,
    /// Annotations for a workflow of GitHub's, and a summary if `GITHUB_STEP_SUMMARY` is
    /// set.
    Github,
}

/// The levels of feedback, each with what it shows.
pub fn levels() -> impl TypedValueParser<Value = Feedback> {
    let level = |level: Feedback| PossibleValue::new(level.name()).help(level.describe());
    PossibleValuesParser::new(Feedback::ASKED.map(level)).try_map(|name| name.parse::<Feedback>())
}

pub fn run(args: &Args) -> Result<Exit, Trouble> {
    let root = workspace::root();
    let paths = if args.paths.is_empty() {
        vec![root.join(SAMPLES)]
    } else {
        args.paths.clone()
    };
    let submissions = intake::find_all(&paths).map_err(bad_input)?;
    let mut catalogue = Catalogue::read(&root).map_err(bad_input)?;
    choose_labs(&mut catalogue, &args.lab)?;
    let confinement = confinement::decide(args.confinement)?;
    let kit = Kit::build(&root).map_err(our_fault)?;
    remove_on_interrupt(kit.scratch.path().to_owned())?;
    let grader = Grader::new(kit, catalogue).confined_to(confinement);
    let jobs = args
        .jobs
        .unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from));
    let bar = progress(submissions.len() as u64, args.no_progress);
    let results = class::grade(&grader, &submissions, jobs, |done| {
        bar.set_message(terminal::line(&done.id));
        bar.inc(1);
    });
    bar.finish_and_clear();
    let out = args
        .out
        .clone()
        .unwrap_or_else(|| root.join("target/grades"));
    let results = ShownClass::new(&results, args.feedback);
    write_results(&results, &out).map_err(our_fault)?;
    print_results(&results, args.format).map_err(our_fault)?;
    eprintln!("results are in {}", out.display());
    let low = |s: &SubmissionResult| args.min_score.is_some_and(|least| s.score < least);
    Ok(if results.class().submissions.iter().any(low) {
        Exit::Failed
    } else {
        Exit::Done
    })
}

fn choose_labs(catalogue: &mut Catalogue, wanted: &[u8]) -> Result<(), Trouble> {
    if let Some(missing) = wanted
        .iter()
        .find(|n| catalogue.labs.iter().all(|l| l.number != **n))
    {
        let known: Vec<String> = catalogue
            .labs
            .iter()
            .map(|lab| lab.number.to_string())
            .collect();
        let message = format!(
            "there is no lab {missing}\nhelp: one of {}",
            known.join(", ")
        );
        return Err(Trouble::BadInput(message.into()));
    }
    if !wanted.is_empty() {
        catalogue.labs.retain(|lab| wanted.contains(&lab.number));
    }
    Ok(())
}

fn progress(submissions: u64, never: bool) -> ProgressBar {
    if never || !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} submissions, {eta} left  {msg}");
    ProgressBar::new(submissions).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

/// Writes the table, the whole class, and a file for each submission.
fn write_results(results: &ShownClass, out: &Path) -> io::Result<()> {
    let each = out.join("submissions");
    fs::create_dir_all(&each)?;
    let table = fs::File::create(out.join("grades.csv"))?;
    report::csv::write(results, table).map_err(io::Error::other)?;
    fs::write(out.join("grades.json"), report::json::class_file(results)?)?;
    // An id is whatever somebody called an archive.
    let shown: Vec<_> = results.submissions().collect();
    let names = file_names(shown.iter().map(|it| it.submission().id.as_str()));
    for (submission, name) in shown.iter().zip(names) {
        let text = report::json::submission_file(submission)?;
        fs::write(each.join(format!("{name}.json")), text)?;
    }
    Ok(())
}

fn print_results(results: &ShownClass, format: Format) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match format {
        Format::Text => write!(out, "{}", report::text::render(results)),
        Format::Json => write!(out, "{}", report::json::class(results)?),
        Format::Csv => report::csv::write(results, out).map_err(io::Error::other),
        Format::Junit => report::junit::write(results, out),
        Format::Github => {
            write!(out, "{}", report::github::log(results)?)?;
            match std::env::var_os("GITHUB_STEP_SUMMARY") {
                Some(path) => summarize(results, Path::new(&path)),
                None => Ok(()),
            }
        }
    }
}

/// Adds the summary to what the step has written of its own.
fn summarize(results: &ShownClass, path: &Path) -> io::Result<()> {
    let mut file = fs::File::options().append(true).create(true).open(path)?;
    let used = usize::try_from(file.metadata()?.len()).unwrap_or(usize::MAX);
    let room = report::github::SUMMARY_BYTES_MAX.saturating_sub(used);
    file.write_all(report::github::summary(results, room).as_bytes())
}

fn bad_input(error: impl std::error::Error + 'static) -> Trouble {
    Trouble::BadInput(Box::new(error))
}

fn our_fault(error: impl std::error::Error + 'static) -> Trouble {
    Trouble::OurFault(Box::new(error))
}
