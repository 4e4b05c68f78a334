//! Replay streams: memory does not grow with the length of the trace.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::process::{Command, Stdio};

/// Events of the short and of the long run.
const SHORT: u64 = 1_000_000;
const LONG: u64 = 10_000_000;

/// What the long run may need more than the short one, in KiB: noise of the
/// allocator, but not one byte for each event.
const SLACK_KIB: u64 = 2_048;

/// Feeds the program a trace of so many events and returns its peak memory in
/// KiB, as the kernel tells while the program waits for more.
fn peak_kib(events: u64) -> u64 {
    let mut child = Command::new(env!("CARGO_BIN_EXE_solution"))
        .args(["--format", "summary"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let mut trace = BufWriter::new(child.stdin.take().unwrap());
    write_trace(&mut trace, events).unwrap();
    trace.flush().unwrap();
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
    drop(trace);
    assert!(child.wait().unwrap().success());
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = peak.and_then(|peak| peak.trim().strip_suffix(" kB"));
    kib.expect("Linux tells").parse().unwrap()
}

/// Processes that come, write, swap and go, again and again.
fn write_trace(out: &mut impl Write, events: u64) -> io::Result<()> {
    writeln!(out, "\nmachine frames=64 swap=64")?;
    writeln!(
        out,
        "file f 64K cold\nmmap 1 0x100000000 256K rw private anon"
    )?;
    writeln!(out, "mmap 1 0x200000000 64K rw shared f")?;
    for round in 0..events / 10 {
        let (anon, file) = (
            0x1_0000_0000 + round % 64 * 4096,
            0x2_0000_0000 + round % 16 * 4096,
        );
        let child = round + 2;
        writeln!(
            out,
            "write 1 {anon:#x}\nread 1 {file:#x}\nwrite 1 {file:#x}"
        )?;
        writeln!(
            out,
            "fork 1 {child}\nwrite {child} {anon:#x}\nwrite 1 {anon:#x}"
        )?;
        writeln!(
            out,
            "exit {child}\nmadvise 1 {anon:#x} 4K pageout\nread 1 {anon:#x}"
        )?;
        writeln!(out, "msync 1 {file:#x} 4K")?;
    }
    Ok(())
}

#[cfg(target_os = "linux")]
#[test]
#[ignore = "eleven million events: for an optimised build, `cargo test --release -- --ignored`"]
fn ten_million_events_need_no_more_memory_than_one_million() {
    let (short, long) = (peak_kib(SHORT), peak_kib(LONG));
    assert!(long <= short + SLACK_KIB, "{short} KiB, then {long} KiB");
}
