//! One wrong kernel on one trace, judged as a submission is.

use std::rc::Rc;

use grader::end::End;
use grader::judge::{Verdict, judge};
use grader::launch;
use mutants::Mutant;
use runner::log::{Oracle, Record};
use solution::Reference;
use vmsim::handlers::{Graft, Hole};
use vmsim::machine::Machine;
use vmtrace::error::ReadError;

/// How a trace exposed a wrong kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exposure {
    /// How the run ended.
    pub end: End,
    /// The oracle that saw the first difference; none if the run just stopped.
    pub oracle: Option<Oracle>,
    /// The line of the trace that shows it.
    pub line: u64,
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
    Ok((end != End::Passed).then(|| Exposure {
        end,
        oracle: difference.as_ref().map(|difference| difference.oracle),
        line: difference.map_or(0, |difference| difference.line),
    }))
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
