//! What is a miss for a program that knows only page numbers is one on our machine.

use std::rc::Rc;

use vmsim::machine::Machine;
use works::mapped::{Backing, events, machine};
use works::scan::scan;
use works::work::{Access, Reference, Work};

/// How often a page came to be in memory that was not.
fn misses(work: &Work, backing: Backing) -> usize {
    let config = machine(work, backing);
    let mut machine = Machine::new(config, Rc::new(solution::Reference));
    let seen = events(work, backing).map(|event| machine.step(&event));
    let classes = seen.map(|seen| seen.class());
    let brings_in = |class: &String| {
        ["demand-zero", "swap-in", "file-read"]
            .iter()
            .any(|name| class.contains(name))
    };
    classes.filter(brings_in).count()
}

fn of_pages(pages: &[u32], access: Access) -> Work {
    let round = pages.iter().map(|&page| Reference { page, access });
    Work {
        pages: 5,
        frames: 3,
        round: round.collect(),
        rounds: 1,
    }
}

#[test]
fn a_scan_of_more_pages_than_frames_never_hits() {
    assert_eq!(misses(&scan(5, 3, 4), Backing::Swap), 20);
    assert_eq!(misses(&scan(5, 3, 4), Backing::SharedFile), 20);
}

/// CLOCK by hand: 3 evicts 0, for all bits were set and it is the oldest; 1 has kept its
/// frame and has its bit again; 4 passes it and takes 2's frame, whose bit is clear.
#[test]
fn a_page_takes_one_frame_whatever_it_is_of() {
    let pages = [0, 1, 2, 3, 1, 4, 1, 3, 4, 2];
    assert_eq!(misses(&of_pages(&pages, Access::Write), Backing::Swap), 6);
    assert_eq!(misses(&of_pages(&pages, Access::Read), Backing::File), 6);
    for access in [Access::Read, Access::Write, Access::Exec] {
        assert_eq!(misses(&of_pages(&pages, access), Backing::SharedFile), 6);
    }
}
