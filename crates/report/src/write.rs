//! All of it into a folder.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use grader::feedback::{Shown, ShownSubmission};
use grader::intake::ids::file_names;

use crate::account;
use crate::class::Page;
use crate::options::{Comparison, Names, Options};
use crate::spread::Spread;
use crate::student::About;
use crate::{markdown, student};

/// The folder of the students' pages, beside `report.html`, which leads to them.
pub const STUDENTS: &str = "students";

/// Writes `report.html`, and `students/ID.html` and `students/ID.md` for each submission.
///
/// # Errors
///
/// If the class cannot be read, or a file cannot be written.
pub fn write(class: &impl Shown, options: &Options<'_>, folder: &Path) -> io::Result<()> {
    let mut pages = Pages::begin(class, options, folder)?;
    class.each(|shown| pages.add(shown))?;
    pages.end()
}

/// The pages of a class, while one submission comes after the other: each student's is
/// written at once, and the class's in the end.
pub struct Pages<'a> {
    options: &'a Options<'a>,
    names: Names<'a>,
    median: Option<f64>,
    folder: PathBuf,
    /// What the files of those are called that are still to come.
    files: std::vec::IntoIter<String>,
    class: Page,
}

impl<'a> Pages<'a> {
    /// Begins the pages of this class, whose submissions come in its order.
    ///
    /// # Errors
    ///
    /// If the class cannot be read, or there is no folder for its students.
    pub fn begin(class: &impl Shown, options: &'a Options<'a>, folder: &Path) -> io::Result<Self> {
        fs::create_dir_all(folder.join(STUDENTS))?;
        let ids = class.ids()?;
        Ok(Self {
            options,
            names: Names::of(options.roster),
            median: match options.comparison {
                Comparison::Nothing => None,
                Comparison::Median => median(class)?,
            },
            folder: folder.to_owned(),
            files: file_names(ids.iter().map(String::as_str)).into_iter(),
            class: Page::default(),
        })
    }

    /// Writes the page of the next submission.
    ///
    /// # Errors
    ///
    /// If it cannot be written, or the class has fewer submissions.
    pub fn add(&mut self, shown: ShownSubmission<'_>) -> io::Result<()> {
        self.class.add(shown);
        let about = About {
            course: self.options.course,
            student: self.names.student(&shown.submission().id),
            median: self.median,
        };
        let file = self.files.next();
        let file = file.ok_or_else(|| io::Error::other("a submission more than ids"))?;
        let students = self.folder.join(STUDENTS);
        let page = student::render(shown, &about);
        fs::write(students.join(format!("{file}.html")), page)?;
        let text = markdown::render(shown, &about);
        fs::write(students.join(format!("{file}.md")), text)
    }

    /// Writes the page of the class.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn end(self) -> io::Result<()> {
        let page = self.class.render(self.options);
        fs::write(self.folder.join("report.html"), page)
    }
}

fn median(class: &impl Shown) -> io::Result<Option<f64>> {
    let mut points = Vec::new();
    class.each(|shown| {
        points.extend(account::points(shown.submission()));
        Ok(())
    })?;
    Ok(Spread::of(points).map(|spread| spread.median))
}
