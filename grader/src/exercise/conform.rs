//! Whether a student's trace says what Linux does, so that a kernel that does
//! something else is wrong.
//!
//! What a trace may ask for is limited before anything of it is run: whoever wrote
//! it may have meant to keep the grader busy. The expected classes are then compared
//! with the reference on the trace's own machine, which does what Linux does; where
//! no run of Linux can tell, because it has memory to spare or runs on one CPU, the
//! rules decide, and so the reference. What no run can tell because it depends on
//! something else than rules is refused by its name (`docs/linux-rules.md`, "What is
//! not compared, and why").

use std::ops::RangeInclusive;
use std::rc::Rc;

use comparable::computer::Computer;
use comparable::exclusion::Exclusion;
use comparable::screen::screen;
use comparable::twin::Twin;
use runner::log::{Oracle, Record};
use solution::Reference;
use verdict::end::End;
use vmsim::addr::PAGE_SIZE;
use vmsim::event::{Config, Event, Op};
use vmsim::machine::Machine;
use vmtrace::Line;
use vmtrace::error::ReadError;
use vmtrace::machine::Key;
use vmtrace::open::open;

use crate::exercise::published::Published;
use crate::launch;

/// Events of a trace.
pub(super) const EVENTS_MAX: usize = 60;

/// Bytes of all ranges of a trace together: a page costs time each time that it is
/// populated, written back or protected.
const BYTES_MAX: u64 = 1 << 20;

/// Forks of a trace: each may copy every entry that there is, and exit gives it up.
const FORKS_MAX: usize = 16;

/// What a trace may say of its machine; CPUs are limited by the language.
const MACHINE: [(Key, &str, RangeInclusive<u64>); 5] = [
    (Key::Frames, "frames", 1..=65_536),
    (Key::Swap, "swap", 0..=65_536),
    (Key::FaultAround, "fault-around", 1..=16),
    (Key::Readahead, "readahead", 0..=16),
    (Key::StackLimit, "stack-limit", 0..=(8 << 20)),
];

/// A trace that says what Linux does.
pub(super) struct Conforming {
    pub name: String,
    pub text: String,
    /// What the reference does.
    pub key: Vec<Record>,
}

/// Checks a trace.
///
/// # Errors
///
/// With file, line and reason if it does not conform.
pub(super) fn conforming(
    name: &str,
    text: &str,
    published: &Published,
) -> Result<Conforming, String> {
    let expectations = Expectations::read(text).map_err(|why| why.in_file(name))?;
    if let Some(copied) = published.with(&expectations.lines) {
        let copied = copied.display();
        return Err(format!(
            "{name}: this is {copied}\nhelp: write traces of your own"
        ));
    }
    expectations
        .check(text)
        .map_err(|why| why.in_file(name))
        .map(|key| Conforming {
            name: name.to_owned(),
            text: text.to_owned(),
            key,
        })
}

/// Why a trace does not conform.
enum Refusal {
    Malformed(ReadError),
    /// The line, and what is wrong with it; line 0 for all of it.
    At(u64, String),
}

impl From<ReadError> for Refusal {
    fn from(error: ReadError) -> Self {
        Refusal::Malformed(error)
    }
}

impl Refusal {
    fn in_file(self, name: &str) -> String {
        match self {
            Refusal::Malformed(error) => error.in_file(name).to_string(),
            Refusal::At(0, why) => format!("{name}: {why}"),
            Refusal::At(line, why) => format!("{name}:{line}: {why}"),
        }
    }
}

/// A trace within the limits, and what it says that becomes of its accesses.
struct Expectations {
    config: Config,
    lines: Vec<Line>,
    /// The noted outcomes, by line.
    outcomes: Vec<(u64, Option<String>)>,
}

impl Expectations {
    fn read(text: &str) -> Result<Self, Refusal> {
        let mut trace = open(text.as_bytes())?;
        let mut read = Self {
            config: *trace.config(),
            lines: Vec::new(),
            outcomes: Vec::new(),
        };
        within_machine(&read.config)?;
        let (mut bytes, mut forks) = (0_u64, 0);
        while let Some(line) = trace.next() {
            let line = line?;
            bytes = bytes.saturating_add(range(&line.event, &read.config));
            forks += usize::from(matches!(line.event.op, Op::Fork { .. }));
            within(read.lines.len() + 1, bytes, forks)
                .map_err(|why| Refusal::At(line.number, why))?;
            let outcome = trace.outcome().map(str::to_owned);
            if outcome.is_none() && line.event.op.is_access() {
                return Err(Refusal::At(line.number, NO_EXPECTATION.to_owned()));
            }
            read.outcomes.push((line.number, outcome));
            read.lines.push(line);
        }
        Ok(read)
    }

    /// What the reference does, if that is what the trace says, and if Linux can tell.
    fn check(self, text: &str) -> Result<Vec<Record>, Refusal> {
        let reference = |config| Machine::new(config, Rc::new(Reference));
        let run = launch::contained(text.as_bytes(), reference)?;
        if run.end != End::Passed {
            return Err(Refusal::At(
                0,
                format!("the reference fails: {}", run.message),
            ));
        }
        for ((line, outcome), record) in self.outcomes.iter().zip(&run.records) {
            let class = record.column(Oracle::Class);
            if class == DEAD {
                return Err(Refusal::At(*line, nobody(record)));
            }
            if let Some(outcome) = outcome.as_ref().filter(|outcome| *outcome != class) {
                return Err(Refusal::At(*line, otherwise(record, outcome)));
            }
        }
        let twin = Twin::new(&self.config, self.lines, &Computer::BEST);
        let (_, excluded) = screen(twin, &Computer::BEST);
        // Whether a page is executed or read is all the same, if it may be executed.
        let mut untold = excluded
            .iter()
            .filter(|one| one.why != Exclusion::Instruction);
        match untold.next() {
            Some(one) => Err(Refusal::At(one.line, untellable(one.why))),
            None => Ok(run.records),
        }
    }
}

const NO_EXPECTATION: &str = "the access says no class, so it is no test\n\
     help: write what Linux does with it behind the event, as in `# => minor reuse`";

/// The class of what a process does that there is none of.
const DEAD: &str = "no process";

fn nobody(record: &Record) -> String {
    format!(
        "{}: there is no such process by then, so nothing is asked",
        record.event
    )
}

fn otherwise(record: &Record, outcome: &str) -> String {
    let class = match record.column(Oracle::Class) {
        "" => "nothing",
        class => class,
    };
    format!(
        "{}: `{outcome}` is expected, but Linux gives `{class}`",
        record.event
    )
}

fn untellable(why: Exclusion) -> String {
    let number = Exclusion::ALL.iter().position(|&other| other == why);
    let number = number.map_or(0, |at| at + 1);
    format!(
        "no run of Linux can tell: N{number} \"{why}\"\nhelp: docs/linux-rules.md says why; \
         ask the same without it"
    )
}

fn within_machine(config: &Config) -> Result<(), Refusal> {
    for (key, word, allowed) in MACHINE {
        let value = key.get(config);
        if !allowed.contains(&value) {
            let (least, most) = allowed.into_inner();
            let why = format!("`{word}={value}` is not from {least} to {most}");
            return Err(Refusal::At(0, why));
        }
    }
    if ![1, 16].contains(&config.fault_around) {
        let why = "`fault-around` is 1 here, or 16 as Linux has it".to_owned();
        return Err(Refusal::At(0, why));
    }
    Ok(())
}

fn within(events: usize, bytes: u64, forks: usize) -> Result<(), String> {
    if events > EVENTS_MAX {
        return Err(format!("more than {EVENTS_MAX} events"));
    }
    if bytes > BYTES_MAX {
        return Err(format!(
            "more than {} MiB in the ranges of all events together",
            BYTES_MAX >> 20
        ));
    }
    if forks > FORKS_MAX {
        return Err(format!("more than {FORKS_MAX} forks"));
    }
    Ok(())
}

/// The bytes that an event is about, in whole pages.
fn range(event: &Event, config: &Config) -> u64 {
    let len = match event.op {
        Op::File { size: len, .. }
        | Op::Load { len, .. }
        | Op::Mmap { len, .. }
        | Op::Munmap { len, .. }
        | Op::Mprotect { len, .. }
        | Op::Madvise { len, .. }
        | Op::Msync { len, .. } => len,
        Op::Brk { addr, .. } => addr.0.saturating_sub(config.heap.0),
        _ => 0,
    };
    len.div_ceil(PAGE_SIZE).saturating_mul(PAGE_SIZE)
}
