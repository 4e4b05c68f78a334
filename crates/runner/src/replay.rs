//! Events into the machine, observations out.

use std::io::{self, BufRead, Write};
use std::num::NonZeroU64;
use std::panic::{self, AssertUnwindSafe};
use std::rc::Rc;

use vmsim::event::Config;
use vmsim::handlers::Handlers;
use vmsim::machine::Machine;
use vmsim::observe;
use vmtrace::Line;
use vmtrace::error::ReadError;
use vmtrace::open::{Trace, open};
use vmtrace::text::print::EventText;

use crate::classes::{self, Counts};
use crate::end::End;
use crate::film::{Filmer, Take};
use crate::json;
use crate::line;
use crate::log::Record;
use crate::plain::{self, Enough, Told};
use crate::steps::Slide;
use crate::totals::{TOTALS_MARK, Totals};

/// Begins a line that tells what the audit found, in the formats that tell classes only.
pub const AUDIT_MARK: &str = "=== audit at ";

/// What is written for each event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// A line with a column for each oracle: what the grader compares.
    Log,
    /// A short line for people.
    Text,
    /// A JSON object.
    Json,
    /// The seven steps of each fault.
    Steps,
    /// The seven steps, and the state of the machine: lines of the form of `crates/film`.
    Film,
    /// A letter, its class (see [`classes`]).
    Classes,
    /// Counts at the end, and nothing before.
    Summary,
}

/// Why a replay stopped before it was told to.
#[derive(Debug)]
pub enum Stopped {
    /// The trace cannot be read.
    Trace(ReadError),
    /// The observations cannot be written.
    Output(io::Error),
}

/// A replay under way.
pub struct Replay<R> {
    trace: Trace<R>,
    machine: Machine,
    format: Format,
    counts: Counts,
    /// Events from one look of the audit to the next, in the formats that tell classes
    /// only.
    audit_every: Option<NonZeroU64>,
    totals: Option<Totals>,
    filmer: Option<Filmer>,
    /// A line of the log in the making.
    text: String,
}

impl<R: BufRead> Replay<R> {
    /// Opens a trace, text or binary, for a fresh machine with these handlers.
    ///
    /// # Errors
    ///
    /// If the start of the trace is malformed.
    pub fn new(trace: R, handlers: Rc<dyn Handlers>, format: Format) -> Result<Self, ReadError> {
        Self::on(trace, |config| Machine::new(config, handlers), format)
    }

    /// Opens a trace for a machine that the caller makes.
    ///
    /// # Errors
    ///
    /// If the start of the trace is malformed.
    pub fn on(
        trace: R,
        machine: impl FnOnce(Config) -> Machine,
        format: Format,
    ) -> Result<Self, ReadError> {
        let trace = open(trace)?;
        let mut machine = machine(*trace.config());
        if format == Format::Steps {
            machine.watch();
        }
        let filmer = (format == Format::Film).then(|| Filmer::of(&mut machine));
        Ok(Self {
            trace,
            machine,
            format,
            counts: Counts::default(),
            audit_every: None,
            totals: None,
            filmer,
            text: String::new(),
        })
    }

    /// Counts all faults as well, and writes a line of [`Totals`] at the end.
    pub fn with_totals(mut self) -> Self {
        self.totals = Some(Totals::default());
        self
    }

    /// In the formats that tell classes only, lets the audit look at one event in so
    /// many; without this, it looks at the machine at the end only. In the other formats
    /// it looks at each event.
    pub fn with_audit(mut self, every: NonZeroU64) -> Self {
        self.audit_every = Some(every);
        self
    }

    /// Replays the trace to its end, or to a livelock.
    ///
    /// # Errors
    ///
    /// If the trace is malformed, or `out` does not take the observations.
    ///
    /// # Panics
    ///
    /// With what the handlers panic with; see [`Machine::step`].
    pub fn run(&mut self, out: &mut impl Write) -> Result<End, Stopped> {
        if let Some(filmer) = &mut self.filmer {
            filmer
                .open(out, &mut self.machine)
                .map_err(Stopped::Output)?;
        }
        if matches!(self.format, Format::Classes | Format::Summary) {
            return self.run_for_classes(out);
        }
        while let Some(line) = self.trace.next() {
            let line = line.map_err(Stopped::Trace)?;
            let seen = match self.format {
                Format::Film | Format::Steps => self.step_watched(out, &line),
                _ => self.machine.step(&line.event),
            };
            if let Some(totals) = &mut self.totals {
                totals.count(&line.event, &seen.faults, &self.machine, self.trace.names());
            }
            self.write(out, &line, &seen).map_err(Stopped::Output)?;
            if seen.end == observe::End::Livelock {
                return Ok(End::Livelock { line: line.number });
            }
        }
        self.write_end(out).map_err(Stopped::Output)?;
        Ok(End::Finished)
    }

    /// The same for the formats that need no observation of each event. No event is moved
    /// here: that would take longer than most of them.
    fn run_for_classes(&mut self, out: &mut impl Write) -> Result<End, Stopped> {
        loop {
            if self.totals.is_none()
                && let Some(line) = self.run_plain(out)?
            {
                return Ok(End::Livelock { line });
            }
            let next = self.trace.next();
            let Some(Ok(line)) = &next else {
                next.transpose().map_err(Stopped::Trace)?;
                break;
            };
            self.run_one(out, line).map_err(Stopped::Output)?;
            if self.machine.outcome().end == observe::End::Livelock {
                return Ok(End::Livelock { line: line.number });
            }
        }
        self.write_end(out).map_err(Stopped::Output)?;
        Ok(End::Finished)
    }

    /// Lets the plain accesses that come next happen; returns the line of one that is caught
    /// in a loop.
    fn run_plain(&mut self, out: &mut impl Write) -> Result<Option<u64>, Stopped> {
        let told = match (self.format, self.audit_every) {
            (Format::Summary, None) => self.count_plain(),
            _ => self.tell_plain(out),
        };
        match told.map_err(Stopped::Trace)? {
            Ok(()) => Ok(None),
            Err(Enough::Livelock(line)) => Ok(Some(line)),
            Err(Enough::Unwritten(error)) => Err(Stopped::Output(error)),
        }
    }

    /// A loop for each form of a trace, and each with the machine in it.
    fn count_plain(&mut self) -> Result<Result<(), Enough>, ReadError> {
        let (machine, counts) = (&mut self.machine, &mut self.counts);
        match &mut self.trace {
            Trace::Text(parser) => parser.plain(|lines| plain::count(machine, counts, lines)),
            Trace::Binary(decoder) => decoder.plain(|words| plain::count(machine, counts, words)),
        }
    }

    /// The same if letters are written, or the machine is audited on the way.
    fn tell_plain(&mut self, out: &mut impl Write) -> Result<Result<(), Enough>, ReadError> {
        let mut told = Told {
            machine: &mut self.machine,
            counts: &mut self.counts,
            out,
            letters: self.format == Format::Classes,
            audit_every: self.audit_every,
            due: self.audit_every.map_or(u64::MAX, |_| 0),
        };
        match &mut self.trace {
            Trace::Text(parser) => parser.plain(|lines| told.take(lines)),
            Trace::Binary(decoder) => decoder.plain(|words| told.take(words)),
        }
    }

    /// Lets an event happen, and tells its class.
    #[inline]
    fn run_one(&mut self, out: &mut impl Write, line: &Line) -> io::Result<()> {
        match self.audit_every {
            Some(every) if line.number.is_multiple_of(every.get()) => {
                plain::audit(out, &mut self.machine, line.number, &line.event)?;
            }
            _ => drop(self.machine.run(&line.event)),
        }
        let outcome = self.machine.outcome();
        if let Some(totals) = &mut self.totals {
            let faults = &outcome.faults;
            totals.count(&line.event, faults, &self.machine, self.trace.names());
        }
        self.counts.count(line.event.op.is_access(), outcome);
        match self.format {
            Format::Classes => {
                let is_access = line.event.op.is_access();
                classes::write(out, self.machine.events(), is_access, outcome)
            }
            _ => Ok(()),
        }
    }

    /// Lets an event happen. If a handler panics, whoever watches still gets the event, as
    /// far as it came, and the panic goes on.
    fn step_watched(&mut self, out: &mut impl Write, line: &Line) -> observe::Observation {
        let stepped = panic::catch_unwind(AssertUnwindSafe(|| self.machine.step(&line.event)));
        stepped.unwrap_or_else(|payload| {
            let names = self.trace.names();
            let event = &line.event;
            let text = EventText { event, names }.to_string();
            // Whoever cannot be told of the event is not told of the end either.
            let _untold = match &mut self.filmer {
                Some(filmer) => filmer.stop(out, &mut self.machine, Take { line, text, names }),
                None => {
                    let machine = &self.machine;
                    Slide { machine, names }.write_stopped(out, line, &text)
                }
            };
            panic::resume_unwind(payload)
        })
    }

    fn write(
        &mut self,
        out: &mut impl Write,
        line: &Line,
        seen: &observe::Observation,
    ) -> io::Result<()> {
        let names = self.trace.names();
        let text = EventText {
            event: &line.event,
            names,
        };
        match self.format {
            Format::Log => {
                // In one piece: the channel counts lines, and looks at whatever it gets.
                self.text.clear();
                line::write(&mut self.text, line.number, text, seen).map_err(io::Error::other)?;
                out.write_all(self.text.as_bytes())
            }
            Format::Text => writeln!(out, "{}", short_line(line.number, &text.to_string(), seen)),
            Format::Json => json::write(out, line, &text.to_string(), seen),
            Format::Steps => {
                let slide = Slide {
                    machine: &self.machine,
                    names,
                };
                slide.write(out, line, &text.to_string(), seen)
            }
            Format::Film => match &mut self.filmer {
                Some(filmer) => {
                    let text = text.to_string();
                    filmer.write(out, &mut self.machine, Take { line, text, names }, seen)
                }
                None => Ok(()),
            },
            Format::Classes | Format::Summary => unreachable!("they need no observation"),
        }
    }

    fn write_end(&mut self, out: &mut impl Write) -> io::Result<()> {
        match self.format {
            Format::Log => writeln!(out, "{}", end_record(&self.machine, self.trace.names())),
            Format::Classes => classes::write_end(out, self.machine.events()),
            Format::Summary => self.counts.write(out, &self.machine),
            Format::Film => match &self.filmer {
                Some(filmer) => filmer.close(out, &self.machine),
                None => Ok(()),
            },
            Format::Text | Format::Json | Format::Steps => Ok(()),
        }?;
        if matches!(self.format, Format::Classes | Format::Summary) {
            for violation in self.machine.audit() {
                writeln!(out, "{AUDIT_MARK}the end: {violation}")?;
            }
        }
        match &self.totals {
            Some(totals) => writeln!(out, "{TOTALS_MARK}{}", serde_json::to_string(totals)?),
            None => Ok(()),
        }
    }
}

fn short_line(line: u64, text: &str, seen: &observe::Observation) -> String {
    let mut parts = vec![seen.class()];
    if let Some(value) = seen.value {
        parts.push(format!("= {value}"));
    }
    if let observe::End::Signalled(signal, delivery) = seen.end {
        parts.push(format!(
            "({})",
            crate::log::signal_in_words(signal, delivery)
        ));
    }
    parts.extend(
        seen.violations
            .iter()
            .map(|violation| format!("!! {violation}")),
    );
    parts.retain(|part| !part.is_empty());
    format!("{line:>4}  {text:<44}  {}", parts.join("  "))
        .trim_end()
        .to_owned()
}

/// The record of the end: totals, files, and the audit of the whole machine.
fn end_record(machine: &Machine, names: &vmtrace::names::Names) -> Record {
    let faults = machine.processes().map(|(pid, process)| {
        let (minor, major) = (process.minor_faults, process.major_faults);
        format!("process {pid}: {minor} minor {major} major")
    });
    let files = machine.files().filter_map(|file| {
        let changed = machine.changed_bytes(file);
        let first = changed
            .iter()
            .take(8)
            .map(|(at, byte)| format!(" {at:#x}={byte}"));
        let name = names.get(file).unwrap_or("file");
        (!changed.is_empty()).then(|| {
            format!(
                "{name}: {} bytes{}",
                changed.len(),
                first.collect::<String>()
            )
        })
    });
    let audit = machine.audit();
    let of_kind = |kind| {
        let first = audit.iter().find(|violation| violation.kind == kind);
        first.map(ToString::to_string).unwrap_or_default()
    };
    let (frames, slots) = machine.in_use();
    Record {
        line: 0,
        event: "of the trace".to_owned(),
        columns: [
            faults.collect::<Vec<_>>().join(", "),
            files.collect::<Vec<_>>().join("; "),
            String::new(),
            format!("frames={frames} slots={slots}"),
            of_kind(observe::ViolationKind::Invariant),
            of_kind(observe::ViolationKind::StaleTlb),
            String::new(),
        ],
    }
}
