//! One record or system call at a time.

use crate::workspace::log;

#[test]
fn each_kind_of_access_becomes_one_event() {
    log("I  00401000,3\n L 00500ff8,8\n S 1fff000758,4\n M 00500010,1\n").becomes(
        "exec 1 0x401000
         read 1 0x500ff8 8B
         write 1 0x1fff000758 4B
         write 1 0x500010",
    );
}

#[test]
fn an_access_across_a_page_boundary_stays_one() {
    log(" L 00500ffc,8\n S 00500ffc,512\n").becomes(
        "read 1 0x500ffc 8B
         write 1 0x500ffc 512B",
    );
}

#[test]
fn a_fetch_across_a_page_boundary_is_two() {
    log("I  00401ffe,2\nI  00401ffe,3\n").becomes(
        "exec 1 0x401ffe
         exec 1 0x401ffe
         exec 1 0x402000",
    );
}

#[test]
fn anonymous_memory_is_mapped_protected_advised_and_unmapped() {
    log("SYSCALL[100,1](9) sys_mmap ( 0x0, 8192, 3, 34, 4294967295, 0 ) --> [pre-success] Success(0x4800000) \n\
         SYSCALL[100,1](10) sys_mprotect ( 0x4800000, 4096, 1 )[sync] --> Success(0x0) \n\
         SYSCALL[100,1](28) sys_madvise ( 0x4800000, 8192, 4 )[sync] --> Success(0x0) \n\
         SYSCALL[100,1](28) sys_madvise ( 0x4800000, 8192, 14 )[sync] --> Success(0x0) \n\
         SYSCALL[100,1](11) sys_munmap ( 0x4800000, 8192 )[sync] --> Success(0x0) \n")
    .becomes(
        "mmap 1 0x4800000 8K rw private anon
         mprotect 1 0x4800000 4K r
         madvise 1 0x4800000 8K dontneed
         munmap 1 0x4800000 8K",
    );
}

#[test]
fn flags_of_mmap_keep_their_meaning() {
    log("SYSCALL[100,1](9) sys_mmap ( 0x0, 4096, 0, 33, 4294967295, 0 ) --> [pre-success] Success(0x4800000) \n\
         SYSCALL[100,1](9) sys_mmap ( 0x0, 4096, 7, 33058, 4294967295, 0 ) --> [pre-success] Success(0x4900000) \n")
    .becomes(
        "mmap 1 0x4800000 4K none shared anon
         mmap 1 0x4900000 4K rwx private anon populate growsdown",
    );
}

#[test]
fn failed_calls_leave_no_event() {
    let log = log(
        "SYSCALL[100,1](9) sys_mmap ( 0x0, 8192, 3, 34, 4294967295, 0 ) --> [pre-fail] Failure(0xc) \n\
         SYSCALL[100,1](257) sys_openat ( 4294967196, 0x500000(/none), 524288 ) --> [async] ... \n\
         SYSCALL[100,1](257) ... [async] --> Failure(0x2) \n\
         SYSCALL[100,1](334) unimplemented (by the kernel) syscall: 334! (ni_syscall)\n --> [pre-fail] Failure(0x26) \n",
    );
    log.becomes("");
    assert_eq!(log.summary().records.failed_calls, 3);
}

#[test]
fn the_first_answer_of_brk_is_the_heap() {
    let log = log(
        "SYSCALL[100,1](12) sys_brk ( 0x0 ) --> [pre-success] Success(0x4035000) \n\
         SYSCALL[100,1](12) sys_brk ( 0x4056000 ) --> [pre-success] Success(0x4056000) \n S 04036000,8\n\
         SYSCALL[100,1](12) sys_brk ( 0x99999000 ) --> [pre-success] Success(0x4056000) \n",
    );
    log.begins_with(
        "machine frames=65536 swap=65536 cpus=1 seed=0 fault-around=16 readahead=0 heap=0x4035000 stack-limit=8M
         # a recording of `./demo a b`
         # mapped before it began: guessed from the pages it used",
    );
    log.becomes("brk 1 0x4056000\nwrite 1 0x4036000 8B");
}

#[test]
fn a_file_is_as_large_as_its_furthest_mapping() {
    log("SYSCALL[100,1](257) sys_openat ( 4294967196, 0x500000(/lib/libc.so.6), 524288 ) --> [async] ... \n\
         SYSCALL[100,1](257) ... [async] --> Success(0x4) \n\
         SYSCALL[100,1](9) sys_mmap ( 0x0, 16400, 1, 2050, 4, 0 ) --> [pre-success] Success(0x4837000) \n\
         SYSCALL[100,1](9) sys_mmap ( 0x483a000, 8192, 3, 2066, 4, 12288 ) --> [pre-success] Success(0x483a000) \n")
    .becomes(
        "copyin 1 0x500000 15B
         file libc.so.6 20K warm
         mmap 1 0x4837000 16400 r private libc.so.6
         mmap 1 0x483a000 8K rw private libc.so.6+0x3000",
    );
}

#[test]
fn files_of_one_name_and_unknown_descriptors_are_told_apart() {
    let open = |fd: u32, path: &str| {
        format!("SYSCALL[100,1](2) sys_open ( 0x500000({path}), 0 )[sync] --> Success({fd:#x}) \n")
    };
    let map = |fd: u32| {
        format!(
            "SYSCALL[100,1](9) sys_mmap ( 0x0, 23, 1, 1, {fd}, 0 ) --> [pre-success] Success(0x480{fd}000) \n"
        )
    };
    let dup = "SYSCALL[100,1](33) sys_dup2 ( 3, 6 )[sync] --> Success(0x6) \n";
    let close = "SYSCALL[100,1](3) sys_close ( 3 )[sync] --> Success(0x0) \n";
    let lines = [
        &*open(3, "/a/LC TIME"),
        &*open(4, "/b/LC TIME"),
        dup,
        &*map(3),
        &*map(4),
        close,
        &*map(3),
        &*map(6),
    ];
    let (text, _) = log(&lines.concat()).import().unwrap();
    let mapped: Vec<_> = text
        .lines()
        .filter(|line| line.starts_with("mmap 1 0x480"))
        .collect();
    let names: Vec<_> = mapped
        .iter()
        .filter_map(|line| line.rsplit(' ').next())
        .collect();
    assert_eq!(names, ["LC_TIME", "LC_TIME-2", "fd3", "LC_TIME"]);
}

#[test]
fn the_kernel_reads_and_writes_for_the_program() {
    log("SYSCALL[100,1](0) sys_read ( 4, 0x500010, 9000 ) --> [async] ... \n\
         SYSCALL[100,1](0) ... [async] --> Success(0x2000) \n\
         SYSCALL[100,1](1) sys_write ( 1, 0x500020, 9 )[sync] --> Success(0x5) \n\
         SYSCALL[100,1](302) sys_prlimit64 ( 0, 3, 0x0, 0x500620 ) --> [pre-success] Success(0x0) \n")
    .becomes(
        "copyout 1 0x500010 4096B
         copyout 1 0x501010 4096B
         copyin 1 0x500020 5B
         copyout 1 0x500620 16B",
    );
}

#[test]
fn a_call_of_another_thread_may_come_between() {
    log(
        "SYSCALL[100,1](0) sys_read ( 4, 0x500010, 8 ) --> [async] ... \n\
         SYSCALL[100,2](11) sys_munmap ( 0x4800000, 4096 )[sync] --> Success(0x0) \n\
         SYSCALL[100,2](60) exit( 0 ) --> [pre-success] Success(0x0) \n\
         SYSCALL[100,1](0) ... [async] --> Success(0x8) \n\
         SYSCALL[100,1](231) exit_group( 0 ) --> [pre-success] Success(0x0) \n",
    )
    .becomes(
        "munmap 1 0x4800000 4K
         copyout 1 0x500010 8B
         exit 1",
    );
}

#[test]
fn mremap_says_what_is_lost() {
    let loss = "# mremap: as munmap and mmap of anonymous memory; the pages lose their contents";
    log("SYSCALL[100,1](25) sys_mremap ( 0x4800000, 8192, 16384, 0x1, 0x0 ) --> [pre-success] Success(0x4800000) \n\
         SYSCALL[100,1](25) sys_mremap ( 0x4800000, 16384, 4096, 0x1, 0x0 ) --> [pre-success] Success(0x4800000) \n\
         SYSCALL[100,1](25) sys_mremap ( 0x4800000, 4096, 8192, 0x1, 0x0 ) --> [pre-success] Success(0x4900000) \n")
    .becomes(&format!(
        "{loss}
         mmap 1 0x4802000 8K rw private anon
         {loss}
         munmap 1 0x4801000 12K
         {loss}
         munmap 1 0x4800000 4K
         mmap 1 0x4900000 8K rw private anon"
    ));
}

#[test]
fn calls_without_a_trace_are_counted() {
    let records = log("SYSCALL[100,1](102) sys_getuid ( )[sync] --> Success(0x0) \n")
        .summary()
        .records;
    assert_eq!(records.ignored["getuid"], 1);
    assert_eq!(records.calls["getuid"], 1);
}

#[test]
fn a_thread_begins_on_the_line_of_its_clone() {
    let clone = "SYSCALL[100,1](56) sys_clone ( 3d0f00, 0x500f70, 0x500990, 0x500990, 0x5006c0 ) \
                 --> [pre-success] Success(0x871) ";
    let map = "SYSCALL[100,2](9) sys_mmap ( 0x0, 8192, 3, 34, 4294967295, 0 ) \
               --> [pre-success] Success(0x600000) ";
    for (first, event) in [
        ("I  0494db42,3", "exec 1 0x494db42"),
        (" S 00500000,8", "write 1 0x500000 8B"),
        (map, "mmap 1 0x600000 8K rw private anon"),
    ] {
        let log = log(&format!("{clone}{first}\n L 00500008,8\n"));
        log.becomes(&format!("{event}\nread 1 0x500008 8B"));
        assert_eq!(log.summary().records.calls["clone"], 1);
    }
}
