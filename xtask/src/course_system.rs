//! What course systems are told that take one submission at a time.

use std::env;
use std::io::{self, Write};

use grader::feedback::{Shown, ShownSubmission};
use grader::report::autolab::{self, NoAutoresult};
use grader::report::classroom50::{About, NoResult};
use grader::report::gradescope::Wish;
use grader::report::{classroom50, gradescope};

/// Gradescope's `results.json`.
pub fn gradescope(class: &impl Shown) -> io::Result<String> {
    is_one("Gradescope", class)?;
    of_one(class, |one| Ok(gradescope::file(one, Wish::default())?))
}

/// Classroom 50's `result.json`.
pub fn classroom50(class: &impl Shown) -> io::Result<String> {
    is_one("Classroom 50", class)?;
    let about = about()?;
    of_one(class, |one| {
        classroom50::file(one, &about).map_err(|error| match error {
            NoResult::NoTime(_) => bad_input(error),
            NoResult::NotGraded(_) | NoResult::Json(_) => io::Error::other(error),
        })
    })
}

/// The text, and Autolab's last line.
pub fn autolab(class: &impl Shown, out: &mut impl Write) -> io::Result<()> {
    is_one("Autolab", class)?;
    autolab::write(class, out).map_err(|error| match error {
        NoAutoresult::Io(error) => error,
        error => io::Error::other(error),
    })
}

fn is_one(system: &str, class: &impl Shown) -> io::Result<()> {
    match class.ids()?.len() {
        1 => Ok(()),
        count => Err(bad_input(format!(
            "{system} takes one submission at a time, and here are {count}\nhelp: grade one of \
             them, into an --out of its own"
        ))),
    }
}

/// The file of the only submission of a class.
fn of_one(
    class: &impl Shown,
    file: impl Fn(ShownSubmission<'_>) -> io::Result<String>,
) -> io::Result<String> {
    let mut text = String::new();
    class.each(|one| {
        text = file(one)?;
        Ok(())
    })?;
    Ok(text)
}

/// What Classroom 50 says in the environment of an autograder.
fn about() -> io::Result<About> {
    let said = |name: &str| env::var(name).ok().filter(|text| !text.is_empty());
    let must = |name: &str| {
        let missing = || {
            bad_input(format!(
                "{name} is not set\nhelp: Classroom 50 sets it where it starts an autograder"
            ))
        };
        said(name).ok_or_else(missing)
    };
    let commit = must("COMMIT_URL")?;
    Ok(About {
        classroom: must("CLASSROOM")?,
        assignment: must("ASSIGNMENT")?,
        assignment_type: said("ASSIGNMENT_TYPE").unwrap_or_else(|| "individual".to_owned()),
        owner: said("OWNER").map_or_else(|| must("USERNAME"), Ok)?,
        submission: must("SUBMISSION_TAG")?,
        release: must("RELEASE_URL")?,
        review: said("REVIEW_URL").unwrap_or_else(|| commit.clone()),
        commit,
    })
}

fn bad_input(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, error)
}
