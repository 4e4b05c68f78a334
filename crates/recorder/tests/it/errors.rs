//! Logs that are none.

use std::path::PathBuf;

use crate::workspace::log;

const REMEDY: &str = "record with `valgrind --tool=lackey --trace-mem=yes --trace-syscalls=yes --log-file=FILE PROGRAM`";

#[test]
fn a_line_of_another_kind_is_named() {
    log("I  00401000,3\nhello\n").fails_with(&format!(
        "DIR/100.log:4: expected an access (`I  addr,size`, ` L`, ` S`, ` M`), `SYSCALL[…` or `==pid==`, found `hello`\nhelp: {REMEDY}"
    ));
}

#[test]
fn malformed_accesses_are_refused() {
    for line in [
        " L 00401000,0",
        " L 00401000,4097",
        " L ,8",
        " L 0040100g,8",
        " S 00401000",
        "I  11112222333344445,1",
    ] {
        assert!(log(&format!("{line}\n")).import().is_err(), "{line}");
    }
}

#[test]
fn malformed_calls_are_refused() {
    for line in [
        "SYSCALL[100](9) sys_brk ( 0x0 ) --> [pre-success] Success(0x0) ",
        "SYSCALL[100,1](12) sys_brk ( zero ) --> [pre-success] Success(0x1000) ",
        "SYSCALL[100,1](12) sys_brk ( 0x0 ) --> [pre-success] Perhaps(0x0) ",
        "SYSCALL[100,1](12) sys_brk ( 0x0 ) --> [pre-success] Success(0x",
        "SYSCALL[100,1](9) sys_mmap ( 0x0, 8192 ) --> [pre-success] Success(0x4800000) ",
    ] {
        assert!(log(&format!("{line}\n")).import().is_err(), "{line}");
    }
}

#[test]
fn a_last_line_cut_off_is_left_out_and_counted() {
    let whole =
        " S 00500000,1\nSYSCALL[100,1](12) sys_brk ( 0x0 ) --> [pre-success] Success(0x4000000) \n";
    for end in whole.len() - 20..whole.len() {
        let log = log(&whole[..end]);
        log.becomes("write 1 0x500000");
    }
    assert_eq!(log(" S 00500000,1\n S 005").summary().records.cut_lines, 1);
}

#[test]
fn a_file_without_a_banner_is_no_log() {
    let mut log = log("");
    log.request.log = log.file("other", "hello\n");
    log.fails_with(&format!(
        "DIR/other:1: expected `==pid==`, valgrind's banner, found `hello`\nhelp: {REMEDY}"
    ));
}

#[test]
fn a_missing_file_is_named() {
    let mut log = log("");
    log.request.log = PathBuf::from("/nowhere/x.log");
    log.fails_with(
        "/nowhere/x.log: No such file or directory (os error 2)\nhelp: check the path and the permissions; `.xz` files must be whole",
    );
}

#[test]
fn headers_that_say_nothing_are_refused() {
    log("").segments("Section headers\n").fails_with(
        "DIR/segments.txt: no `LOAD` line\nhelp: write the file with `readelf -lW PROGRAM`, where PROGRAM is linked with `-static -no-pie`",
    );
    log("").segments("  LOAD 0x0 0x0 0x0 0x10 0x10 R 0x1000\n").fails_with(
        "DIR/segments.txt: the program is position-independent\nhelp: link it with `-static -no-pie`, or import without segments",
    );
    log("").segments("\n  LOAD 0x10 0x400000 0x0 0x10 0x10 R 0x1000\n").fails_with(
        "DIR/segments.txt:2: expected `TYPE offset address physical file-size memory-size flags align`, \
         found `LOAD 0x10 0x400000 0x0 0x10 0x10 R 0x1000`\nhelp: \
         write the file with `readelf -lW PROGRAM`, where PROGRAM is linked with `-static -no-pie`",
    );
}
