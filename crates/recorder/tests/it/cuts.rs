//! Traces with less in them than the log.

use recorder::compact::{Compaction, RECENT_MAX};
use recorder::cut::Cut;

use crate::workspace::{Workspace, log};

fn compacted(lines: &str) -> Workspace {
    let mut workspace = log(lines);
    workspace.request.compaction = Compaction::PerPage;
    workspace
}

#[test]
fn a_kind_and_page_is_kept_once_between_system_calls() {
    let log = compacted(
        " L 00500000,8\n L 00500008,8\n S 00500008,8\n L 00500010,8\n\
         SYSCALL[100,1](102) sys_getuid ( )[sync] --> Success(0x0) \n\
         SYSCALL[100,1](11) sys_munmap ( 0x4800000, 4096 )[sync] --> Success(0x0) \n L 00500000,4\n",
    );
    log.becomes(
        "read 1 0x500000 8B
         write 1 0x500008 8B
         munmap 1 0x4800000 4K
         read 1 0x500000 4B",
    );
    assert_eq!(log.summary().accesses_dropped, 2);
}

#[test]
fn an_access_to_a_known_and_a_new_page_is_kept() {
    compacted(" L 00500000,8\n L 00500ffc,8\n L 00500ffc,8\n")
        .becomes("read 1 0x500000 8B\nread 1 0x500ffc 8B");
}

#[test]
fn a_page_is_forgotten_after_enough_others() {
    let pages = |count: usize| -> String {
        (0..=count)
            .map(|page| format!(" L 005{page:02x}000,1\n"))
            .collect()
    };
    let kept = |count: usize| {
        let again = pages(count) + " L 00500000,1\n";
        let summary = compacted(&again).summary();
        summary.records.loads - summary.accesses_dropped
    };
    assert_eq!(kept(RECENT_MAX - 1), RECENT_MAX as u64);
    assert_eq!(kept(RECENT_MAX), RECENT_MAX as u64 + 2);
}

#[test]
fn a_cut_of_the_first_events_counts_the_prelude() {
    let mut log = log(" S 00500000,1\n S 00500000,2\n S 00500000,4\n");
    log.request.cut = Cut::First(3);
    log.becomes("write 1 0x500000\nwrite 1 0x500000 2B");
    assert_eq!(log.summary().events, 3);
}

#[test]
fn a_spread_cut_keeps_all_calls_and_some_of_every_part() {
    let part = |page: u32| {
        " S 00500000,8\n"
            .replace("500", &page.to_string())
            .repeat(10_000)
    };
    let call = "SYSCALL[100,1](11) sys_munmap ( 0x4800000, 4096 )[sync] --> Success(0x0) \n";
    let mut log = log(&(part(500) + call + &part(501) + call));
    log.request.cut = Cut::Spread(4000);
    let (text, summary) = log.import().unwrap();
    assert_eq!(summary.accesses_dropped, 16_000);
    assert_eq!(text.matches("write 1 0x500000").count(), 2000);
    assert_eq!(text.matches("write 1 0x501000").count(), 2000);
    assert_eq!(text.matches("munmap").count(), 2);
}
