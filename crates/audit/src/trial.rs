//! One wrong kernel on one trace, judged as a submission is.

use std::fmt;
use std::rc::Rc;

use grader::launch;
use mutants::Mutant;
use runner::log::{Oracle, Record};
use solution::Reference;
use verdict::compare::{Difference, first_difference};
use verdict::end::End;
use verdict::judge::{Verdict, judge};
use verdict::run::Run;
use vmsim::handlers::{Graft, Hole};
use vmsim::machine::Machine;
use vmtrace::error::ReadError;

/// How a trace exposed a wrong kernel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exposure {
    /// How the run ended.
    pub end: End,
    /// What gave the kernel away.
    pub by: Witness,
    /// The oracle that saw the first difference; none if the run just stopped.
    pub oracle: Option<Oracle>,
    /// The line of the trace that shows it; 0 for its end.
    pub line: u64,
    /// The event in that line.
    pub event: String,
    /// What the key has there.
    pub expected: String,
    /// What the kernel did.
    pub got: String,
    /// What there is to say of the end.
    pub message: String,
}

/// What gives a wrong kernel away: an oracle that differs, or the end of the run
/// before one did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Witness {
    /// An oracle.
    Oracle(Oracle),
    /// It did what no kernel may do.
    KernelBug,
    /// The same access faulted again and again.
    Livelock,
    /// It panicked.
    Panic,
}

impl Witness {
    /// All of them, in the order of tables.
    pub const ALL: [Witness; 10] = [
        Witness::Oracle(Oracle::Class),
        Witness::Oracle(Oracle::Value),
        Witness::Oracle(Oracle::Signal),
        Witness::Oracle(Oracle::State),
        Witness::Oracle(Oracle::Invariants),
        Witness::Oracle(Oracle::Tlb),
        Witness::Oracle(Oracle::Cost),
        Witness::KernelBug,
        Witness::Livelock,
        Witness::Panic,
    ];

    /// Its letter: an oracle's own, or that of the end.
    pub fn letter(self) -> char {
        match self {
            Witness::Oracle(oracle) => oracle.letter(),
            Witness::KernelBug => 'B',
            Witness::Livelock => 'L',
            Witness::Panic => 'P',
        }
    }

    /// What it is, in words.
    pub fn describe(self) -> &'static str {
        match self {
            Witness::Oracle(oracle) => oracle.describe(),
            Witness::KernelBug => "a kernel bug",
            Witness::Livelock => "a livelock",
            Witness::Panic => "a panic",
        }
    }
}

impl fmt::Display for Witness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.letter())
    }
}

/// Tries a mutant on a trace, with its methods for these holes and the reference's
/// for all others. None if the trace shows no difference.
///
/// # Errors
///
/// If the trace is malformed.
pub fn expose(
    mutant: &Mutant,
    holes: &[Hole],
    trace: &[u8],
    key: &[Record],
) -> Result<Option<Exposure>, ReadError> {
    let graft = Graft {
        holes: holes.to_vec(),
        scion: mutant.handlers(),
        stock: Rc::new(Reference),
    };
    let run = launch::contained(trace, |config| Machine::new(config, Rc::new(graft)))?;
    let Verdict { end, difference } = judge(&run, key);
    Ok((end != End::Passed).then(|| exposure(end, difference, &run, key)))
}

/// The key of a trace that has none yet: what the reference does, but for needless
/// flushes, which nobody was asked to spare.
///
/// # Errors
///
/// If the trace is malformed.
pub fn key_of(trace: &[u8]) -> Result<Vec<Record>, ReadError> {
    let run = runner::contained::run(trace, |config| Machine::new(config, Rc::new(Reference)))?;
    let records = run.records.into_iter();
    Ok(records.map(Record::without_flushes).collect())
}

fn exposure(end: End, difference: Option<Difference>, run: &Run, key: &[Record]) -> Exposure {
    let oracle = difference.as_ref().map(|difference| difference.oracle);
    // Where a run was stopped is a difference, too, but no oracle saw it.
    let seen = first_difference(key, &run.records).map(|difference| difference.oracle);
    let by = match (seen, run.end) {
        (Some(oracle), _) => Witness::Oracle(oracle),
        (None, End::Livelock) => Witness::Livelock,
        (None, End::Failed) => Witness::KernelBug,
        (None, _) => Witness::Panic,
    };
    let (line, event, expected, got) = difference.map_or_else(Default::default, |difference| {
        let Difference {
            line,
            event,
            expected,
            got,
            ..
        } = difference;
        (line, event, expected, got)
    });
    Exposure {
        end,
        by,
        oracle,
        line,
        event,
        expected,
        got,
        message: run.message.clone(),
    }
}
