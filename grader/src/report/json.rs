//! Results for programs: `grader/schema` has their form.
//!
//! A class is written while its submissions come, one after the other, because all of it
//! together is a gigabyte.

use std::io::{self, Write};

use sandbox::tier::Tier;
use serde::Serialize;

use super::sink::json;
use crate::feedback::{Shown, ShownBoard, ShownClass, ShownSubmission};
use crate::result::{ClassResult, SCHEMA, weakest};

/// How a value is written, and where one stands in a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// On one line, for programs.
    Line,
    /// On many lines, for people.
    Pretty,
}

/// A class that is being written as one object.
#[derive(Debug)]
pub struct ClassWriter<W> {
    out: W,
    form: Form,
    count: usize,
    sandbox: Option<Tier>,
    compiler_sandbox: Option<Tier>,
}

/// Where the submissions of a class without any are.
const NO_SUBMISSIONS: &str = "[]";

impl<W: Write> ClassWriter<W> {
    /// Begins a class.
    ///
    /// # Errors
    ///
    /// If `out` does not take it.
    pub fn begin(out: W, form: Form) -> io::Result<Self> {
        let mut class = Self {
            out,
            form,
            count: 0,
            sandbox: None,
            compiler_sandbox: None,
        };
        let (before, _) = class.frame()?;
        write!(class.out, "{before}[")?;
        Ok(class)
    }

    /// Adds a submission.
    ///
    /// # Errors
    ///
    /// If `out` does not take it.
    pub fn add(&mut self, shown: ShownSubmission<'_>) -> io::Result<()> {
        let text = self.form.text(&shown)?;
        self.add_text(shown, &text)
    }

    /// Adds a submission to a class on many lines, whose file is there already.
    ///
    /// # Errors
    ///
    /// If `out` does not take it.
    pub fn add_file(&mut self, shown: ShownSubmission<'_>, file: &str) -> io::Result<()> {
        self.add_text(shown, file.trim_end())
    }

    fn add_text(&mut self, shown: ShownSubmission<'_>, text: &str) -> io::Result<()> {
        let submission = shown.submission();
        self.sandbox = weakest([self.sandbox, submission.sandbox]);
        self.compiler_sandbox = weakest([self.compiler_sandbox, submission.compiler_sandbox]);
        let comma = if self.count > 0 { "," } else { "" };
        self.count += 1;
        match self.form {
            Form::Line => write!(self.out, "{comma}{text}"),
            // No string has a line break in it: JSON writes it as an escape.
            Form::Pretty => text
                .lines()
                .enumerate()
                .try_for_each(|(index, line)| match index {
                    0 => write!(self.out, "{comma}\n    {line}"),
                    _ => write!(self.out, "\n    {line}"),
                }),
        }
    }

    /// Ends the class.
    ///
    /// # Errors
    ///
    /// If `out` does not take it.
    pub fn end(mut self) -> io::Result<()> {
        let (_, behind) = self.frame()?;
        if self.form == Form::Pretty && self.count > 0 {
            write!(self.out, "\n  ")?;
        }
        writeln!(self.out, "]{behind}")?;
        self.out.flush()
    }

    /// What comes before the submissions, and what comes behind them.
    fn frame(&self) -> io::Result<(String, String)> {
        let text = self.form.text(&ClassResult {
            schema: SCHEMA.to_owned(),
            submissions: Vec::new(),
            sandbox: self.sandbox,
            compiler_sandbox: self.compiler_sandbox,
        })?;
        let parts = text.split_once(NO_SUBMISSIONS);
        let (before, behind) = parts.ok_or_else(|| io::Error::other("a class has a list"))?;
        Ok((before.to_owned(), behind.to_owned()))
    }
}

impl Form {
    /// A value, without a line break at its end.
    fn text(self, value: &impl Serialize) -> serde_json::Result<String> {
        let mut text = match self {
            Self::Line => json::line(value)?,
            Self::Pretty => json::pretty(value)?,
        };
        text.truncate(text.trim_end().len());
        Ok(text)
    }
}

/// Writes a class as one object.
///
/// # Errors
///
/// If the class cannot be read, or `out` does not take it.
pub fn write(class: &impl Shown, form: Form, out: impl Write) -> io::Result<()> {
    let mut writer = ClassWriter::begin(out, form)?;
    class.each(|shown| writer.add(shown))?;
    writer.end()
}

/// A class in memory as one object on one line.
///
/// # Errors
///
/// If it cannot be written as JSON.
pub fn class(class: &ShownClass) -> io::Result<String> {
    Ok(json::line(class)?)
}

/// A class in memory as a file that people may look at.
///
/// # Errors
///
/// If it cannot be written as JSON.
pub fn class_file(class: &ShownClass) -> io::Result<String> {
    Ok(json::pretty(class)?)
}

/// A submission as a file that its student may get: nothing of another's is in it.
///
/// # Errors
///
/// If it cannot be written as JSON.
pub fn submission_file(submission: &ShownSubmission<'_>) -> serde_json::Result<String> {
    json::pretty(submission)
}

/// A leaderboard as one object on one line.
///
/// # Errors
///
/// If it cannot be written as JSON.
pub fn leaderboard(board: &ShownBoard) -> serde_json::Result<String> {
    json::line(board)
}
