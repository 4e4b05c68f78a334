//! Wrong handlers: what the machine says of them, and of which line.
//!
//! Each module is a submission: the reference with one method replaced.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use vmsim::handlers::Handlers;
use vmsim::kernel::KernelBug;
use vmsim::machine::Machine;
use vmsim::observe::{Violation, ViolationKind};
use vmtrace::text::parser::Parser;

use crate::differences;

const FIRST_WRITE: &str = "mmap 1 0x100000000 4K rw private anon
write 1 0x100000000 =7 # => minor demand-zero
read 1 0x100000001 # => hit =0
";

/// Maps the zero page when the program writes.
mod in_a_loop {
    use solution::{lab1, lab3, lab4, lab5, lab6, lab7, lab8};

    pub struct Wrong;
    vmsim::handlers_from_labs!(Wrong);

    mod lab2 {
        pub use solution::lab2::*;
        use vmsim::prelude::*;

        pub fn demand_zero(k: &mut Kernel, fault: &PageFault) -> Repaired {
            zero_page(k, fault)
        }
    }
}

/// Zeroes the zero page.
mod against_the_rules {
    use solution::{lab1, lab3, lab4, lab5, lab6, lab7, lab8};

    pub struct Wrong;
    vmsim::handlers_from_labs!(Wrong);
    pub const LINE: u32 = line!() + 8;

    mod lab2 {
        pub use solution::lab2::*;
        use vmsim::prelude::*;

        pub fn demand_zero(k: &mut Kernel, fault: &PageFault) -> Repaired {
            let zero = k.zero_page();
            k.zero(&zero);
            let rights = k.vma(fault.page).rights();
            let old = k.map(fault.page, zero, rights).never_cached(k);
            k.put_old(old);
            Ok(())
        }
    }
}

/// Takes two frames and uses one.
mod leaking {
    use solution::{lab1, lab3, lab4, lab5, lab6, lab7, lab8};

    pub struct Wrong;
    vmsim::handlers_from_labs!(Wrong);
    pub const LINE: u32 = line!() + 7;

    mod lab2 {
        pub use solution::lab2::*;
        use vmsim::prelude::*;

        pub fn demand_zero(k: &mut Kernel, fault: &PageFault) -> Repaired {
            let _lost = k.alloc()?;
            solution::lab2::demand_zero(k, fault)
        }
    }
}

/// Does not zero the frame.
mod poisoned {
    use solution::{lab1, lab3, lab4, lab5, lab6, lab7, lab8};

    pub struct Wrong;
    vmsim::handlers_from_labs!(Wrong);

    mod lab2 {
        pub use solution::lab2::*;
        use vmsim::prelude::*;

        pub fn demand_zero(k: &mut Kernel, fault: &PageFault) -> Repaired {
            let rights = k.vma(fault.page).rights();
            let frame = k.alloc()?;
            let old = k.map(fault.page, frame, rights).shoot_down(k);
            k.put_old(old);
            Ok(())
        }
    }
}

/// Takes the right to write away and tells no CPU.
mod not_flushing {
    use solution::{lab1, lab2, lab3, lab4, lab5, lab7, lab8};

    pub struct Wrong;
    vmsim::handlers_from_labs!(Wrong);

    mod lab6 {
        pub use solution::lab6::*;
        use vmsim::prelude::*;

        pub fn protect_page(k: &mut Kernel, page: Page) {
            let rights = k.vma(page).rights();
            let old = k.protect(page, rights).only_widens(k);
            k.put_old(old);
        }
    }
}

/// Lets a child's page stay writable in the parent.
mod sharing_too_much {
    use solution::{lab1, lab2, lab3, lab4, lab6, lab7, lab8};

    pub struct Wrong;
    vmsim::handlers_from_labs!(Wrong);

    mod lab5 {
        pub use solution::lab5::*;
        use vmsim::prelude::*;

        pub fn fork_page(k: &mut Kernel, parent: Page, child: Page) {
            let rights = k.vma(parent).rights();
            if let Entry::Anon { pfn, .. } = k.entry(parent) {
                let frame = k.get(pfn);
                let old = k.map(child, frame, rights).never_cached(k);
                k.put_old(old);
            }
        }
    }
}

/// The first violation in a trace.
fn violation(trace: &str, handlers: Rc<dyn Handlers>) -> Violation {
    let parser = Parser::new(trace.as_bytes()).unwrap();
    let mut machine = Machine::new(*parser.config(), handlers);
    let mut events = parser.map(|line| line.unwrap().event);
    events
        .find_map(|event| machine.step(&event).violations.into_iter().next())
        .expect("the handlers are wrong")
}

#[test]
fn a_repair_that_repairs_nothing_burns_the_fuse() {
    let difference = differences(FIRST_WRITE, Rc::new(in_a_loop::Wrong)).unwrap_err();
    assert!(difference.ends_with("livelock =0`"), "{difference}");
}

#[test]
fn a_forbidden_act_is_reported_at_the_handlers_own_line() {
    let run = || differences(FIRST_WRITE, Rc::new(against_the_rules::Wrong));
    let payload = catch_unwind(AssertUnwindSafe(run)).unwrap_err();
    let bug = payload.downcast_ref::<KernelBug>().expect("a kernel bug");
    assert_eq!(bug.message, "the shared zero page must not be zeroed");
    assert!(bug.location.file().ends_with("wrong.rs"));
    assert_eq!(bug.location.line(), against_the_rules::LINE);
}

#[test]
fn a_lost_frame_is_reported_with_the_line_that_took_it() {
    let leak = violation(FIRST_WRITE, Rc::new(leaking::Wrong));
    assert_eq!(leak.kind, ViolationKind::Invariant);
    let line = leak.location.expect("the line is known");
    assert!(line.file().ends_with("wrong.rs"));
    assert_eq!(line.line(), leaking::LINE);
}

#[test]
fn a_frame_that_was_not_zeroed_shows_its_poison() {
    let difference = differences(FIRST_WRITE, Rc::new(poisoned::Wrong)).unwrap_err();
    assert!(difference.contains("=165"), "{difference}");
}

#[test]
fn poison_stands_around_whatever_was_written() {
    let trace = "machine frames=2 swap=4
mmap 1 0x100000000 12K rw private anon
write 1 0x100000000 4B =7
read 1 0x100000000 8B # => hit =11936128515503554567
write 1 0x100001008 8B =9
read 1 0x100001004 8B # => hit =41433802149
write 1 0x100001008 2B =1
read 1 0x100001008 8B # => hit =1
write 1 0x100002000 =3
read 1 0x100000000 8B # => major swap-in =11936128515503554567
";
    assert_eq!(differences(trace, Rc::new(poisoned::Wrong)), Ok(()));
}

#[test]
fn a_flush_that_was_forgotten_is_a_stale_entry() {
    let trace = "mmap 1 0x100000000 4K rw private anon
write 1 0x100000000
mprotect 1 0x100000000 4K r
";
    let stale = violation(trace, Rc::new(not_flushing::Wrong));
    assert_eq!(stale.kind, ViolationKind::StaleTlb);
    assert!(stale.what.contains("CPU 0"), "{stale}");
}

#[test]
fn a_private_page_that_two_may_write_breaks_an_invariant() {
    let trace = "mmap 1 0x100000000 4K rw private anon
write 1 0x100000000
fork 1 2
";
    let shared = violation(trace, Rc::new(sharing_too_much::Wrong));
    assert_eq!(shared.kind, ViolationKind::Invariant);
    assert!(shared.what.contains("others use its frame"), "{shared}");
}
