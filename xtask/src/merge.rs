//! `cargo xtask merge`: one gradebook of those of several machines.

use std::path::{Path, PathBuf};

use ::progress::job::Job;
use course::feedback::Feedback;
use gradebook::book::{Book, FILE};
use gradebook::error::BookError;
use gradebook::merge::{MergeError, Merged, merge};

use crate::exit::{Exit, Trouble};
use crate::grade::{in_book, levels};
use crate::one_student::rules;
use crate::outputs::{self, Mistakes, Wish};
use crate::print::Format;
use crate::progress::{self, Telling};
use crate::workspace;

/// Joins what `grade --shard` has graded on several machines.
///
/// In any order, and as often as you like: what is there already is not there twice. Books
/// that were not graded with the same traces, rules and compiler are refused.
#[derive(clap::Args)]
pub struct Args {
    /// The folders that `grade --out` wrote.
    #[arg(required = true)]
    folders: Vec<PathBuf>,
    /// Where the results go.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// The course (class.toml): which attempt counts, what being late costs. The file that
    /// `grade` was told, unless said.
    #[arg(long, value_name = "FILE")]
    class: Option<PathBuf>,
    /// What to print.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// How much is told of hidden traces, in what is printed and in all files.
    #[arg(long, value_name = "LEVEL", default_value_t, value_parser = levels())]
    feedback: Feedback,
    #[command(flatten)]
    telling: Telling,
}

pub fn run(args: &Args) -> Result<Exit, Trouble> {
    let job = args.telling.start_logged(&workspace::root(), &args.out)?;
    let outcome = join(args, &job);
    progress::ended(job, &outcome);
    outcome
}

fn join(args: &Args, job: &Job) -> Result<Exit, Trouble> {
    let books: Result<Vec<Book>, BookError> = args.folders.iter().map(|it| open(it)).collect();
    let books = books.map_err(in_book)?;
    let mut book = Book::open(&args.out.join(FILE)).map_err(in_book)?;
    let merged = merge(&mut book, &books).map_err(|error| match error {
        MergeError::Book(error) => in_book(error),
        error => Trouble::BadInput(error.into()),
    })?;
    warn(&merged);
    let noted = books.iter().find_map(|it| it.course().transpose());
    let course = noted.transpose().map_err(in_book)?;
    let course = args.class.clone().or(course);
    book.note_course(course.as_deref()).map_err(in_book)?;
    let rules = rules(&book, course.as_deref())?;
    let wish = Wish {
        out: &args.out,
        feedback: args.feedback,
        format: args.format,
        mistakes: Mistakes::Named,
    };
    outputs::all(&mut book, rules, &wish, job, |_| {})?;
    eprintln!(
        "{} students of {} gradebooks\nresults are in {}",
        merged.students,
        books.len(),
        args.out.display()
    );
    Ok(Exit::Done)
}

/// The book in a folder, or this book.
fn open(path: &Path) -> Result<Book, BookError> {
    match path.is_file() {
        true => Book::read_only(path),
        false => Book::read_only(&path.join(FILE)),
    }
}

/// Says what is not there yet: nobody gets a zero for it.
fn warn(merged: &Merged) {
    for path in &merged.unfinished {
        eprintln!(
            "warning: {}: its grader was stopped; what it has not graded is `not graded` here\n\
             help: run the same `cargo xtask grade` again, and merge again",
            path.display()
        );
    }
    if !merged.missing.is_empty() {
        let missing: Vec<String> = merged.missing.iter().map(ToString::to_string).collect();
        eprintln!(
            "warning: parts are missing, and their students with them: {}\nhelp: grade them with \
             `--shard`, and merge again",
            missing.join(", ")
        );
    }
}
