//! What textbooks say that these policies do.

use std::fmt::Write;

use policies::Textbook::{self, Fifo, Lru, Opt};
use policies::aging::Aging;

use crate::{Chosen, Watched, page_ins, page_ins_of, parse, string};

/// Belady, Nelson and Shedler: An anomaly in space-time characteristics of certain
/// programs running in a paging machine, Communications of the ACM 12(6), 1969.
const BELADY: [u64; 12] = [1, 2, 3, 4, 1, 2, 5, 1, 2, 3, 4, 5];

/// Silberschatz, Galvin and Gagne: Operating System Concepts, section 10.4.
const SILBERSCHATZ: [u64; 20] = [7, 0, 1, 2, 0, 3, 0, 4, 2, 3, 0, 3, 2, 1, 2, 0, 1, 7, 0, 1];

/// Arpaci-Dusseau: Operating Systems: Three Easy Pieces, chapter 22.
const OSTEP: [u64; 11] = [0, 1, 2, 0, 1, 3, 0, 3, 1, 2, 1];

#[track_caller]
fn takes(pages: &[u64], frames: u32, expected: &[(Textbook, u64)]) {
    for &(policy, faults) in expected {
        let found = page_ins_of(&string(frames, pages), policy);
        assert_eq!(found, faults, "{} with {frames} frames", policy.name());
    }
}

#[test]
fn beladys_string_takes_more_faults_with_more_frames_under_fifo_only() {
    takes(&BELADY, 3, &[(Fifo, 9), (Opt, 7), (Lru, 10)]);
    takes(&BELADY, 4, &[(Fifo, 10), (Opt, 6), (Lru, 8)]);
}

#[test]
fn the_string_of_operating_system_concepts_takes_what_it_says() {
    takes(&SILBERSCHATZ, 3, &[(Fifo, 15), (Opt, 9), (Lru, 12)]);
}

#[test]
fn the_string_of_three_easy_pieces_takes_what_it_says() {
    takes(&OSTEP, 3, &[(Opt, 5), (Fifo, 7), (Lru, 5)]);
}

#[test]
fn a_loop_larger_than_memory_takes_a_fault_at_each_step_but_for_opt() {
    let pages: Vec<u64> = (0..50).map(|step| step % 5).collect();
    takes(&pages, 4, &[(Fifo, 50), (Lru, 50), (Opt, 16)]);
}

/// The example of Tanenbaum and Bos: Modern Operating Systems, figure 3-17: the R bits
/// of pages 0 to 5 at five clock ticks. Afterwards the counters are 01111000, 10110000,
/// 10001000, 00100000, 01011000 and 00101000.
#[test]
fn aging_evicts_by_the_counters_of_its_textbook() {
    let used = ["0 2 4 5", "0 1 4", "0 1 3 5", "0 4", "1 2"];
    let mut trace = "machine frames=6 swap=16\nmmap 1 0x10000000 1M rw private anon\n".to_owned();
    // A read of a fresh page takes no frame: a fault, and so a tick, and nothing else.
    let mut fresh = 100;
    let mut tick = |trace: &mut String| {
        fresh += 1;
        let _infallible = writeln!(trace, "read 1 {:#x}", 0x1000_0000 + fresh * 0x1000);
    };
    let touch = |trace: &mut String, page: u64| {
        let _infallible = writeln!(trace, "write 1 {:#x}", 0x1000_0000 + page * 0x1000);
    };
    (0..6).for_each(|page| touch(&mut trace, page));
    (0..9).for_each(|_| tick(&mut trace));
    for pages in used {
        for page in pages.split(' ') {
            touch(&mut trace, page.parse().expect("a page"));
        }
        tick(&mut trace);
    }
    (10..16).for_each(|page| touch(&mut trace, page));
    let chosen = Chosen::default();
    let policy = Watched(Box::new(Aging::default()), chosen.clone());
    page_ins(&parse(&trace), Box::new(policy));
    assert_eq!(*chosen.borrow(), [3, 5, 4, 0, 2, 1]);
}

#[test]
fn a_seed_draws_the_same_lots() {
    let of = |seed: u64| {
        let trace = string(3, &SILBERSCHATZ).replace("swap=0", &format!("swap=0 seed={seed}"));
        page_ins_of(&trace, Textbook::Random)
    };
    assert_eq!(of(7), of(7));
    let all: std::collections::BTreeSet<u64> = (0..20).map(of).collect();
    assert!(all.len() > 1, "{all:?}");
}
