//! Pages that many processes share: more than a kernel notes in a short list, and more than
//! are counted beside what is in a slot.

use std::fmt::Write;

use super::check;

/// Children of process 1, which all map its one page.
const CHILDREN: u32 = 300;

fn family() -> String {
    let mut trace = "machine frames=512 swap=512\n\
                     mmap 1 0x10000000 4K rw private anon\n\
                     write 1 0x10000000 =7  # => minor demand-zero\n"
        .to_owned();
    for child in 2..CHILDREN + 2 {
        writeln!(trace, "fork 1 {child}").unwrap();
    }
    trace
}

/// Each writes once: everybody but the last gets a copy.
fn all_write(trace: &mut String, order: impl Iterator<Item = u32>) {
    let mut order = order.peekable();
    while let Some(pid) = order.next() {
        let repair = match order.peek() {
            Some(_) => "copy-on-write",
            None => "reuse",
        };
        writeln!(
            trace,
            "write {pid} 0x10000000 4B ={pid}  # => minor {repair}"
        )
        .unwrap();
    }
}

#[test]
fn everybody_gets_a_copy_but_the_last() {
    let mut trace = family();
    all_write(&mut trace, 1..CHILDREN + 2);
    check(&trace);
}

#[test]
fn the_same_from_the_youngest_to_the_oldest() {
    let mut trace = family();
    all_write(&mut trace, (1..CHILDREN + 2).rev());
    check(&trace);
}

#[test]
fn whoever_exits_needs_no_copy() {
    let mut trace = family();
    // Every third one goes.
    for gone in (2..CHILDREN + 2).step_by(3) {
        writeln!(trace, "exit {gone}").unwrap();
    }
    all_write(
        &mut trace,
        (1..CHILDREN + 2).filter(|pid| *pid == 1 || (pid - 2) % 3 > 0),
    );
    check(&trace);
}

#[test]
fn the_page_goes_to_swap_for_all_and_is_read_once() {
    let mut trace = family().replace("frames=512", "frames=4");
    // Twice as much as there is memory: the page is pushed out.
    writeln!(trace, "mmap 1 0x20000000 32K rw private anon").unwrap();
    for page in 0..8 {
        writeln!(trace, "write 1 {:#x}", 0x2000_0000 + page * 4096).unwrap();
    }
    writeln!(trace, "read 5 0x10000000  # => major swap-in =7").unwrap();
    for pid in (1..CHILDREN + 2).filter(|pid| *pid != 5) {
        writeln!(trace, "read {pid} 0x10000000  # => minor map-resident =7").unwrap();
    }
    check(&trace);
}
