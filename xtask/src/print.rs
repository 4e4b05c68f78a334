//! What `grade` and `merge` print of a class.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use grader::feedback::Shown;
use grader::report::json::Form;
use grader::report::{csv, github, json, junit, text};

use crate::course_system;

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

/// Prints a class.
pub fn print(class: &impl Shown, format: Format) -> io::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    match format {
        Format::Text => text::write(class, &mut out)?,
        Format::Json => json::write(class, Form::Line, &mut out)?,
        Format::Csv => csv::write(class, &mut out)?,
        Format::Junit => junit::write(class, &mut out)?,
        Format::Github => {
            github::write(class, &mut out)?;
            if let Some(path) = std::env::var_os("GITHUB_STEP_SUMMARY") {
                summarize(class, Path::new(&path))?;
            }
        }
        Format::Gradescope => write!(out, "{}", course_system::gradescope(class)?)?,
        Format::Classroom50 => write!(out, "{}", course_system::classroom50(class)?)?,
        Format::Autolab => course_system::autolab(class, &mut out)?,
    }
    out.flush()
}

/// Adds the summary to what the step has written of its own.
fn summarize(class: &impl Shown, path: &Path) -> io::Result<()> {
    let mut file = fs::File::options().append(true).create(true).open(path)?;
    let used = usize::try_from(file.metadata()?.len()).unwrap_or(usize::MAX);
    let room = github::SUMMARY_BYTES_MAX.saturating_sub(used);
    file.write_all(github::summary(class, room)?.as_bytes())
}
