//! What is taken out of a trace before it is run, and on which machine it runs.

use comparable::computer::{Computer, Swap};
use comparable::exclusion::counts;
use comparable::screen::screen;
use comparable::twin::Twin;
use vmsim::addr::VirtAddr;

use crate::case;

/// The exclusions of a trace, with their counts.
fn excluded_on(trace: &str, computer: &Computer) -> String {
    let case = case(trace);
    let (_, excluded) = screen(Twin::new(&case.config, case.lines, computer), computer);
    let excluded = counts(&excluded);
    let words = excluded.iter().map(|(why, count)| format!("{count} {why}"));
    words.collect::<Vec<_>>().join(", ")
}

fn excluded(trace: &str) -> String {
    excluded_on(trace, &Computer::BEST)
}

#[test]
fn an_instruction_that_would_do_harm_is_read() {
    let page = "mmap 1 0x100000000 4K rwx private anon\n";
    // 0f 05 is syscall, 00 00 is `add [rax], al`, c3 is ret, which takes its target
    // from memory, and b0 at the end of a page would go on behind it.
    for (bytes, offset, harm) in [
        (0x050f, 0, true),
        (0, 0, false),
        (0x90, 0, false),
        (0xc3, 0, true),
        (0x01b0, 0, false),
        (0xb0, 4095, true),
        (0x0500, 0, true),
    ] {
        let size = if offset == 4095 { 1 } else { 2 };
        let at = 0x1_0000_0000_u64 + offset;
        let trace = format!("{page}write 1 {at:#x} {size}B ={bytes}\nexec 1 {at:#x}");
        let expected = if harm {
            "1 read instead of executed"
        } else {
            ""
        };
        assert_eq!(excluded(&trace), expected, "{bytes:#x}");
    }
}

#[test]
fn a_fetch_that_is_refused_executes_nothing() {
    let trace = "sigaction 1 segv handler\nmmap 1 0x100000000 4K rw private anon\n\
                 write 1 0x100000000 2B =1295\nexec 1 0x100000000";
    assert_eq!(excluded(trace), "");
}

#[test]
fn cold_pages_of_executable_mappings_are_read_ahead() {
    let trace = |prot: &str, pages: &str, first: &str| {
        format!("file f 16K cold\nmmap 1 0x100000000 {pages} {prot} private f\nread 1 {first}")
    };
    let out = "1 read-ahead of executable mappings";
    assert_eq!(excluded(&trace("rx", "16K", "0x100000000")), out);
    assert_eq!(
        excluded(&trace("rx", "16K", "0x100003000")),
        "",
        "nothing is behind it"
    );
    assert_eq!(
        excluded(&trace("rx", "4K", "0x100000000")),
        "",
        "the mapping ends"
    );
    assert_eq!(
        excluded(&trace("r", "16K", "0x100000000")),
        "",
        "advice is followed"
    );
}

#[test]
fn a_dirty_page_that_is_paged_out_spoils_what_looks_at_it() {
    let trace = |table: &str, event: &str| {
        format!(
            "machine fault-around=16\nfile f 16K warm\nmmap 1 0x100000000 16K rw shared f\n{table}\n\
             write 1 0x100001000\nmadvise 1 0x100001000 4K pageout\n{event}"
        )
    };
    let out = "1 beside a dirty page that was paged out";
    let table = "mmap 1 0x100010000 4K rw private anon\nwrite 1 0x100010000";
    assert_eq!(
        excluded(&trace(table, "read 1 0x100001000")),
        "",
        "the page itself"
    );
    assert_eq!(
        excluded(&trace("", "read 1 0x100001000")),
        out,
        "without a page table"
    );
    assert_eq!(
        excluded(&trace(table, "read 1 0x100002000")),
        out,
        "a neighbour"
    );
    assert_eq!(
        excluded(&trace(table, "write 1 0x100002000")),
        "",
        "no read"
    );
    assert_eq!(
        excluded(&trace(table, "madvise 1 0x100001000 4K pageout")),
        out
    );
    assert_eq!(excluded(&trace(table, "drop f")), out);
    let shared_memory = "mmap 1 0x100000000 4K rw shared anon\nwrite 1 0x100000000\n\
                         madvise 1 0x100000000 4K pageout\nread 1 0x100000000\n\
                         madvise 1 0x100000000 4K pageout";
    assert_eq!(excluded(shared_memory), "", "no file, no mark");
}

#[test]
fn what_this_computer_cannot_tell_is_not_asked() {
    let keys = Computer {
        exec_only_readable: false,
        ..Computer::BEST
    };
    let exec_only = "mmap 1 0x100000000 4K x private anon\nread 1 0x100000000";
    assert_eq!(
        excluded_on(exec_only, &keys),
        "1 reads of execute-only pages"
    );
    let five_levels = Computer {
        four_level_paging: false,
        ..Computer::BEST
    };
    let trace = "sigaction 1 segv handler\nread 1 0x800000000000\nread 1 0xdead000000000000";
    assert_eq!(
        excluded_on(trace, &five_levels),
        "1 addresses from 2^47 to 2^56"
    );
    let low = Computer {
        lowest_address: VirtAddr(4096),
        ..Computer::BEST
    };
    let trace = "mmap 1 0x8000 4K rw private anon\nmmap 1 0x0 4K rw private anon";
    assert_eq!(excluded_on(trace, &low), "1 addresses below 64 KiB");
    let lingering = Computer {
        swap: Swap::Cached,
        ..Computer::BEST
    };
    let trace = "mmap 1 0x100000000 4K rw private anon\nmadvise 1 0x100000000 4K pageout";
    assert_eq!(
        excluded_on(trace, &lingering),
        "1 pageout to a swap device that is not exact"
    );
}

#[test]
fn a_machine_that_no_kernel_can_be_gets_a_twin() {
    let switches = |machine: &str, computer: &Computer| {
        let case = case(&format!("{machine}\nread 1 0x0 @0"));
        let twin = Twin::new(&case.config, case.lines, computer);
        let words = twin.switches.iter().map(ToString::to_string);
        words.collect::<Vec<_>>().join(", ")
    };
    assert_eq!(switches("machine fault-around=16", &Computer::BEST), "");
    assert_eq!(switches("machine cpus=2", &Computer::BEST), "on one CPU");
    assert_eq!(
        switches("machine fault-around=4", &Computer::BEST),
        "with fault-around=16"
    );
    assert_eq!(
        switches("machine readahead=2", &Computer::BEST),
        "without read-ahead"
    );
    assert_eq!(
        switches("machine frames=4", &Computer::BEST),
        "with memory to spare"
    );
    let other_window = Computer {
        fault_around: false,
        ..Computer::BEST
    };
    assert_eq!(
        switches("machine fault-around=16", &other_window),
        "with fault-around=1"
    );
}

#[test]
fn what_is_several_instructions_is_left_out_where_it_shows() {
    let out = "1 not a single instruction";
    let two = "mmap 1 0x100000000 8K rw private anon\nmprotect 1 0x100001000 4K r\n";
    assert_eq!(excluded(&format!("{two}write 1 0x100000ffe 3B")), out);
    assert_eq!(
        excluded(&format!("{two}write 1 0x100000ffe 4B")),
        "",
        "one instruction"
    );
    assert_eq!(
        excluded(&format!("{two}read 1 0x100000ffe 3B")),
        "",
        "a load does no harm"
    );
    let aliased = "file f 4K warm\nmmap 1 0x100000000 4K rw shared f\n\
                   mmap 1 0x100001000 4K rw private f\n";
    assert_eq!(excluded(&format!("{aliased}write 1 0x100000ff8 16B")), out);
    assert_eq!(excluded("read 1 0x7ffffffffff8 16B"), out);
    assert_eq!(excluded("read 1 0x7ffffffffffc 8B"), "");
}

#[test]
fn what_depends_on_the_size_of_the_computer_is_left_out() {
    assert_eq!(
        excluded("mmap 1 0x100000000 16384M rw private anon"),
        "1 more memory than there is"
    );
    assert_eq!(excluded("mmap 1 0x100000000 1024M rw private anon"), "");
    assert_eq!(excluded("read 1 0xffffffffff600000"), "");
    assert_eq!(
        excluded("exec 1 0xffffffffff600000"),
        "1 fetches from the vsyscall page"
    );
}
