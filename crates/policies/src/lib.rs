//! Replacement policies from textbooks, to compare one's own with.
//!
//! Three that a kernel could have, from worst to best on most programs:
//!
//! - [`random`]: a page by lot
//! - [`fifo`]: first in, first out
//! - [`aging`]: the least recently used, roughly, from the A bits
//!
//! And two that no kernel can have, because they must be told the trace:
//!
//! - [`lru`]: the least recently used, exactly: it needs to know of every hit
//! - [`opt`]: the best that there is: it needs to know the future
//!
//! [`foresight`] is what these two know, from [`uses`], and [`ranking`] what follows for
//! the frames in use. [`resident`] keeps frames in the order in which they came in.
//! Second chance is not here: it is lab 8.

pub mod aging;
pub mod fifo;
pub mod random;
pub mod resident;

pub mod foresight;
pub mod lru;
pub mod opt;
pub mod ranking;
pub mod uses;

use std::rc::Rc;

use vmsim::event::{Config, Event};
use vmsim::handlers::Handlers;
use vmsim::replacement::Policy;

use crate::foresight::Foresight;

/// The policies of this crate, by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Textbook {
    /// [`fifo::Fifo`]
    Fifo,
    /// [`random::Random`]
    Random,
    /// [`aging::Aging`]
    Aging,
    /// [`lru::Lru`]
    Lru,
    /// [`opt::Opt`]
    Opt,
}

impl Textbook {
    /// All of them.
    pub const ALL: [Textbook; 5] = [
        Textbook::Fifo,
        Textbook::Random,
        Textbook::Aging,
        Textbook::Lru,
        Textbook::Opt,
    ];

    /// Its name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Textbook::Fifo => "fifo",
            Textbook::Random => "random",
            Textbook::Aging => "aging",
            Textbook::Lru => "lru",
            Textbook::Opt => "opt",
        }
    }

    /// The policy, for one run of a trace of these events on this machine.
    pub fn policy(
        self,
        config: Config,
        events: impl IntoIterator<Item = Event>,
        handlers: Rc<dyn Handlers>,
    ) -> Box<dyn Policy> {
        let foresight = || Foresight::new(config, events, handlers);
        match self {
            Textbook::Fifo => Box::<fifo::Fifo>::default(),
            Textbook::Random => Box::new(random::Random::new(config.seed)),
            Textbook::Aging => Box::new(aging::Aging::default()),
            Textbook::Lru => Box::new(lru::Lru::new(foresight())),
            Textbook::Opt => Box::new(opt::Opt::new(foresight())),
        }
    }
}
