//! What the program writes, and how it refuses what is no trace.

use std::fs;
use std::path::Path;
use std::rc::Rc;

use runner::replay::{Format, Replay};
use solution::Reference;

/// A trace with a repair, a copy, a refusal after a repair, and what is no fault.
const TRACE: &str = "machine cpus=2
file lib 8K cold
sigaction 1 segv handler
mmap 1 0x10000000 16K rw private anon
write 1 0x10000000 =7
fork 1 2 @1
write 2 0x10000000 =8
mmap 1 0x20000000 8K rw private lib
write 1 0x20001000
exec 1 0x10001000
copyout 1 0x30000000
read 1 0x800000000000
";

fn output(format: Format) -> String {
    output_of(TRACE, format)
}

fn output_of(trace: &str, format: Format) -> String {
    let mut out = Vec::new();
    let mut replay = Replay::new(trace.as_bytes(), Rc::new(Reference), format).unwrap();
    replay.run(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// Lines of handlers move when the solution is edited; the slide is the same.
fn settings() -> insta::Settings {
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r" +(lab\d)\.rs:\d+", "  $1.rs:LINE");
    settings
}

#[test]
fn the_seven_steps() {
    settings().bind(|| insta::assert_snapshot!(output(Format::Steps)));
}

#[test]
fn a_film() {
    settings().bind(|| {
        let mut settings = insta::Settings::clone_current();
        settings.add_filter(r"\.rs:\d+", ".rs:LINE");
        settings.bind(|| insta::assert_snapshot!(output(Format::Film)));
    });
}

#[test]
fn a_json_object_for_each_event() {
    insta::assert_snapshot!(output(Format::Json));
}

#[test]
fn a_letter_for_each_event_joined_where_it_took_several_faults() {
    let letters = output(Format::Classes);
    // file, sigaction, mmap; write; fork; write; mmap; write; exec; copyout; read.
    // A fetch from an untouched page brings it in and is refused: two letters.
    assert_eq!(letters, "---d-c-Fz+AMK\n");
}

#[test]
fn the_letters_of_a_long_trace_stand_in_lines_of_64() {
    let trace = "sigaction 1 segv handler\n".to_owned() + &"read 1 0x1000\n".repeat(128);
    let letters = output_of(&trace, Format::Classes);
    let lengths: Vec<usize> = letters.lines().map(str::len).collect();
    assert_eq!(lengths, [64, 64, 1]);
}

#[test]
fn a_range_that_is_refused_before_it_is_touched_is_no_page_fault() {
    let kernels = output_of("copyin 1 0xffff800000000000", Format::Steps);
    assert!(kernels.contains("access_ok, rule R18"), "{kernels}");
    // An address that nobody mapped is a page fault, in a system call as well.
    let unmapped = output_of("copyin 1 0x30000000", Format::Steps);
    assert!(unmapped.contains("1 the MMU detects"), "{unmapped}");
    assert!(!unmapped.contains("access_ok"), "{unmapped}");
}

#[test]
fn all_seven_steps_stand_in_order_for_every_fault() {
    let steps: Vec<u32> = output(Format::Steps)
        .lines()
        .filter(|line| line.starts_with("      ") && !line.starts_with("       "))
        .filter_map(|line| line.trim_start().chars().next()?.to_digit(10))
        .collect();
    assert!(!steps.is_empty());
    assert!(steps.chunks(7).all(|fault| fault == [1, 2, 3, 4, 5, 6, 7]));
}

#[test]
fn every_malformed_trace_is_refused_with_its_line_and_column() {
    let folder = "../../crates/vmtrace/tests/malformed";
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|end| end != "trace") {
            continue;
        }
        let trace = fs::read(&path).unwrap();
        let refused = match Replay::new(&trace[..], Rc::new(Reference), Format::Log) {
            Ok(mut replay) => matches!(
                replay.run(&mut Vec::new()),
                Err(runner::replay::Stopped::Trace(_))
            ),
            Err(_) => true,
        };
        assert!(refused, "{}", path.display());
    }
}
