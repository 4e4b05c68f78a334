//! No choice of victims takes fewer page-ins than OPT: all choices are tried.

use std::cell::RefCell;
use std::fmt::Write;
use std::rc::Rc;

use policies::Textbook;
use proptest::prelude::*;
use vmsim::addr::Pfn;
use vmsim::event::{Config, Event};
use vmsim::kernel::Kernel;
use vmsim::replacement::Policy;

use crate::{page_ins, page_ins_of, parse};

/// Choices that were made, and among how many candidates; the next run changes the
/// last that can be changed.
#[derive(Default)]
struct Script {
    choices: Vec<(usize, usize)>,
    next: usize,
}

struct Scripted(Rc<RefCell<Script>>);

impl Policy for Scripted {
    fn victim(&mut self, k: &mut Kernel) -> Option<Pfn> {
        let (all, mut script) = (k.evictable(), self.0.borrow_mut());
        if script.next == script.choices.len() {
            script.choices.push((0, all.len()));
        }
        let (choice, _) = script.choices[script.next];
        script.next += 1;
        all.get(choice).copied()
    }
}

/// The fewest page-ins of all choices of victims.
fn fewest(parsed: &(Config, Vec<Event>)) -> u64 {
    let script = Rc::new(RefCell::new(Script::default()));
    let mut fewest = u64::MAX;
    loop {
        fewest = fewest.min(page_ins(parsed, Box::new(Scripted(Rc::clone(&script)))));
        let mut script = script.borrow_mut();
        while script.choices.pop_if(|(at, of)| *at + 1 >= *of).is_some() {}
        match script.choices.last_mut() {
            Some((choice, _)) => *choice += 1,
            None => return fewest,
        }
        script.next = 0;
    }
}

/// A reference string of two processes: pages of a file, of shared memory, and of
/// private memory that fork shares and nobody writes any more.
fn trace(frames: u32, accesses: &[(u32, u64)]) -> String {
    let mut trace = format!(
        "machine frames={frames} swap=16\n\
         file f 8K cold\n\
         mmap 1 0x10000000 8K r shared f\n\
         mmap 1 0x10002000 8K rw shared anon\n\
         mmap 1 0x10004000 8K rw private anon\n\
         write 1 0x10004000\n\
         write 1 0x10005000\n\
         fork 1 2\n"
    );
    for &(pid, page) in accesses {
        let word = if (2..4).contains(&page) {
            "write"
        } else {
            "read"
        };
        let _infallible = writeln!(trace, "{word} {pid} {:#x}", 0x1000_0000 + page * 0x1000);
    }
    trace
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn opt_takes_the_fewest_page_ins_of_all(
        frames in 2..4_u32,
        accesses in prop::collection::vec((1..3_u32, 0..6_u64), 1..11),
    ) {
        let trace = trace(frames, &accesses);
        prop_assert_eq!(page_ins_of(&trace, Textbook::Opt), fewest(&parse(&trace)), "{}", trace);
    }
}
