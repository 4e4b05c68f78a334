//! `cargo xtask regrade`: grades a class again, and shows who moved.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use collect::attempt::Attempt;
use course::catalogue::Catalogue;
use gradebook::attempts::Entered;
use gradebook::best;
use gradebook::book::{Book, FILE};
use gradebook::error::BookError;
use gradebook::grade::{Event, How};
use gradebook::key::Conditions;
use gradebook::moved::{Changed, Graded, Moved, Why, moved};
use gradebook::rules::Rules;
use gradebook::sittings::{Asked, Scope};
use gradebook::standings::labs;
use grader::grade::Grader;
use grader::kit::Kit;
use grader::launch::Confinement;
use grader::report::sink::terminal;
use grader::result::SubmissionResult;
use roster::cost::Cents;

use crate::collected::From;
use crate::confinement;
use crate::exit::{Exit, Trouble};
use crate::interrupt::remove_on_interrupt;
use crate::one_student::{read, trouble};
use crate::workspace;

/// Runs of a student that are named; the table of a trace that was repaired is long.
const RUNS_SHOWN: usize = 12;

/// Grades a class again with today's traces, keys, compiler and policy, and shows who moved
/// and why.
///
/// Points are those of the hand-in, before what being late costs and what people said. With
/// `--diff` the gradebook stays as it is, and the exit code is 1 if anybody moved. A result
/// that is another one although nothing has changed is told loudly: no grade can stand on it.
#[derive(clap::Args)]
pub struct Args {
    /// Where the hand-ins are: as for `grade`.
    paths: Vec<PathBuf>,
    /// Show who would move, and change nothing.
    #[arg(long)]
    diff: bool,
    /// Where `grade` has put the results; `target/grades` unless said.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Submissions graded at a time; one for each CPU unless said.
    #[arg(long, value_name = "N")]
    jobs: Option<usize>,
    #[command(flatten)]
    from: From,
    #[command(flatten)]
    confinement: confinement::Allowed,
}

/// A class, as it is or was graded.
struct Class {
    labs: Vec<u8>,
    conditions: Conditions,
    results: Vec<SubmissionResult>,
}

impl Class {
    fn of(book: &Book) -> Result<Self, Trouble> {
        let graded = book.latest_sitting().map_err(trouble)?;
        let sitting = graded.ok_or_else(|| {
            Trouble::BadInput("nothing was ever graded\nhelp: `cargo xtask grade`".into())
        })?;
        let mut results = Vec::new();
        let read = book.results(|result| {
            results.push(result);
            Ok::<(), BookError>(())
        });
        read.map_err(trouble)?;
        Ok(Self {
            labs: labs(book).map_err(trouble)?,
            conditions: sitting.conditions,
            results,
        })
    }

    fn graded(&self) -> Graded<'_> {
        Graded {
            conditions: &self.conditions,
            results: &self.results,
        }
    }
}

pub fn run(args: &Args) -> Result<Exit, Trouble> {
    let root = workspace::root();
    let out = args.out.clone();
    let path = out.unwrap_or_else(|| root.join("target/grades")).join(FILE);
    let before = Class::of(&read(&path)?)?;
    let scratch = tempfile::tempdir().map_err(our_fault)?;
    let place = match args.diff {
        true => scratch.path().join(FILE),
        false => path,
    };
    let after = args.grade(&root, &place, &before)?;
    let all = moved(before.graded(), after.graded());
    print!("{}", told(&before, &after, &all));
    Ok(match args.diff && !all.is_empty() {
        true => Exit::Failed,
        false => Exit::Done,
    })
}

impl Args {
    /// Grades all of a class again, into the book at this place.
    fn grade(&self, root: &Path, place: &Path, before: &Class) -> Result<Class, Trouble> {
        let labs = &before.labs;
        let class = self.from.class()?;
        let rules = Rules::new(class.clone(), labs).map_err(bad_input)?;
        let samples = [root.join("grader/samples")];
        let paths = match self.paths.is_empty() {
            true => &samples[..],
            false => &self.paths,
        };
        let collected = self.from.collect(paths, &class)?;
        let entered = chosen(&rules, before, &collected.attempts);
        let mut catalogue = Catalogue::read(root).map_err(bad_input)?;
        catalogue
            .labs
            .retain(|lab| labs.is_empty() || labs.contains(&lab.number));
        let confinement = confinement::decide(self.confinement)?;
        let asked = Asked {
            conditions: Conditions::read(root, &catalogue, &confinement).map_err(our_fault)?,
            scope: Scope::Everything,
            shard: None,
        };
        let mut book = Book::open(place).map_err(trouble)?;
        let sitting = book.sit(&asked, &entered).map_err(trouble)?;
        let cpus = || std::thread::available_parallelism().map_or(1, usize::from);
        let how = How {
            handout: &root.join("labs/skeleton/src"),
            jobs: self.jobs.unwrap_or_else(cpus),
            stop: &AtomicBool::new(false),
        };
        let grader = || grader(root, catalogue, confinement).map_err(Stop::Grader);
        let graded = gradebook::grade::grade(&mut book, &sitting, &entered, how, grader, say);
        graded.map_err(|stop| match stop {
            Stop::Book(error) => trouble(error),
            Stop::Grader(trouble) => trouble,
        })?;
        best::choose(&mut book, &sitting, &rules).map_err(trouble)?;
        Class::of(&book)
    }
}

/// Why nothing more is graded.
enum Stop {
    Book(gradebook::error::BookError),
    Grader(Trouble),
}

impl std::convert::From<gradebook::error::BookError> for Stop {
    fn from(error: gradebook::error::BookError) -> Self {
        Self::Book(error)
    }
}

fn grader(root: &Path, catalogue: Catalogue, confinement: Confinement) -> Result<Grader, Trouble> {
    let kit = Kit::build(root).map_err(our_fault)?;
    remove_on_interrupt(kit.scratch.path().to_owned())?;
    Ok(Grader::new(kit, catalogue).confined_to(confinement))
}

/// The attempts of the students that were graded before, and which of them counts.
fn chosen(rules: &Rules, before: &Class, attempts: &[Attempt]) -> Vec<Entered> {
    let known: BTreeSet<&str> = before.results.iter().map(|it| it.id.as_str()).collect();
    let same = attempts
        .iter()
        .filter(|one| known.contains(one.student.0.as_str()));
    rules.enter(&same.cloned().collect::<Vec<_>>())
}

fn say(event: Event<'_>) {
    match event {
        Event::Read { to_grade, .. } => eprintln!("{to_grade} sources are graded again"),
        Event::NotGraded(student, ..) => eprintln!("not graded: {}", terminal::line(&student.0)),
        Event::Known(_) | Event::Refused(..) | Event::Graded(..) => {}
    }
}

/// Who moved, and why.
fn told(before: &Class, after: &Class, all: &[Moved]) -> String {
    let mut lines = Vec::new();
    let there: BTreeSet<&str> = after.results.iter().map(|it| it.id.as_str()).collect();
    for gone in before
        .results
        .iter()
        .filter(|it| !there.contains(it.id.as_str()))
    {
        lines.push(format!(
            "{}: not graded again, the hand-in is not there any more",
            gone.id
        ));
    }
    for one in all {
        lines.push(format!("{}: {}", one.student, reason(one)));
        lines.extend(one.runs.iter().take(RUNS_SHOWN).map(run_told));
        let more = one.runs.len().saturating_sub(RUNS_SHOWN);
        if more > 0 {
            lines.push(format!("  … and {more} more runs"));
        }
    }
    let unsteady = all.iter().filter(|one| one.why == Why::Unsteady).count();
    let points = all.iter().filter(|one| one.has_other_points()).count();
    let (compared, runs) = (after.results.len(), all.len() - points);
    lines.push(format!(
        "{compared} compared: {points} with other points, {runs} with the same points for other runs"
    ));
    if unsteady > 0 {
        lines.push(format!(
            "WARNING: {unsteady} came to something else although nothing has changed: no grade \
             can stand on that\nhelp: look for chance in the hand-in, and for a busy machine \
             where it is a time limit; grade these again with `--jobs 1`"
        ));
    }
    let lines: Vec<String> = lines.iter().map(|line| terminal::report(line)).collect();
    lines.join("\n") + "\n"
}

fn reason(one: &Moved) -> String {
    let points = |points: Option<Cents>| points.map_or("none".to_owned(), |it| it.to_string());
    let why = match &one.why {
        Why::OtherSource => "something else is handed in".to_owned(),
        Why::NotGraded => "it was not graded, or is not, for a fault of ours".to_owned(),
        Why::Conditions(differs) => format!("other {}", differs.join(", other ")),
        Why::Unsteady => "NOTHING HAS CHANGED: the result is one of chance".to_owned(),
    };
    format!(
        "{} → {} points: {why}",
        points(one.before),
        points(one.after)
    )
}

fn run_told(run: &Changed) -> String {
    let Changed {
        lab,
        part,
        trace,
        before,
        after,
    } = run;
    let end =
        |end: &Option<verdict::end::End>| end.map_or("not there".to_owned(), |it| it.to_string());
    format!(
        "  lab {lab}, {part}, {trace}: {} → {}",
        end(before),
        end(after)
    )
}

fn bad_input(error: impl std::error::Error + 'static) -> Trouble {
    Trouble::BadInput(Box::new(error))
}

fn our_fault(error: impl std::error::Error + 'static) -> Trouble {
    Trouble::OurFault(Box::new(error))
}
