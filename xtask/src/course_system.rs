//! What course systems are told that take one submission at a time.

use std::env;
use std::io;

use grader::feedback::{ShownClass, ShownSubmission};
use grader::report::classroom50::{About, NoResult};
use grader::report::gradescope::Wish;
use grader::report::{autolab, classroom50, gradescope};

/// Gradescope's `results.json`.
pub fn gradescope(class: &ShownClass) -> io::Result<String> {
    Ok(gradescope::file(
        only("Gradescope", class)?,
        Wish::default(),
    )?)
}

/// Classroom 50's `result.json`.
pub fn classroom50(class: &ShownClass) -> io::Result<String> {
    let one = only("Classroom 50", class)?;
    classroom50::file(one, &about()?).map_err(|error| match error {
        NoResult::NoTime(_) => bad_input(error),
        NoResult::NotGraded(_) | NoResult::Json(_) => io::Error::other(error),
    })
}

/// The text, and Autolab's last line.
pub fn autolab(class: &ShownClass) -> io::Result<String> {
    only("Autolab", class)?;
    autolab::log(class).map_err(io::Error::other)
}

/// The only submission of a class.
fn only<'a>(system: &str, class: &'a ShownClass) -> io::Result<ShownSubmission<'a>> {
    let mut submissions = class.submissions();
    match (submissions.next(), submissions.count()) {
        (Some(one), 0) => Ok(one),
        (first, more) => Err(bad_input(format!(
            "{system} takes one submission at a time, and here are {}\nhelp: grade one of them, \
             into an --out of its own",
            more + usize::from(first.is_some())
        ))),
    }
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
