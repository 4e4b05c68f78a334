//! What `grade` and `merge` write of a gradebook.
//!
//! The class goes by, one submission after the other, and each file takes what it needs: of
//! 2,000 there is no more in memory than of 20, but for a row each.

use std::fs::{self, File};
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

use course::feedback::Feedback;
use gradebook::book::Book;
use gradebook::error::BookError;
use gradebook::rules::Rules;
use gradebook::shown::ShownBook;
use grader::feedback::{Shown, ShownSubmission};
use grader::intake::ids::file_names;
use grader::report::csv;
use grader::report::json::{self, ClassWriter, Form};
use progress::job::Job;
use progress::stage::{Outcome, Stage, Step};
use report::options::{Comparison, Options};
use report::write::Pages;

use crate::exit::Trouble;
use crate::grade::{in_book, our_fault};
use crate::mistakes;
use crate::print::{Format, print};

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

/// Writes and prints the class of a book: all there is to it, for `grade` and for `merge`;
/// and shows each submission to whoever wants more of it.
pub fn all(
    book: &mut Book,
    rules: Rules,
    wish: &Wish<'_>,
    job: &Job,
    mut seen: impl FnMut(ShownSubmission<'_>),
) -> Result<(), Trouble> {
    let course = rules.class.clone();
    let class = ShownBook::read(book, rules, wish.feedback).map_err(in_book)?;
    let diagnoses = match wish.mistakes {
        Mistakes::Named => mistakes::named(class.book(), job)?,
        Mistakes::Left => Vec::new(),
    };
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
    let writing = job.stage(Stage::WRITE, None);
    let mut files = Files::begin(&class, &options, wish.out).map_err(trouble)?;
    let written = class.each(|shown| {
        seen(shown);
        files.add(shown)
    });
    let wrote = |file: &str| writing.did(Step::untimed(file, Outcome::Done));
    written.and_then(|()| files.end(wrote)).map_err(trouble)?;
    drop(writing);
    print(&class, wish.format).map_err(trouble)
}

/// The table, the whole class, a file for each submission, and the pages.
struct Files<'a> {
    out: PathBuf,
    table: csv::Table,
    class: ClassWriter<BufWriter<File>>,
    /// What the files of those are called that are still to come: an id is whatever somebody
    /// called an archive.
    names: std::vec::IntoIter<String>,
    pages: Pages<'a>,
}

/// The folder with a file for each submission.
const SUBMISSIONS: &str = "submissions";

impl<'a> Files<'a> {
    fn begin(class: &impl Shown, options: &'a Options<'a>, out: &Path) -> io::Result<Self> {
        fs::create_dir_all(out.join(SUBMISSIONS))?;
        let file = BufWriter::new(File::create(out.join("grades.json"))?);
        let ids = class.ids()?;
        Ok(Self {
            out: out.to_owned(),
            table: csv::Table::default(),
            class: ClassWriter::begin(file, Form::Pretty)?,
            names: file_names(ids.iter().map(String::as_str)).into_iter(),
            pages: Pages::begin(class, options, out)?,
        })
    }

    fn add(&mut self, shown: ShownSubmission<'_>) -> io::Result<()> {
        self.table.add(shown);
        let result = json::submission_file(&shown)?;
        self.class.add_file(shown, &result)?;
        let name = self.names.next();
        let name = name.ok_or_else(|| io::Error::other("a submission more than ids"))?;
        let file = self.out.join(SUBMISSIONS).join(format!("{name}.json"));
        fs::write(file, result)?;
        self.pages.add(shown)
    }

    fn end(self, wrote: impl Fn(&str)) -> io::Result<()> {
        self.table
            .write(File::create(self.out.join("grades.csv"))?)?;
        wrote("grades.csv");
        self.class.end()?;
        wrote("grades.json");
        wrote(SUBMISSIONS);
        self.pages.end()?;
        wrote("report.html");
        Ok(())
    }
}

/// Trouble with a class that is written or printed: the book's; or what was asked for cannot
/// be told of this class; or ours.
fn trouble(error: io::Error) -> Trouble {
    match error.downcast::<BookError>() {
        Ok(error) => in_book(error),
        Err(error) if error.kind() == io::ErrorKind::InvalidInput => {
            Trouble::BadInput(error.into())
        }
        Err(error) => our_fault(error),
    }
}
