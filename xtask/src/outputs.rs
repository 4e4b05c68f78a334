//! What `grade` and `merge` write of a gradebook, and print.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use course::feedback::Feedback;
use gradebook::book::Book;
use gradebook::error::BookError;
use grader::feedback::ShownClass;
use grader::intake::ids::file_names;
use grader::report;

use crate::exit::Trouble;
use crate::grade::{in_book, our_fault};

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
}

/// Writes and prints the class of a book: all there is to it, for `grade` and for `merge`.
pub fn all(
    book: &Book,
    out: &Path,
    asked: Feedback,
    format: Format,
) -> Result<ShownClass, Trouble> {
    let results = shown(book, asked).map_err(in_book)?;
    write(&results, out).map_err(our_fault)?;
    print(&results, format).map_err(our_fault)?;
    Ok(results)
}

/// The class of a book, as far as it may be shown.
fn shown(book: &Book, asked: Feedback) -> Result<ShownClass, BookError> {
    let mut class = ShownClass::empty();
    let Some(sitting) = book.latest_sitting()? else {
        return Ok(class);
    };
    book.class(|entry| {
        class.add(&book.result_of(&entry, &sitting.conditions)?, asked);
        Ok::<(), BookError>(())
    })?;
    Ok(class)
}

/// Writes the table, the whole class, and a file for each submission.
fn write(results: &ShownClass, out: &Path) -> io::Result<()> {
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

/// Prints a class.
fn print(results: &ShownClass, format: Format) -> io::Result<()> {
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
