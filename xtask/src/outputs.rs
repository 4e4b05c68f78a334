//! What `grade` and `merge` write of a gradebook, and print.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use course::feedback::Feedback;
use gradebook::best;
use gradebook::book::Book;
use gradebook::error::BookError;
use gradebook::rules::Rules;
use gradebook::standings::Standings;
use grader::feedback::ShownClass;
use grader::intake::ids::file_names;
use grader::report::{csv, github, json, junit, text};
use progress::job::Job;
use progress::stage::{Outcome, Stage, Step};
use report::options::{Comparison, Options};

use crate::course_system;
use crate::exit::Trouble;
use crate::grade::{in_book, our_fault};
use crate::mistakes;

/// What to print.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub enum Format {
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
    /// Gradescope's results.json, of one submission: grader/schema/gradescope.schema.json.
    Gradescope,
    /// Classroom 50's result.json, of one submission, with points in hundredths; what it is
    /// of stands in the environment (CLASSROOM, ASSIGNMENT, SUBMISSION_TAG and so on).
    Classroom50,
    /// The text, of one submission, and Autolab's autoresult as its last line.
    Autolab,
}

/// What is wanted of a class.
pub struct Wish<'a> {
    /// Where everything goes.
    pub out: &'a Path,
    /// How much is told of hidden traces.
    pub feedback: Feedback,
    /// What to print.
    pub format: Format,
    /// Whether known mistakes are looked for: not in a part of a class.
    pub mistakes: Mistakes,
}

/// Whether mistakes of the catalogue are looked for in a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mistakes {
    /// They are named in the report.
    Named,
    /// They are not.
    Left,
}

/// Writes and prints the class of a book: all there is to it, for `grade` and for `merge`.
pub fn all(
    book: &mut Book,
    rules: Rules,
    wish: &Wish<'_>,
    job: &Job,
) -> Result<ShownClass, Trouble> {
    let course = rules.class.clone();
    let results = shown(book, rules, wish.feedback).map_err(in_book)?;
    let diagnoses = match wish.mistakes {
        Mistakes::Named => mistakes::named(book, job)?,
        Mistakes::Left => Vec::new(),
    };
    let writing = job.stage(Stage::WRITE, None);
    let wrote = |file: &str| writing.did(Step::untimed(file, Outcome::Done));
    write(&results, wish.out, wrote).map_err(our_fault)?;
    let options = Options {
        course: Some(&*course.course).filter(|course| !course.is_empty()),
        roster: course
            .roster
            .as_ref()
            .map_or(&[], |roster| roster.students()),
        feedback: wish.feedback,
        diagnoses: &diagnoses,
        comparison: Comparison::Nothing,
    };
    report::write::write(&results, &options, wish.out).map_err(our_fault)?;
    wrote("report.html");
    drop(writing);
    print(&results, wish.format).map_err(not_printed)?;
    Ok(results)
}

/// The class of a book, as far as it may be shown, with what each student gets.
fn shown(book: &mut Book, rules: Rules, asked: Feedback) -> Result<ShownClass, BookError> {
    let mut class = ShownClass::empty();
    let Some(sitting) = book.latest_sitting()? else {
        return Ok(class);
    };
    best::choose(book, &sitting, &rules)?;
    book.class(|entry| {
        class.add(&book.result_of(&entry, &sitting.conditions)?, asked);
        Ok::<(), BookError>(())
    })?;
    let standings = Standings::read(book, rules)?;
    Ok(class.with_standings(|shown| standings.of(shown)))
}

/// Writes the table, the whole class, and a file for each submission.
fn write(results: &ShownClass, out: &Path, wrote: impl Fn(&str)) -> io::Result<()> {
    let each = out.join("submissions");
    fs::create_dir_all(&each)?;
    let table = fs::File::create(out.join("grades.csv"))?;
    csv::write(results, table).map_err(io::Error::other)?;
    wrote("grades.csv");
    fs::write(out.join("grades.json"), json::class_file(results)?)?;
    wrote("grades.json");
    // An id is whatever somebody called an archive.
    let shown: Vec<_> = results.submissions().collect();
    let names = file_names(shown.iter().map(|it| it.submission().id.as_str()));
    for (submission, name) in shown.iter().zip(names) {
        let content = json::submission_file(submission)?;
        fs::write(each.join(format!("{name}.json")), content)?;
    }
    wrote("submissions");
    Ok(())
}

/// Prints a class.
fn print(results: &ShownClass, format: Format) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match format {
        Format::Text => write!(out, "{}", text::render(results)),
        Format::Json => write!(out, "{}", json::class(results)?),
        Format::Csv => csv::write(results, out).map_err(io::Error::other),
        Format::Junit => junit::write(results, out),
        Format::Github => {
            write!(out, "{}", github::log(results)?)?;
            match std::env::var_os("GITHUB_STEP_SUMMARY") {
                Some(path) => summarize(results, Path::new(&path)),
                None => Ok(()),
            }
        }
        Format::Gradescope => write!(out, "{}", course_system::gradescope(results)?),
        Format::Classroom50 => write!(out, "{}", course_system::classroom50(results)?),
        Format::Autolab => write!(out, "{}", course_system::autolab(results)?),
    }
}

/// Trouble with printing: what was asked for cannot be told of this class, or we are wrong.
pub fn not_printed(error: io::Error) -> Trouble {
    match error.kind() {
        io::ErrorKind::InvalidInput => Trouble::BadInput(error.into()),
        _ => Trouble::OurFault(error.into()),
    }
}

/// Adds the summary to what the step has written of its own.
fn summarize(results: &ShownClass, path: &Path) -> io::Result<()> {
    let mut file = fs::File::options().append(true).create(true).open(path)?;
    let used = usize::try_from(file.metadata()?.len()).unwrap_or(usize::MAX);
    let room = github::SUMMARY_BYTES_MAX.saturating_sub(used);
    file.write_all(github::summary(results, room).as_bytes())
}
