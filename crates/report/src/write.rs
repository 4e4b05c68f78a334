//! All of it into a folder.

use std::fs;
use std::io;
use std::path::Path;

use grader::feedback::ShownClass;
use grader::intake::ids::file_names;

use crate::account;
use crate::options::{Comparison, Names, Options};
use crate::spread::Spread;
use crate::student::About;
use crate::{class, markdown, student};

/// The folder of the students' pages, beside `report.html`, which leads to them.
pub const STUDENTS: &str = "students";

/// Writes `report.html`, and `students/ID.html` and `students/ID.md` for each submission.
///
/// # Errors
///
/// If a file cannot be written.
pub fn write(shown: &ShownClass, options: &Options<'_>, folder: &Path) -> io::Result<()> {
    let students = folder.join(STUDENTS);
    fs::create_dir_all(&students)?;
    fs::write(folder.join("report.html"), class::render(shown, options))?;
    let names = Names::of(options.roster);
    let median = match options.comparison {
        Comparison::Nothing => None,
        Comparison::Median => {
            let points = shown.class().submissions.iter().filter_map(account::points);
            Spread::of(points.collect()).map(|spread| spread.median)
        }
    };
    let ids = shown.class().submissions.iter().map(|it| it.id.as_str());
    for (submission, file) in shown.submissions().zip(file_names(ids)) {
        let about = About {
            course: options.course,
            student: names.student(&submission.submission().id),
            median,
        };
        let page = student::render(submission, &about);
        fs::write(students.join(format!("{file}.html")), page)?;
        let text = markdown::render(submission, &about);
        fs::write(students.join(format!("{file}.md")), text)?;
    }
    Ok(())
}
