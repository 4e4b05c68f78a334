//! How fast a trace is read: `cargo bench -p bench --bench read`.
//!
//! The same million events, as text and in the binary form, beside what would read them
//! fastest if nothing else mattered: a scanner that knows accesses only, believes what
//! it reads and keeps 16 bytes of each, and records of 16 bytes that lie in memory.
//! The counter tells events a second; the shares at the end come from the fastest of
//! several rounds, in each of which all of them run one after the other.

mod scanner;
mod works;

use std::hint::black_box;
use std::io::{BufRead, BufReader};
use std::time::{Duration, Instant};

use divan::Bencher;
use divan::counter::ItemsCount;
use vmtrace::open::{Trace, open};
use vmtrace::plain::Plain;

use works::{EVENTS, Work};

/// Rounds for the shares.
const ROUNDS: usize = 15;

/// What a file is read through, as the runner does.
const BUFFER: usize = 1 << 16;

fn main() {
    divan::main();
    if !std::env::args().any(|argument| argument == "--test" || argument == "--list") {
        shares();
    }
}

#[divan::bench(args = Work::ALL, sample_count = 20)]
fn text(bencher: Bencher, work: Work) {
    let text = work.text();
    bench(bencher, || sum(&text[..]));
}

#[divan::bench(args = Work::ALL, sample_count = 20)]
fn text_through_a_buffer(bencher: Bencher, work: Work) {
    let text = work.text();
    bench(bencher, || sum(BufReader::with_capacity(BUFFER, &text[..])));
}

#[divan::bench(args = Work::ALL, sample_count = 20)]
fn text_by_a_bare_scanner(bencher: Bencher, work: Work) {
    let text = work.text();
    bench(bencher, || scanner::sum(&text));
}

#[divan::bench(args = Work::ALL, sample_count = 20)]
fn binary(bencher: Bencher, work: Work) {
    let binary = work.binary();
    bench(bencher, || sum(&binary[..]));
}

#[divan::bench(args = Work::ALL, sample_count = 20)]
fn binary_through_a_buffer(bencher: Bencher, work: Work) {
    let binary = work.binary();
    bench(bencher, || {
        sum(BufReader::with_capacity(BUFFER, &binary[..]))
    });
}

#[divan::bench(args = Work::ALL, sample_count = 20)]
fn records_in_memory(bencher: Bencher, work: Work) {
    let records = scanner::records(&work.text());
    bench(bencher, || scanner::sum_records(&records));
}

fn bench(bencher: Bencher, read: impl Fn() -> u64 + Sync) {
    bencher
        .counter(ItemsCount::new(EVENTS))
        .bench(|| black_box(read()));
}

/// Reads a trace as a replay that tells classes does, and adds up the addresses of its
/// accesses.
fn sum(reader: impl BufRead) -> u64 {
    let mut trace = open(reader).expect("the work is a trace");
    let mut sum = 0;
    loop {
        let read = match &mut trace {
            Trace::Text(parser) => parser.plain(|lines| sum_of(lines)),
            Trace::Binary(decoder) => decoder.plain(|words| sum_of(words)),
        };
        sum ^= read.expect("the work is a trace");
        let Some(line) = &trace.next() else {
            return sum;
        };
        let op = &line.as_ref().expect("the work is a trace").event.op;
        if op.is_access() {
            sum ^= op.addr().map_or(0, |addr| addr.0);
        }
    }
}

fn sum_of(accesses: &mut impl Plain) -> u64 {
    accesses.fold(0, |sum, access| sum ^ access.addr.0)
}

/// What share of a bare reader's speed ours has.
fn shares() {
    println!(
        "\nnanoseconds an event, the fastest of {ROUNDS} rounds, and the share of the bare reader's speed"
    );
    for work in Work::ALL {
        let (text, binary) = (work.text(), work.binary());
        let records = scanner::records(&text);
        let buffered = |bytes| BufReader::with_capacity(BUFFER, bytes);
        let rows: [(&str, &dyn Fn() -> u64); 6] = [
            ("text, a bare scanner", &|| scanner::sum(&text)),
            ("text", &|| sum(&text[..])),
            ("text, through a buffer", &|| sum(buffered(&text[..]))),
            ("binary, records in memory", &|| {
                scanner::sum_records(&records)
            }),
            ("binary", &|| sum(&binary[..])),
            ("binary, through a buffer", &|| sum(buffered(&binary[..]))),
        ];
        let fastest = fastest(&rows.map(|(_, read)| read));
        let nanoseconds = |time: Duration| time.as_secs_f64() * 1e9 / EVENTS as f64;
        for (number, (name, _)) in rows.iter().enumerate() {
            let (bare, own) = (fastest[number / 3 * 3], fastest[number]);
            println!(
                "{:6} {name:28} {:6.2} ns {:5.0} %",
                work.to_string(),
                nanoseconds(own),
                100.0 * bare.as_secs_f64() / own.as_secs_f64()
            );
        }
    }
}

fn fastest(reads: &[&dyn Fn() -> u64; 6]) -> [Duration; 6] {
    let mut fastest = [Duration::MAX; 6];
    for _ in 0..ROUNDS {
        for (read, fastest) in reads.iter().zip(&mut fastest) {
            let start = Instant::now();
            black_box(read());
            *fastest = start.elapsed().min(*fastest);
        }
    }
    fastest
}
