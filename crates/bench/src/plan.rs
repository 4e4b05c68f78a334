//! A plan: a machine, what happens before, and what is measured.

use std::rc::Rc;

use solution::Reference;
use vmsim::event::{Config, Event};
use vmsim::machine::Machine;
use vmsim::observe::Observation;

/// Events to measure on a machine, and how it gets there.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// The machine.
    pub config: Config,
    /// What happens before: not measured.
    pub before: Vec<Event>,
    /// What is measured.
    pub measured: Vec<Event>,
}

/// What is looked at after an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// The class alone, as when millions of events are replayed.
    Class,
    /// All that the log tells, the audit of what the event touched included.
    All,
}

/// Lets an event happen as a replay does: the one place that says how.
#[inline]
pub fn step(machine: &mut Machine, event: &Event, look: Look) {
    match look {
        Look::Class => {
            std::hint::black_box(machine.run(event));
        }
        Look::All => {
            std::hint::black_box(machine.step(event));
        }
    }
}

impl Plan {
    /// The machine as the measured events find it.
    pub fn machine(&self) -> Machine {
        let mut machine = Machine::new(self.config, Rc::new(Reference));
        for event in &self.before {
            step(&mut machine, event, Look::Class);
        }
        machine
    }

    /// Lets the measured events happen.
    pub fn run(&self, machine: &mut Machine, look: Look) {
        for event in &self.measured {
            step(machine, event, look);
        }
    }

    /// What comes of the measured events: for who asks whether they are what they are
    /// said to be.
    pub fn observations(&self) -> Vec<Observation> {
        let mut machine = self.machine();
        let measured = self.measured.iter();
        measured.map(|event| machine.step(event)).collect()
    }
}
