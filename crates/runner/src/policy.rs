//! Who chooses victims, by name.

use std::rc::Rc;

use policies::Textbook;
use serde::{Deserialize, Serialize};
use vmsim::event::{Config, Event};
use vmsim::handlers::Handlers;
use vmsim::machine::Machine;
use vmsim::replacement::Policy;
use vmtrace::open::open;

/// Who chooses victims instead of the handlers' `choose_victim`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
pub enum Chooser {
    /// The policy in `policy.rs`.
    Own,
    /// First in, first out.
    Fifo,
    /// A page by lot.
    Random,
    /// The least recently used, roughly: aging.
    Aging,
    /// The least recently used, exactly, which no kernel can know.
    Lru,
    /// The best that there is, which knows the future.
    Opt,
}

/// Makes the machine for one run of this trace.
///
/// A trace that is malformed gets a machine all the same: whoever replays it will find
/// the mistake, and say where it is.
pub fn machine(
    chooser: Chooser,
    trace: &[u8],
    handlers: Rc<dyn Handlers>,
    own: Box<dyn Policy>,
) -> impl FnOnce(Config) -> Machine {
    let textbook = match chooser {
        Chooser::Own => None,
        Chooser::Fifo => Some(Textbook::Fifo),
        Chooser::Random => Some(Textbook::Random),
        Chooser::Aging => Some(Textbook::Aging),
        Chooser::Lru => Some(Textbook::Lru),
        Chooser::Opt => Some(Textbook::Opt),
    };
    move |config| {
        let policy = match textbook {
            None => own,
            Some(textbook) => textbook.policy(config, events(trace), Rc::clone(&handlers)),
        };
        Machine::with_policy(config, handlers, policy)
    }
}

/// The events of a trace, up to its first mistake.
fn events(trace: &[u8]) -> impl Iterator<Item = Event> {
    let lines = open(trace).into_iter().flatten();
    lines.map_while(Result::ok).map(|line| line.event)
}
