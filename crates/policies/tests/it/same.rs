//! The policies choose as their plain forms do, victim by victim.

use std::cell::RefCell;
use std::rc::Rc;

use policies::Textbook;
use proptest::prelude::*;
use solution::Reference;
use vmsim::addr::Pfn;
use vmsim::event::{Config, Event};
use vmsim::fault::PageFault;
use vmsim::kernel::Kernel;
use vmsim::machine::Machine;
use vmsim::replacement::Policy;
use vmtrace::generate::{GeneratorOptions, generate};

use crate::naive;

/// Which page went at which event, by [`Kernel::came_in`].
type Gone = Rc<RefCell<Vec<(u64, u64)>>>;

struct Noted(Box<dyn Policy>, Gone);

impl Policy for Noted {
    fn victim(&mut self, k: &mut Kernel) -> Option<Pfn> {
        let victim = self.0.victim(k)?;
        self.1.borrow_mut().push((k.now(), k.came_in(victim)));
        Some(victim)
    }

    fn repaired(&mut self, k: &mut Kernel, fault: &PageFault) {
        self.0.repaired(k, fault);
    }
}

fn gone(config: Config, events: &[Event], policy: Box<dyn Policy>) -> Vec<(u64, u64)> {
    let gone = Gone::default();
    let noted = Noted(policy, Rc::clone(&gone));
    let mut machine = Machine::with_policy(config, Rc::new(Reference), Box::new(noted));
    for event in events {
        let _seen = machine.step(event);
    }
    gone.take()
}

/// Checks that the policy chooses as its plain form does, and tells how many victims
/// there were.
fn check(policy: Textbook, config: Config, events: &[Event]) -> usize {
    let plain = gone(config, events, naive::policy(policy, config, events));
    let handlers = Rc::new(Reference);
    let ours = policy.policy(config, events.iter().cloned(), handlers);
    let ours = gone(config, events, ours);
    for (number, (ours, plain)) in ours.iter().zip(&plain).enumerate() {
        assert_eq!(ours, plain, "victim {number} of {}", policy.name());
    }
    assert_eq!(ours.len(), plain.len(), "{}", policy.name());
    plain.len()
}

/// A random trace with everything in it, on a machine of few frames.
fn random(seed: u64, frames: u32, swap: u32) -> (Config, Vec<Event>) {
    let options = GeneratorOptions {
        events: 400,
        cpus: 2,
        ..GeneratorOptions::default()
    };
    let (config, events) = generate(seed, &options);
    let config = Config {
        frames,
        swap,
        ..config
    };
    (config, events)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn random_traces_have_the_same_victims(seed: u64, frames in 4..40_u32, swap in 1..200_u32) {
        let (config, events) = random(seed, frames, swap);
        for policy in [Textbook::Fifo, Textbook::Lru, Textbook::Opt] {
            check(policy, config, &events);
        }
    }
}

#[test]
fn random_traces_have_many_victims() {
    let (config, events) = random(7, 12, 100);
    for policy in [Textbook::Fifo, Textbook::Lru, Textbook::Opt] {
        assert!(check(policy, config, &events) > 50, "{}", policy.name());
    }
}
