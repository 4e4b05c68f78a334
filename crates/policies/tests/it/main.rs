//! Tests of the policies: reference strings in, faults out.

mod best;
mod naive;
mod same;
mod textbook;

use std::cell::RefCell;
use std::rc::Rc;

use policies::Textbook;
use solution::Reference;
use vmsim::addr::Pfn;
use vmsim::event::{Config, Event};
use vmsim::kernel::Kernel;
use vmsim::machine::Machine;
use vmsim::observe::End;
use vmsim::replacement::Policy;
use vmtrace::text::parser::Parser;

/// The machine and the events of a trace.
fn parse(trace: &str) -> (Config, Vec<Event>) {
    let parser = Parser::new(trace.as_bytes()).expect("a trace");
    let config = *parser.config();
    let events = parser.map(|line| line.expect("an event").event);
    (config, events.collect())
}

/// Runs a trace with a policy; the major faults that it takes.
fn page_ins((config, events): &(Config, Vec<Event>), policy: Box<dyn Policy>) -> u64 {
    let mut machine = Machine::with_policy(*config, Rc::new(Reference), policy);
    let mut major = 0;
    for event in events {
        let seen = machine.step(event);
        assert_eq!(seen.end, End::Done, "{event:?}");
        major += seen.faults.iter().filter(|fault| fault.major).count() as u64;
    }
    assert!(machine.audit().is_empty(), "{:?}", machine.audit());
    major
}

/// Runs a trace with a policy from a book.
fn page_ins_of(trace: &str, policy: Textbook) -> u64 {
    let parsed = parse(trace);
    let policy = policy.policy(parsed.0, parsed.1.clone(), Rc::new(Reference));
    page_ins(&parsed, policy)
}

/// A reference string as reads of a file that is not in memory: every fault is a
/// page-in, as in a textbook.
fn string(frames: u32, pages: &[u64]) -> String {
    let reads = pages
        .iter()
        .map(|page| format!("read 1 {:#x}\n", 0x1000_0000 + page * 0x1000));
    format!(
        "machine frames={frames} swap=0\nfile f 64K cold\nmmap 1 0x10000000 64K r shared f\n{}",
        reads.collect::<String>()
    )
}

/// The pages that a policy chose, by their number in the mapping at `0x10000000`.
type Chosen = Rc<RefCell<Vec<u64>>>;

/// A policy, and what it chose.
struct Watched(Box<dyn Policy>, Chosen);

impl Policy for Watched {
    fn victim(&mut self, k: &mut Kernel) -> Option<Pfn> {
        let victim = self.0.victim(k)?;
        let mapper = k.mappers(victim)[0];
        self.1.borrow_mut().push(mapper.vpn.0 - 0x10000);
        Some(victim)
    }

    fn repaired(&mut self, k: &mut Kernel, fault: &vmsim::fault::PageFault) {
        self.0.repaired(k, fault);
    }
}
