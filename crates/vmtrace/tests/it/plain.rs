//! A line, or a record, reads the same whether its reader sees all of it at once, and then
//! may be in a hurry, or byte by byte.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;

use proptest::prelude::*;
use proptest::sample::select;
use vmtrace::binary::decode::Decoder;
use vmtrace::text::parser::Parser;

use crate::damage::everything_in_binary;
use crate::{EVERYTHING, binary, random, read, text};

/// A machine with CPUs, for `@1`; and lines behind, so that a line is never the last.
const BEFORE: &str = "machine cpus=2\n";
const BEHIND: &str = "\nread 1 0x10000000 8B\nwrite 1 0x10000000 =7\nexec 1 0x10000000\n";

/// A binary trace of one CPU, up to its first record; and records behind.
const HEAD: &[u8] = b"\x8fVMT\x02\x40\x40\x01\x00\x01\x00\x80\x80\x80\x20\x80\x80\x80\x04";
const TAIL: &[u8] = b"\x04\x02\x04\x02\x04\x02\x04\x02\x04\x02\x00\x05";

/// Everything that a parser tells of a trace: events, comments, mistakes, and their lines.
fn told(reader: impl BufRead) -> Vec<String> {
    let mut parser = match Parser::new(reader) {
        Ok(parser) => parser,
        Err(error) => return vec![error.to_string()],
    };
    let mut told = Vec::new();
    while let Some(line) = parser.next() {
        told.push(match line {
            Ok(line) => format!("{line:?} {}", parser.comment()),
            Err(error) => error.to_string(),
        });
    }
    told
}

/// Everything that a decoder tells of a trace.
fn told_of_binary(reader: impl BufRead) -> Vec<String> {
    let decoder = match Decoder::new(reader) {
        Ok(decoder) => decoder,
        Err(error) => return vec![error.to_string()],
    };
    let told =
        decoder.map(|line| line.map_or_else(|error| error.to_string(), |line| format!("{line:?}")));
    told.collect()
}

/// Checks a binary trace at once, byte by byte, and with buffers that end in many places;
/// tells what it says.
fn check_binary(trace: &[u8]) -> Vec<String> {
    let told = told_of_binary(trace);
    for size in [1, 7, 64] {
        let pieces = told_of_binary(BufReader::with_capacity(size, trace));
        assert_eq!(told, pieces, "in pieces of {size}: {trace:x?}");
    }
    told
}

/// Checks a trace at once, byte by byte, and with buffers that end in many places.
fn check(trace: &[u8]) {
    let byte_by_byte = told(BufReader::with_capacity(1, trace));
    assert_eq!(told(trace), byte_by_byte, "at once");
    for size in [7, 64, 71] {
        let pieces = BufReader::with_capacity(size, trace);
        assert_eq!(told(pieces), byte_by_byte, "in pieces of {size}");
    }
}

fn check_line(line: &[u8]) {
    check(&[BEFORE.as_bytes(), line, BEHIND.as_bytes()].concat());
}

/// A line of parts that are right, or nearly.
fn line() -> impl Strategy<Value = String> {
    let verb = select(vec![
        "read", "write", "exec", "r", "w", "x", "copyin", "rea", "reads", "Read", "wr", "e", "",
    ]);
    let pid = select(vec![
        "1",
        "2",
        "9",
        "0",
        "01",
        "10",
        "123456789",
        "4294967295",
        "4294967296",
        "0x1",
        "-1",
        "",
    ]);
    let addr = select(vec![
        "0x1",
        "0x",
        "0x1234567",
        "0x12345678",
        "0x123456789",
        "0xABCDEFabcdef",
        "0x7fffffffffffffff",
        "0xffffffffffffffff",
        "0x0123456789abcdef0",
        "0x10000000000000000",
        "0x12345g78",
        "0x`1234567",
        "0x1234567:",
        "0X10000000",
        "10000000",
        "0x\u{e9}12345",
        "",
    ]);
    let size = select(vec![
        "", "", " 1B", " 8B", " 4096B", " 4097B", " 0B", " 08B", " 0008B", " 00008B", " 8", " 8b",
        " B", "8B", "\t8B",
    ]);
    let value = select(vec![
        "",
        "",
        " =7",
        " =255",
        " =256",
        " =0xff",
        " =0x100",
        " =0xffffffffffffffff",
        " =",
        " =0x",
        " =9999999999999999999",
        " =18446744073709551615",
        " =18446744073709551616",
        " =1x",
        "=7",
    ]);
    let cpu = select(vec![
        "", "", " @0", " @1", " @2", " @01", " @", "@1", " @1 @1",
    ]);
    let end = select(vec![
        "",
        "",
        "",
        " ",
        "\r",
        "\r\r",
        " # => minor",
        "# no",
        "\0",
        " 1",
    ]);
    let blank = || select(vec![" ", " ", " ", " ", " ", "  ", "\t", ""]);
    let words = (verb, blank(), pid, blank(), addr);
    (select(vec!["", "", "", " "]), words, size, value, cpu, end).prop_map(
        |(indent, (verb, gap, pid, second_gap, addr), size, value, cpu, end)| {
            format!("{indent}{verb}{gap}{pid}{second_gap}{addr}{size}{value}{cpu}{end}")
        },
    )
}

/// A word, most often of an access: the bits above its kind, of which one tells of a value,
/// its kind, its size less 1, and its address.
fn word() -> impl Strategy<Value = [u8; 8]> {
    let above = select(vec![0, 0, 0, 0, 0, 0, 1, 1, 2]);
    let kind = select(vec![0, 0, 1, 1, 2, 2, 3]);
    let size = select(vec![0, 0, 0, 7, 4095]);
    let addr = select(vec![0, 0x1000_0000, 0x7fff_ffff_ffff, 0x8000_0000_0000]);
    (above, kind, size, addr).prop_map(|(above, kind, size, addr): (u64, u64, u64, u64)| {
        (above << 62 | kind << 60 | size << 48 | addr).to_le_bytes()
    })
}

/// A record of words, which most often has as many as it says.
fn words() -> impl Strategy<Value = Vec<u8>> {
    let tag = select(vec![
        &b"\x14"[..],
        b"\x14",
        b"\x54\x02",
        b"\x54\x00",
        b"\x34\x01",
        b"\x94",
    ]);
    let surplus = select(vec![0, 0, 0, 0, 1]);
    (tag, surplus, proptest::collection::vec(word(), 0..6)).prop_map(|(tag, surplus, words)| {
        [tag, &[words.len() as u8 + surplus], &words.concat()].concat()
    })
}

/// Varints, one behind the other, of which some are longer than they need be, or too long.
fn numbers() -> impl Strategy<Value = Vec<u8>> {
    let number = select(vec![
        &b"\x00"[..],
        b"\x01",
        b"\x07",
        b"\x7f",
        b"\x80\x01",
        b"\x80\x20",
        b"\x81\x20",
        b"\x80\x00",
        b"\xff\xff\x03",
        b"\x80\x80\x80\x80\x80\x80\x80\x01",
        b"\xff\xff\xff\xff\xff\xff\xff\xff\x01",
        b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
        b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
    ]);
    proptest::collection::vec(number, 1..4).prop_map(|numbers| numbers.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn a_line_that_is_nearly_right_reads_the_same(line in line()) {
        check_line(line.as_bytes());
    }

    #[test]
    fn records_of_any_bytes_read_the_same(
        tags in proptest::collection::vec((select(vec![1, 2, 3, 4, 5, 13, 15, 0x41, 0x81, 0x82, 0x83, 0x84, 0xc1]), numbers()), 0..6)
    ) {
        let records = tags.iter().flat_map(|(tag, numbers)| [&[*tag], &numbers[..]].concat());
        check_binary(&[HEAD, &records.collect::<Vec<_>>(), TAIL].concat());
    }

    #[test]
    fn records_of_words_read_the_same(records in proptest::collection::vec(words(), 0..4)) {
        check_binary(&[HEAD, &records.concat(), TAIL].concat());
    }

    #[test]
    fn a_plain_line_with_any_byte_in_it_reads_the_same(at in 0..30_usize, byte: u8) {
        let mut line = b"write 1 0x1ffeffe7a0 8B =255 @1".to_vec();
        line[at] = byte;
        check_line(&line);
    }
}

#[test]
fn random_traces_read_the_same() {
    for seed in 0..8 {
        let (config, events) = random(seed, 500);
        check(text(&config, &events).as_bytes());
    }
}

#[test]
fn all_malformed_traces_read_the_same() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/malformed");
    for entry in fs::read_dir(folder).expect("the folder is in the repository") {
        check(&fs::read(entry.unwrap().path()).unwrap());
    }
}

#[test]
fn every_prefix_of_a_trace_reads_the_same() {
    for len in 0..EVERYTHING.len() {
        check(&EVERYTHING.as_bytes()[..len]);
    }
}

#[test]
fn binary_traces_read_the_same() {
    let told = check_binary(&[HEAD, TAIL].concat());
    assert_eq!(told.len(), 5, "{told:?}");
    for seed in 0..8 {
        let (config, events) = random(seed, 500);
        assert_eq!(check_binary(&binary(&config, &events)).len(), events.len());
    }
}

#[test]
fn damaged_binary_traces_read_the_same() {
    let whole = everything_in_binary();
    for at in 0..whole.len() {
        check_binary(&whole[..at]);
        for byte in 0..=u8::MAX {
            let mut bytes = whole.clone();
            bytes[at] = byte;
            check_binary(&bytes);
        }
    }
}

#[test]
fn a_process_0_is_refused_by_the_first_access() {
    // `file a 0 cold` with the number of a process, which nobody asks of it; then a read.
    let file = b"\x4f\x00\x01a\x00\x00";
    let told = check_binary(&[HEAD, file, b"\x01\x02", TAIL].concat());
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[1].contains("process 0"), "{}", told[1]);
}

/// What a binary trace says whose records are these, in its last line.
fn last_told(records: &[u8]) -> String {
    let told = check_binary(&[HEAD, records].concat());
    told.last().expect("it is never silent").clone()
}

#[test]
fn words_are_accesses() {
    let load = b"\xf8\xef\xcd\xab\x78\x56\x07\x00";
    let store = b"\x00\x10\x00\x00\x00\x80\x00\x10";
    let fetch = b"\x34\x12\x00\x00\x00\x00\x00\x20";
    let valued = b"\x00\x20\x00\x00\x00\x00\x01\x50\xff\x01\x00\x00\x00\x00\x00\x00";
    let words = [&load[..], store, valued, fetch].concat();
    let trace = [HEAD, b"\x54\x02\x05", &words, b"\x00\x04"].concat();
    let (config, events) = read(&trace).unwrap();
    let text = text(&config, &events);
    let expected = "read 2 0x5678abcdeff8 8B\nwrite 2 0xffff800000001000\nwrite 2 0x2000 2B =511\nexec 2 0x1234\n";
    assert!(text.ends_with(expected), "{text}");
    assert_eq!(check_binary(&trace).len(), 4);
}

#[test]
fn words_that_are_no_accesses_are_refused() {
    let load = b"\0\0\0\x10\0\0\0\0";
    let head = HEAD.len();
    let one = |tag: &[u8], word: &[u8; 8]| [tag, b"\x01", word].concat();
    for (what, records, at, expected) in [
        (
            "a kind of none",
            one(b"\x14", b"\0\0\0\0\0\0\0\x30"),
            9,
            "an access in a word, found `0x3000000000000000`",
        ),
        (
            "a fetch of two bytes",
            one(b"\x14", b"\0\0\0\0\0\0\x01\x20"),
            9,
            "an access in a word",
        ),
        (
            "a value of a read",
            one(b"\x14", b"\0\0\0\0\0\0\0\x40"),
            9,
            "an access in a word",
        ),
        (
            "a value that is not there",
            one(b"\x14", b"\0\0\0\0\0\0\0\x50"),
            9,
            "an access in a word",
        ),
        (
            "a value that is too wide",
            b"\x14\x02\0\0\0\0\0\0\0\x50\0\x01\0\0\0\0\0\0".to_vec(),
            17,
            "a value 256 in 1 bytes",
        ),
        (
            "the second word",
            [b"\x14\x02", &load[..], b"\0\0\0\0\0\0\0\x80"].concat(),
            17,
            "an access in a word",
        ),
        (
            "process 0",
            one(b"\x54\x00", load),
            10,
            "found no process 0",
        ),
        ("no such CPU", one(b"\x34\x01", load), 10, "found no CPU 1"),
        ("no word", b"\x14\x00".to_vec(), 1, "found `0x00`"),
        ("a size of all", one(b"\x94", load), 0, "a kind of event"),
        (
            "an end",
            [b"\x14\x02", &load[..], b"\0\x01"].concat(),
            12,
            "the end of the file",
        ),
    ] {
        let told = last_told(&records);
        let place = format!("byte {}: ", head + at);
        assert!(
            told.starts_with(&place) && told.contains(expected),
            "{what}: {told}"
        );
    }
}
