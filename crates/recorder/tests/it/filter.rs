//! A log that is filtered while it is written: what is left is less, and faults in
//! the same places.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::PathBuf;
use std::rc::Rc;

use lzma_rust2::XzReader;
use recorder::compact::{Compaction, RECENT_MAX};
use recorder::filter::Filter;
use recorder::import::Request;
use solution::Reference;
use tempfile::TempDir;
use vmsim::machine::Machine;
use vmtrace::text::parser::Parser;

use crate::workspace::{recorded, trace};

const CALL: &str = "SYSCALL[100,1](39) sys_getpid ( )[sync] --> Success(0x64) \n";

/// What the filter leaves of a log that comes in these pieces.
fn filtered<'a>(mode: Compaction, pieces: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut filter = Filter::new(mode);
    let mut out = Vec::new();
    for piece in pieces {
        filter.take(piece, &mut out).unwrap();
    }
    filter.finish(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[track_caller]
fn leaves(log: &str, left: &str) {
    assert_eq!(filtered(Compaction::PerPage, [log.as_bytes()]), left);
}

#[test]
fn a_page_used_again_in_the_same_way_is_left_out() {
    leaves(
        "I  00401000,3\nI  00401ffe,2\n L 00401008,8\n L 00401010,1\n",
        "I  00401000,3\n L 00401008,8\n",
    );
    leaves(" S 00500000,8\n M 00500010,8\n", " S 00500000,8\n");
    leaves(
        " L 00500000,8\n M 00500010,8\n",
        " L 00500000,8\n M 00500010,8\n",
    );
}

#[test]
fn an_access_that_reaches_into_a_new_page_is_kept() {
    leaves(
        " S 00500000,8\n S 00500ffc,8\n S 00501000,8\n",
        " S 00500000,8\n S 00500ffc,8\n",
    );
}

#[test]
fn after_a_system_call_every_page_is_new() {
    let log = format!(" S 00500000,8\n{CALL} S 00500000,8\n");
    leaves(&log, &log);
    let returned = " S 00500000,8\n --> [pre-success] Success(0x0) \n S 00500000,8\n";
    leaves(returned, returned);
}

#[test]
fn the_filter_forgets_what_was_used_long_ago() {
    let page = |number: usize| format!(" L {:08x},8\n", 0x40_0000 + number * 0x1000);
    let pages: String = (0..=RECENT_MAX).map(page).collect();
    leaves(&(pages.clone() + &page(RECENT_MAX)), &pages);
    let log = pages.clone() + &page(0);
    leaves(&log, &log);
}

#[test]
fn all_that_is_no_access_is_kept_as_it_is() {
    let log = format!("==100== Lackey\n==100== \n{CALL}what is this?\n\n --> cut o");
    leaves(&log, &log);
}

#[test]
fn without_compaction_nothing_is_left_out() {
    let log = " L 00500000,8\n L 00500000,8\n";
    assert_eq!(filtered(Compaction::None, [log.as_bytes()]), log);
}

#[test]
fn a_log_may_come_in_any_two_pieces() {
    let log = format!(" S 00500000,8\n S 00500001,8\n{CALL} S 00500001,8\nI  00401000,3");
    let whole = filtered(Compaction::PerPage, [log.as_bytes()]);
    for at in 0..=log.len() {
        let (first, second) = log.as_bytes().split_at(at);
        assert_eq!(filtered(Compaction::PerPage, [first, second]), whole);
    }
}

#[test]
fn a_log_that_ends_in_an_execve_says_so() {
    let exec = "SYSCALL[100,1](59) sys_execve ( 0x500000(/bin/ls), 0x0, 0x0 )";
    for (log, ends_in_exec) in [
        (exec.to_owned(), true),
        (format!("{exec}\n"), true),
        (format!("{exec} --> [pre-fail] Failure(0x2) \n"), false),
        (format!("{exec}\nI  00401000,3\n"), false),
        (CALL.to_owned(), false),
    ] {
        let mut filter = Filter::new(Compaction::PerPage);
        filter.take(log.as_bytes(), &mut Vec::new()).unwrap();
        filter.finish(&mut Vec::new()).unwrap();
        assert_eq!(filter.ends_in_exec, ends_in_exec, "{log}");
    }
}

/// All faults of a request's replay: process, address, class.
fn faults(request: &Request) -> Vec<String> {
    let (text, _) = trace(request).unwrap();
    let events = Parser::new(text.as_bytes()).unwrap();
    let mut machine = Machine::new(*events.config(), Rc::new(Reference));
    let mut faults = Vec::new();
    for line in events {
        let seen = machine.step(&line.unwrap().event);
        for class in &seen.faults {
            faults.push(format!("{:?} {:?} {class}", seen.pid, seen.addr));
        }
    }
    faults
}

/// A folder of recorded logs, filtered.
fn filtered_logs(names: &[&str]) -> (TempDir, Vec<PathBuf>) {
    let folder = TempDir::new().unwrap();
    let paths = names.iter().map(|name| {
        let packed = File::open(recorded(&format!("{name}.log.xz"))).unwrap();
        let mut log = Vec::new();
        let mut unpacked = XzReader::new(BufReader::new(packed), true);
        unpacked.read_to_end(&mut log).unwrap();
        let path = folder.path().join(name);
        // Pieces that end anywhere, as they do when the log is still written.
        let left = filtered(Compaction::PerPage, log.chunks(1009));
        assert!(left.len() < log.len(), "{name} is as large as before");
        std::fs::write(&path, left).unwrap();
        path
    });
    let paths = paths.collect();
    (folder, paths)
}

#[test]
fn a_filtered_log_faults_in_the_same_places() {
    let (_folder, logs) = filtered_logs(&["demo-parent", "demo-child", "true"]);
    let demo = Request {
        log: recorded("demo-parent.log.xz"),
        children: vec![recorded("demo-child.log.xz")],
        segments: Some(recorded("demo-segments.txt")),
        ..Request::default()
    };
    let filtered = Request {
        log: logs[0].clone(),
        children: vec![logs[1].clone()],
        ..demo.clone()
    };
    assert_eq!(faults(&filtered), faults(&demo));
    let of = |log: PathBuf| Request {
        log,
        ..Request::default()
    };
    assert_eq!(
        faults(&of(logs[2].clone())),
        faults(&of(recorded("true.log.xz")))
    );
}
