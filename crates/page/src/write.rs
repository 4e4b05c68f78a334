//! All of the page, in order.

use std::io::{self, BufRead, Write};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use film::scene::{Opening, Scene, Violation};
use serde::Serialize;

use crate::buckets::{Buckets, Level};
use crate::chunk::{self, Chunk, Keyframes};
use crate::difference::differences;
use crate::error::Error;
use crate::index::{self, Class, Index};
use crate::reel::Reel;
use crate::shell;

/// What the page knows of all events before it unpacks any.
#[derive(Serialize)]
pub struct Summary {
    /// What the page is about: the name of the trace.
    pub title: String,
    /// The events of the longest run.
    pub events: u64,
    /// Events of a chunk.
    pub chunk: u64,
    /// The first line of each chunk.
    pub lines: Vec<u64>,
    /// The chunks that begin with a state.
    pub keyframes: Vec<u64>,
    /// Classes, by their numbers in the index.
    pub classes: Vec<Class>,
    /// The first event at which the runs differ.
    pub first_difference: Option<u64>,
    /// The runs: one, or two that are compared.
    pub runs: Vec<Run>,
}

/// A run of the trace.
#[derive(Serialize)]
pub struct Run {
    /// Whose it is.
    pub name: String,
    /// Frames of physical memory.
    pub frames: u32,
    /// Swap slots.
    pub swap: u32,
    /// CPUs.
    pub cpus: u8,
    /// Its events.
    pub events: u64,
    /// How it ended, if not with the trace.
    pub stopped: Option<String>,
    /// What the audit found wrong at the end.
    pub violations: Vec<Violation>,
    /// Sums over its events.
    pub buckets: Buckets,
}

/// Writes the page of one film.
///
/// # Errors
///
/// If the film is malformed, or `out` does not take the page.
pub fn write(out: &mut impl Write, title: &str, film: impl BufRead) -> Result<Summary, Error> {
    Studio::of(title, [("this run", Reel::open(film)?)].into()).write(out)
}

/// Writes the page of two films of one trace, side by side.
///
/// # Errors
///
/// If a film is malformed, or `out` does not take the page.
pub fn write_compared<'a>(
    out: &mut impl Write,
    title: &str,
    yours: impl BufRead + 'a,
    expected: impl BufRead + 'a,
) -> Result<Summary, Error> {
    let yours: Box<dyn BufRead + 'a> = Box::new(yours);
    let expected: Box<dyn BufRead + 'a> = Box::new(expected);
    let runs = [
        ("your run", Reel::open(yours)?),
        ("expected", Reel::open(expected)?),
    ];
    Studio::of(title, runs.into()).write(out)
}

/// Films while they are made into a page.
struct Studio<R> {
    reels: Vec<Reel<R>>,
    index: Index,
    keyframes: Keyframes,
    summary: Summary,
}

impl<R: BufRead> Studio<R> {
    fn of(title: &str, films: Vec<(&str, Reel<R>)>) -> Self {
        let runs = films
            .iter()
            .map(|(name, reel)| Run::new(name, reel.opening()));
        let summary = Summary {
            title: title.to_owned(),
            events: 0,
            chunk: chunk::EVENTS,
            lines: Vec::new(),
            keyframes: Vec::new(),
            classes: Vec::new(),
            first_difference: None,
            runs: runs.collect(),
        };
        Self {
            reels: films.into_iter().map(|(_, reel)| reel).collect(),
            index: Index::default(),
            keyframes: Keyframes::default(),
            summary,
        }
    }

    fn write(mut self, out: &mut impl Write) -> Result<Summary, Error> {
        out.write_all(shell::head(&self.summary.title).as_bytes())?;
        while self.write_chunk(out)? {}
        let (flags, classes, names) = self.index.finish()?;
        write_data(out, "flags", |out| {
            out.write_all(STANDARD.encode(flags).as_bytes())
        })?;
        write_data(out, "classes", |out| {
            out.write_all(STANDARD.encode(classes).as_bytes())
        })?;
        self.summary.classes = names;
        for (run, reel) in self.summary.runs.iter_mut().zip(self.reels) {
            run.events = reel.scenes;
            let closing = reel.closing();
            run.stopped = closing.stopped;
            run.violations = closing.violations;
        }
        out.write_all(shell::tail(&self.summary).as_bytes())?;
        out.flush()?;
        Ok(self.summary)
    }

    /// Writes the next chunk; false if no scene is left.
    fn write_chunk(&mut self, out: &mut impl Write) -> Result<bool, Error> {
        let mut scenes = self.next_scenes()?;
        let Some(line) = line_of(&scenes) else {
            return Ok(false);
        };
        let number = self.summary.lines.len();
        let mut chunk = Chunk::of(self.reels.len());
        if self.keyframes.is_due() {
            let states: Vec<_> = self.reels.iter().map(|reel| &reel.state).collect();
            chunk.begin_with(&states)?;
            self.summary.keyframes.push(number as u64);
        }
        while line_of(&scenes).is_some() {
            self.take(&mut chunk, &scenes)?;
            if self.summary.events.is_multiple_of(chunk::EVENTS) {
                break;
            }
            scenes = self.next_scenes()?;
        }
        self.keyframes.pass(&chunk);
        self.summary.lines.push(line);
        write_data(out, &format!("chunk-{number}"), |out| chunk.write(out))?;
        Ok(true)
    }

    fn next_scenes(&mut self) -> Result<Vec<Option<Scene>>, Error> {
        self.reels.iter_mut().map(Reel::scene).collect()
    }

    /// Puts an event into everything that tells of it.
    fn take(&mut self, chunk: &mut Chunk, scenes: &[Option<Scene>]) -> io::Result<()> {
        let event = self.summary.events;
        self.summary.events += 1;
        for (run, scene) in scenes.iter().enumerate() {
            let Some(scene) = scene else { continue };
            chunk.add(run, scene)?;
            let reel = &mut self.reels[run];
            reel.pass(scene);
            let level = Level::of(&reel.state, reel.resident);
            self.summary.runs[run].buckets.add(scene.outcome, level);
        }
        let differs = self.compare(chunk, event, scenes);
        let Some(shown) = scenes.iter().flatten().next() else {
            return Ok(());
        };
        let marks = [
            (!shown.faults.is_empty(), index::FAULT),
            (!shown.violations.is_empty(), index::VIOLATION),
            (differs, index::DIFFERS),
        ];
        let marks = marks.iter().filter(|(set, _)| *set).map(|(_, mark)| mark);
        self.index.add(shown.outcome, marks.sum(), &shown.class)
    }

    /// Whether the runs differ at an event; a run that has ended differs.
    fn compare(&mut self, chunk: &mut Chunk, event: u64, scenes: &[Option<Scene>]) -> bool {
        let differs = match scenes {
            [Some(yours), Some(expected)] => {
                let differences = differences(yours, expected);
                let any = !differences.is_empty();
                if any {
                    chunk.differ(event, differences);
                }
                any
            }
            [_] => false,
            _ => true,
        };
        if differs && self.summary.first_difference.is_none() {
            self.summary.first_difference = Some(event);
        }
        differs
    }
}

impl Run {
    fn new(name: &str, opening: &Opening) -> Self {
        Self {
            name: name.to_owned(),
            frames: opening.frames,
            swap: opening.swap,
            cpus: opening.cpus,
            events: 0,
            stopped: None,
            violations: Vec::new(),
            buckets: Buckets::default(),
        }
    }
}

fn line_of(scenes: &[Option<Scene>]) -> Option<u64> {
    scenes.iter().flatten().next().map(|scene| scene.line)
}

/// An element of packed data, which nothing runs.
fn write_data<W: Write>(
    out: &mut W,
    id: &str,
    data: impl FnOnce(&mut W) -> io::Result<()>,
) -> io::Result<()> {
    write!(
        out,
        "<script type=\"application/octet-stream\" id=\"{id}\">"
    )?;
    data(out)?;
    out.write_all(b"</script>\n")
}
