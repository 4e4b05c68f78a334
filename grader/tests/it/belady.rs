//! The exercise of lab 8: a trace in, what is said of it out.

use grader::exercise::belady::{PageIns, anomaly};

/// A reference string as reads of a cold file.
fn string(frames: u32, pages: &[u64]) -> String {
    let reads = pages
        .iter()
        .map(|page| format!("read 1 {:#x}\n", 0x1000_0000 + page * 0x1000));
    format!(
        "machine frames={frames} swap=0\nfile f 64K cold\nmmap 1 0x10000000 64K r shared f\n{}",
        reads.collect::<String>()
    )
}

/// Belady, Nelson and Shedler, Communications of the ACM 12(6), 1969.
const BELADY: [u64; 12] = [1, 2, 3, 4, 1, 2, 5, 1, 2, 3, 4, 5];

#[track_caller]
fn is_refused(trace: &str, why: &str) {
    let said = anomaly(trace.as_bytes()).expect_err("it is refused");
    assert!(said.contains(why), "{said}");
}

#[test]
fn beladys_own_string_shows_it() {
    let found = anomaly(string(3, &BELADY).as_bytes());
    let expected = PageIns {
        frames: 3,
        few: 9,
        more: 10,
    };
    assert_eq!(found, Ok(expected));
}

#[test]
fn private_memory_shows_it_as_well() {
    let lines = BELADY.map(|page| format!("write 1 {:#x}\n", 0x1000_0000 + page * 0x1000));
    let trace = format!(
        "machine frames=3 swap=8\nmmap 1 0x10000000 64K rw private anon\n{}",
        lines.concat()
    );
    let found = anomaly(trace.as_bytes()).expect("it shows");
    // Five of each are first touches, and read no device.
    assert_eq!((found.few, found.more), (4, 5));
}

#[test]
fn what_does_not_show_it_is_told_why() {
    is_refused(&string(2, &BELADY), "as one would expect");
    is_refused(
        &string(3, &[1, 2, 3, 4, 1, 2, 3, 4]),
        "the frame more helps",
    );
    is_refused(&string(3, &[1, 2, 3, 4, 5, 6, 7]), "as many");
    is_refused(&string(6, &BELADY), "all pages fit into 6 frames");
}

#[test]
fn what_is_malformed_or_too_large_is_refused_with_its_line() {
    is_refused("machine frames=3\nread 1\n", "2:7: expected");
    is_refused(
        "mmap 1 0x10000000 4K rw private anon\n",
        "begin with `machine frames=N`",
    );
    is_refused("machine frames=17\n", "17 frames, at most 16");
    is_refused(
        "machine frames=3\nmmap 1 0x10000000 1M rw private anon\n",
        "line 2: 1048576 bytes",
    );
    is_refused(
        "machine frames=3\nfile f 1G warm\n",
        "line 2: 1073741824 bytes",
    );
    is_refused(&string(3, &[1; 99]), "more than 100 events");
}

#[test]
fn only_accesses_make_a_reference_string() {
    for event in [
        "fork 1 2",
        "munmap 1 0x10000000 4K",
        "madvise 1 0x10000000 4K pageout",
        "mmap 1 0x20000000 4K rw private anon populate",
    ] {
        let trace = format!("{}{event}\n", string(3, &[1]));
        is_refused(&trace, "line 5: only `file`");
    }
}

/// Or a process that is killed early in the small memory would take fewer page-ins.
#[test]
fn no_event_may_fail() {
    let wild = format!("{}read 1 0x0\n", string(3, &BELADY));
    is_refused(&wild, "line 16: ends in `segv maperr` with 3 frames");
    let killed = "machine frames=3 swap=0\nmmap 1 0x10000000 64K rw private anon\n\
                  write 1 0x10000000\nwrite 1 0x10001000\nwrite 1 0x10002000\nwrite 1 0x10003000\n";
    is_refused(killed, "line 6: ends in `oom` with 3 frames");
}
