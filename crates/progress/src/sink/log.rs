//! The run log: for whoever must find out later what happened.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use grader::report::sink::terminal;

use super::{Sink, of_total, on_one_line};
use crate::event::{Ended, Event, StageEnded, StageStarted, Started, StepDone, Told};
use crate::words;

/// What the file is called, beside the results.
pub const NAME: &str = "grade.log";

/// A log that is larger makes room for a new one when a run begins: it is to be sent by mail.
const BYTES_MAX: u64 = 4 << 20;

/// What the log says of itself.
const HEADER: &str = "\
# What was run here, one run after the other: with which arguments, on which machine, how each
# submission ended and how long it took. Each line: time (UTC), run, what. A run without a line
# `ended` was killed, or is under way.
# It names students by their ids, and folders of this computer. It has no source of a student's,
# nothing that their programs printed, and of hidden traces nothing but names. It is written for
# whoever runs the course, and may be attached to a mail to whoever helps with that.
";

/// The log cannot be written.
#[derive(Debug, thiserror::Error)]
#[error("{}: {error}\nhelp: choose another `--out`", path.display())]
pub struct LogError {
    /// The file.
    pub path: PathBuf,
    /// Why.
    pub error: io::Error,
}

/// Appends to a log, a line at a time, so that a kill costs no line before it.
pub struct Log<W> {
    out: W,
    warnings: u64,
}

impl Log<File> {
    /// The log of a folder, which is made if it is not there. A long log is moved to
    /// `grade.log.1`, where the one before it is lost.
    ///
    /// # Errors
    ///
    /// If the file cannot be opened for writing.
    pub fn in_folder(folder: &Path) -> Result<Self, LogError> {
        let path = folder.join(NAME);
        let cannot = |error| LogError {
            path: path.clone(),
            error,
        };
        fs::create_dir_all(folder).map_err(cannot)?;
        if fs::metadata(&path).is_ok_and(|about| about.len() > BYTES_MAX) {
            fs::rename(&path, folder.join(format!("{NAME}.1"))).map_err(cannot)?;
        }
        let mut file = private(&path).map_err(cannot)?;
        if file.metadata().map_err(cannot)?.len() == 0 {
            file.write_all(HEADER.as_bytes()).map_err(cannot)?;
        }
        Ok(Self::to(file))
    }
}

/// Nobody but whoever grades reads it.
fn private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

impl<W: Write + Send> Log<W> {
    /// Lines go there.
    pub fn to(out: W) -> Self {
        Self { out, warnings: 0 }
    }

    fn write(&mut self, told: &Told, text: &str) {
        // One call, so that lines of two runs in one folder do not mix.
        let text = terminal::line(&on_one_line(text));
        let line = format!("{:.0} {} {text}\n", told.at, told.run);
        // A disk that is full now may not be full later.
        let _lost = self.out.write_all(line.as_bytes());
    }

    fn started(&mut self, told: &Told, started: &Started) {
        self.write(told, &format!("started: {}", started.command.join(" ")));
        for (name, value) in &started.machine {
            self.write(told, &format!("machine: {name}: {value}"));
        }
    }

    fn stage_started(&mut self, told: &Told, stage: &StageStarted) {
        let total = stage.total.map(|total| format!(", {total} {}", stage.unit));
        let total = total.unwrap_or_default();
        self.write(told, &format!("{} begins{total}", stage.stage));
    }

    fn step(&mut self, told: &Told, step: &StepDone) {
        let (done, total) = (step.reached.done, step.reached.total);
        let parts: Vec<String> = step
            .known
            .parts
            .iter()
            .map(|(part, took)| format!("{part} {}", words::millis(*took)))
            .collect();
        let parts = match parts.is_empty() {
            true => String::new(),
            false => format!(" ({})", parts.join(", ")),
        };
        let why = step.known.why.as_ref().map(|why| format!(": {why}"));
        let took = step.took_ms.map(words::millis);
        let took = took.map(|took| format!(", {took}")).unwrap_or_default();
        let text = format!(
            "{}: {}: {}: {}{took}{parts}{}",
            step.stage,
            of_total(done, total),
            step.what,
            step.known.outcome,
            why.unwrap_or_default(),
        );
        self.write(told, &text);
    }

    fn stage_ended(&mut self, told: &Told, ended: &StageEnded) {
        let took = words::millis(ended.took_ms);
        let outcomes = match ended.known.is_empty() {
            true => String::new(),
            false => format!(": {}", words::outcomes(&ended.known)),
        };
        let text = format!("{} is over after {took}{outcomes}", ended.stage);
        self.write(told, &text);
    }

    fn ended(&mut self, told: &Told, ended: &Ended) {
        if let Some(error) = &ended.error {
            self.write(told, &format!("error: {error}"));
        }
        let (how, took) = (ended.how.name(), words::millis(ended.took_ms));
        let text = format!("ended: {how}, after {took}, {} warnings", self.warnings);
        self.write(told, &text);
    }
}

impl<W: Write + Send> Sink for Log<W> {
    fn hear(&mut self, told: &Told, _elapsed: Duration) {
        match &told.event {
            Event::Started(started) => self.started(told, started),
            Event::StageStarted(stage) => self.stage_started(told, stage),
            Event::Step(step) => self.step(told, step),
            Event::Reached(_) => {}
            Event::StageEnded(ended) => self.stage_ended(told, ended),
            Event::Warning(warning) => {
                self.warnings += 1;
                self.write(told, &format!("warning: {}", warning.text));
            }
            Event::Ended(ended) => self.ended(told, ended),
        }
    }
}
