//! `cargo xtask grade`: grades a class.

mod told;

use std::cell::OnceCell;
use std::path::{Path, PathBuf};

use ::progress::job::{Job, Running};
use ::progress::stage::Stage;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use collect::attempt::Attempt;
use collect::collected::Collected;
use collect::table::{Counts, Lists};
use course::catalogue::Catalogue;
use course::feedback::Feedback;
use gradebook::attempts::Entered;
use gradebook::book::Book;
use gradebook::error::BookError;
use gradebook::grade::{How, Tally};
use gradebook::key::Conditions;
use gradebook::rules::Rules;
use gradebook::shard::Shard;
use gradebook::sittings::{Asked, Scope, Sitting};
use grader::grade::Grader;
use grader::kit::{self, Kit};
use roster::class::Class;
use sheets::grades;

use crate::collected;
use crate::confinement;
use crate::exit::{Exit, Trouble};
use crate::import;
use crate::interrupt::{remove_on_interrupt, say_on_interrupt, wait_for_the_end};
use crate::outputs::{self, Mistakes, Wish};
use crate::print::Format;
use crate::progress::{self, Telling};
use crate::sheet;
use crate::workspace;

use self::told::{show, summary};

/// Where the bundled class is, below the workspace's root.
const SAMPLES: &str = "grader/samples";

/// Grades submissions on all traces, public and hidden.
///
/// A submission has the student's lab1.rs to lab8.rs: flat, in `src/`, or in
/// `labs/skeleton/src/` of the whole workspace. It is a folder, a git checkout, or a .zip,
/// .tar, .tar.gz or .tgz; a class is a folder of submissions, of any kinds, or what a course
/// system exports, as it was downloaded. Nothing else of a submission is used, and what could only do harm (links in an archive, names that
/// lead out of it, too much of anything) refuses that submission and no other. Student
/// code runs in processes of its own, in a sandbox.
#[derive(clap::Args)]
pub struct Args {
    /// Submissions (folders or archives), folders of them, or exports of course systems; without any, the bundled sample class.
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
    #[command(flatten)]
    from: collected::From,
    /// Grade all again. Otherwise what has changed is graded: a submission, a trace, the
    /// rules or the compiler. Former results stay in the gradebook.
    #[arg(long)]
    fresh: bool,
    /// Grade one of N parts of the class, from 1; `merge` joins them. All attempts of a
    /// student are in one part, and always in the same one.
    #[arg(long, value_name = "K/N")]
    shard: Option<Shard>,
    /// Submissions graded at a time; one for each CPU unless said.
    #[arg(long, value_name = "N")]
    jobs: Option<usize>,
    /// End with exit code 1 if a submission has fewer points.
    #[arg(long, value_name = "POINTS")]
    min_score: Option<f64>,
    /// Show what would be graded as whose, as `cargo xtask import` does, and grade nothing.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    telling: Telling,
    #[command(flatten)]
    sheets: sheet::Beside,
    #[command(flatten)]
    confinement: confinement::Allowed,
}

/// The levels of feedback, each with what it shows.
pub fn levels() -> impl TypedValueParser<Value = Feedback> {
    let level = |level: Feedback| PossibleValue::new(level.name()).help(level.describe());
    PossibleValuesParser::new(Feedback::ASKED.map(level)).try_map(|name| name.parse::<Feedback>())
}

pub fn run(args: &Args) -> Result<Exit, Trouble> {
    let root = workspace::root();
    let paths = match args.paths.is_empty() {
        true => vec![root.join(SAMPLES)],
        false => args.paths.clone(),
    };
    if args.dry_run {
        return import::show(&args.from, &paths, Lists::Short);
    }
    let out = args.out.clone();
    let out = out.unwrap_or_else(|| root.join("target/grades"));
    let job = args.telling.start_logged(&root, &out)?;
    let outcome = grade(args, &paths, &out, &job);
    progress::ended(job, &outcome);
    outcome
}

fn grade(args: &Args, paths: &[PathBuf], out: &Path, job: &Job) -> Result<Exit, Trouble> {
    let root = workspace::root();
    let class = args.from.class()?;
    let collected = collect(args, paths, (&class, out), job)?;
    let mut catalogue = Catalogue::read(&root).map_err(bad_input)?;
    choose_labs(&mut catalogue, &args.lab)?;
    let labs: Vec<u8> = catalogue.labs.iter().map(|lab| lab.number).collect();
    let roster = class.roster.clone();
    let rules = Rules::new(class, &labs).map_err(bad_input)?;
    let entered = entered(&collected.attempts, &rules, args.shard);
    let confinement = confinement::decide(args.confinement)?;
    let mut book = Book::open(&out.join(gradebook::book::FILE)).map_err(in_book)?;
    book.note_course(args.from.course().as_deref())
        .map_err(in_book)?;
    let asked = Asked {
        conditions: Conditions::read(&root, &catalogue, &confinement).map_err(our_fault)?,
        scope: match args.fresh {
            true => Scope::Everything,
            false => Scope::Changed,
        },
        shard: args.shard,
    };
    let sitting = book.sit(&asked, &entered).map_err(in_book)?;
    let tally = grade_class(args, &mut book, &sitting, &entered, job, || {
        let _building = job.stage(Stage::KIT, None);
        let kit = Kit::build(&root).map_err(our_fault)?;
        remove_on_interrupt(kit.scratch.path().to_owned())?;
        Ok(Grader::new(kit, catalogue).confined_to(confinement))
    })?;
    if tally.is_stopped {
        wait_for_the_end();
    }
    let wish = Wish {
        out,
        feedback: args.feedback,
        format: args.format,
        mistakes: match args.shard {
            Some(_) => Mistakes::Left,
            None => Mistakes::Named,
        },
    };
    let (mut is_low, mut grades) = (false, Vec::new());
    outputs::all(&mut book, rules, &wish, job, |shown| {
        let submission = shown.submission();
        is_low |= args.min_score.is_some_and(|least| submission.score < least);
        if args.sheets.is_asked_for() {
            grades.push(grades::of_one(submission, roster.as_ref()));
        }
    })?;
    args.sheets.fill(&grades, out)?;
    eprintln!("{}\nresults are in {}", summary(tally), out.display());
    Ok(match is_low {
        true => Exit::Failed,
        false => Exit::Done,
    })
}

/// The attempts, and a word on those that somebody should look at. The folder of results is
/// none, where somebody has it in the class.
fn collect(
    args: &Args,
    paths: &[PathBuf],
    (class, out): (&Class, &Path),
    job: &Job,
) -> Result<Collected, Trouble> {
    let collecting = job.stage(Stage::COLLECT, None);
    let mut collected = args.from.collect(paths, class)?;
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let (out, given): (PathBuf, Vec<PathBuf>) =
        (real(out), paths.iter().map(|it| real(it)).collect());
    collected.retain(|attempt| {
        let path = real(&attempt.path);
        !out.starts_with(&path) || given.contains(&path)
    });
    collecting.reached(collected.attempts.len() as u64);
    drop(collecting);
    if Counts::of(&collected).want_a_look() {
        job.warn("some hand-ins want a look: `cargo xtask import` with the same paths shows them");
    }
    Ok(collected)
}

/// The attempts of a shard, each with whether it counts.
fn entered(attempts: &[Attempt], rules: &Rules, shard: Option<Shard>) -> Vec<Entered> {
    let is_here = |it: &&Attempt| shard.is_none_or(|shard| shard.has(&it.student));
    let here: Vec<Attempt> = attempts.iter().filter(is_here).cloned().collect();
    rules.enter(&here)
}

fn grade_class(
    args: &Args,
    book: &mut Book,
    sitting: &Sitting,
    class: &[Entered],
    job: &Job,
    grader: impl FnOnce() -> Result<Grader, Trouble>,
) -> Result<Tally, Trouble> {
    let jobs = args
        .jobs
        .unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from));
    let stop = say_on_interrupt(format!(
        "stopped: what was graded is in {}\nhelp: the same command goes on from there",
        book.path().display()
    ))?;
    // Nobody cleans up behind a grader that was killed, if there is nothing to build.
    kit::sweep();
    let how = How {
        handout: &workspace::root().join("labs/skeleton/src"),
        jobs,
        stop: &stop,
    };
    let stage = OnceCell::new();
    let aside = || match stage.get() {
        Some(stage) => Running::aside(stage, grader),
        None => grader(),
    };
    let tally = gradebook::grade::grade::<Fault>(
        book,
        sitting,
        class,
        how,
        || aside().map_err(Fault),
        |event| show(job, &stage, event),
    );
    tally.map_err(|Fault(trouble)| trouble)
}

/// Trouble of whatever kind, as it comes out of the gradebook's part.
struct Fault(Trouble);

impl From<BookError> for Fault {
    fn from(error: BookError) -> Self {
        Self(in_book(error))
    }
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

/// The user can repair it.
pub fn bad_input(error: impl std::error::Error + 'static) -> Trouble {
    Trouble::BadInput(Box::new(error))
}

pub fn our_fault(error: impl std::error::Error + 'static) -> Trouble {
    Trouble::OurFault(Box::new(error))
}

/// A book that is none is the user's, and everything else ours.
pub fn in_book(error: BookError) -> Trouble {
    match error.is_bad_input() {
        true => Trouble::BadInput(Box::new(error)),
        false => Trouble::OurFault(Box::new(error)),
    }
}
