//! What the oracle has to get right by itself: sizes, values, windows, deaths, places.

use crate::{check, run};

#[test]
fn accesses_of_every_size_read_what_was_written() {
    let mut trace = "mmap 1 0x100000000 64K rw private anon\n".to_owned();
    for size in 1..=24_u64 {
        let at = 0x1_0000_0000 + size * 64;
        let value = 0x0102_0304_0506_0708_u64 & (u64::MAX >> (64 - 8 * size.min(8)));
        trace += &format!("write 1 {at:#x} {size}B ={value}\n");
        trace += &format!("read 1 {at:#x} {size}B # => none ={value}\n");
        trace += &format!("copyin 1 {at:#x} {size}B # => none ={value}\n");
    }
    check(&trace);
}

#[test]
fn large_accesses_fault_on_both_of_their_pages() {
    check(
        "mmap 1 0x100000000 64K rw private anon
         write 1 0x100000800 4096B =7           # => minor+minor
         read 1 0x100000800 4096B               # => none =7
         copyout 1 0x100004800 4096B =8         # => minor+minor
         copyin 1 0x100008800 4096B             # => minor+minor =0
         read 1 0x100004800                     # => none =8",
    );
}

#[test]
fn a_window_of_one_page_maps_that_page_alone() {
    let trace = |window| {
        format!(
            "machine fault-around={window}
             file f 64K warm
             mmap 1 0x100000000 64K r private f
             read 1 0x100003000                 # => minor
             read 1 0x100004000                 # => {}
             read 1 0x100004ffc 8B              # => {}",
            if window == 1 { "minor" } else { "none" },
            if window == 1 { "minor" } else { "none" },
        )
    };
    check(&trace(1));
    check(&trace(16));
}

#[test]
fn the_heap_starts_where_the_trace_says() {
    check(
        "machine heap=0x7000000
         sigaction 1 segv handler
         brk 1 0x7002000                        # => ok
         write 1 0x7001000                      # => minor
         write 1 0x7002000                      # => maperr
         brk 1 0x6fff000                        # => ENOMEM",
    );
}

#[test]
fn a_stack_grows_as_far_as_the_trace_says() {
    check(
        "machine stack-limit=32K
         sigaction 1 segv handler
         mmap 1 0x100100000 8K rw private anon growsdown
         write 1 0x1000fb000                    # => minor
         write 1 0x1000f9000                    # => maperr",
    );
}

#[test]
fn a_process_without_a_handler_dies() {
    check(
        "mmap 1 0x100000000 4K rw private anon
         fork 1 2
         write 2 0x0                            # => maperr
         write 2 0x100000000                    # => ESRCH
         write 1 0x100000000                    # => minor",
    );
}

#[test]
fn the_oracle_keeps_out_of_the_trace_s_way() {
    // Everything that a program may map, but for a last corner.
    check(
        "munmap 1 0x10000 1024G                  # => ok
         munmap 1 0x10000000000 32768G          # => ok
         mmap 1 0x7ffffff00000 64K rw private anon # => ok
         write 1 0x7ffffff00000                 # => minor",
    );
    let all = "munmap 1 0x10000 131071G";
    assert!(run(all).is_none(), "there is no room for the oracle");
}
