//! Whoever is right passes: correct kernels that do things in other ways.
//!
//! A random trace may ask what no rule decides, as whether a CPU remembers an entry that
//! nobody had to take from it. Where one of the alternative solutions differs from the
//! reference, nobody may lose points, so there the trace is not taken. And
//! whoever guesses does not pass: see [`guesses`].

mod asks_the_accessed_bit;
mod combinators_only;
mod decides_by_table;
mod flushes_everything;
mod takes_all_in_hand_first;
mod takes_the_next_frame;

use std::rc::Rc;

use course::catalogue::Grades;
use grader::launch;
use runner::log::Record;
use solution::Reference;
use verdict::end::End;
use verdict::judge::judge;
use vmsim::handlers::{Graft, Handlers, Hole};
use vmsim::machine::Machine;

/// The alternative solutions, by their folders in `grader/alternatives`.
pub fn alternatives() -> Vec<(&'static str, Rc<dyn Handlers>)> {
    vec![
        (
            "asks-the-accessed-bit",
            Rc::new(asks_the_accessed_bit::AsksTheAccessedBit),
        ),
        (
            "combinators-only",
            Rc::new(combinators_only::CombinatorsOnly),
        ),
        (
            "decides-by-table",
            Rc::new(decides_by_table::DecidesByTable),
        ),
        (
            "flushes-everything",
            Rc::new(flushes_everything::FlushesEverything),
        ),
        (
            "takes-all-in-hand-first",
            Rc::new(takes_all_in_hand_first::TakesAllInHandFirst),
        ),
    ]
}

/// Kernels that are right in this hole by luck.
pub fn guesses(hole: Hole) -> Vec<Rc<dyn Handlers>> {
    match hole {
        Hole::ChooseVictim => vec![Rc::new(takes_the_next_frame::TakesTheNextFrame)],
        _ => Vec::new(),
    }
}

/// Whether a kernel passes a trace with its methods for these holes and the reference's
/// for all others.
pub fn passes(scion: Rc<dyn Handlers>, holes: &[Hole], trace: &[u8], key: &[Record]) -> bool {
    let graft = Graft {
        holes: holes.to_vec(),
        scion,
        stock: Rc::new(Reference),
    };
    let run = launch::contained(trace, |config| Machine::new(config, Rc::new(graft)));
    judge(&run.expect("a valid trace is well-formed"), key).end == End::Passed
}

/// Whether all alternatives pass a trace, in each of these holes by itself and in all of
/// the holes that run together.
pub fn is_fair(
    trace: &[u8],
    (key, grades): (&[Record], Grades),
    holes: &[Hole],
    together: &[Hole],
) -> bool {
    let without;
    let key_together = match grades {
        Grades::Outcome => key,
        Grades::Flushes => {
            without = key
                .iter()
                .cloned()
                .map(Record::without_flushes)
                .collect::<Vec<_>>();
            &without
        }
    };
    alternatives().into_iter().all(|(_, alternative)| {
        let pass = |holes: &[Hole], key| passes(Rc::clone(&alternative), holes, trace, key);
        pass(together, key_together) && holes.iter().all(|&hole| pass(&[hole], key))
    })
}
