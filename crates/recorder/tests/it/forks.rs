//! Several processes, each with a log of its own.

use crate::workspace::log;

const FORK: &str = "SYSCALL[100,1](56) sys_clone ( 1200011, 0x0, 0x0, 0x500650, 0x0 )   \
    clone(fork): process 100 created child 107\n --> [pre-success] Success(0x6b) \n";

#[test]
fn a_child_runs_directly_after_its_fork() {
    log(&format!(" S 00500000,1\n{FORK} S 00500000,2\n"))
        .child(
            107,
            " S 00500000,4\nSYSCALL[107,1](231) exit_group( 0 ) --> [pre-success] Success(0x0) \n",
        )
        .becomes(
            "write 1 0x500000
             fork 1 2
             copyout 2 0x500650 4B
             write 2 0x500000 4B
             exit 2
             write 1 0x500000 2B",
        );
}

#[test]
fn a_child_without_a_log_does_nothing() {
    let log = log(
        "SYSCALL[100,1](57) sys_fork ( )   fork: process 100 created child 107\n \
         --> [pre-success] Success(0x6b) \n S 00500000,2\n",
    );
    log.becomes("fork 1 2\nwrite 1 0x500000 2B");
    assert_eq!(log.summary().records.children_without_log, 1);
}

#[test]
fn a_grandchild_is_numbered_in_the_order_of_forks() {
    let fork = |parent: u32, child: u32| {
        format!(
            "SYSCALL[{parent},1](57) sys_fork ( )   fork: process {parent} created child {child}\n --> [pre-success] Success({child:#x}) \n"
        )
    };
    log(&(fork(100, 107) + &fork(100, 103)))
        .child(103, " L 00500000,1\n")
        .child(105, " L 00500000,2\n")
        .child(107, &fork(107, 105))
        .becomes(
            "fork 1 2
             fork 2 3
             read 3 0x500000 2B
             fork 1 4
             read 4 0x500000",
        );
}

#[test]
fn a_child_inherits_the_open_files() {
    log(&format!("SYSCALL[100,1](2) sys_open ( 0x500000(/x/data), 0 )[sync] --> Success(0x3) \n{FORK}"))
        .child(107, "SYSCALL[107,1](9) sys_mmap ( 0x0, 10, 1, 1, 3, 0 ) --> [pre-success] Success(0x4800000) \n")
        .becomes(
            "copyin 1 0x500000 8B
             fork 1 2
             copyout 2 0x500650 4B
             file data 10 warm
             mmap 2 0x4800000 10 r shared data",
        );
}

#[test]
fn a_log_that_no_fork_asks_for_is_refused() {
    log("").child(107, "").fails_with(
        "DIR/107.log: no log creates process 107\nhelp: give the log of the first process first, and the logs of all its children",
    );
}
