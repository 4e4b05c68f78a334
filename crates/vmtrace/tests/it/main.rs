//! Tests of the trace language, from the outside.

mod arbitrary;
mod damage;
mod generator;
mod linux;
mod malformed;
mod plain;
mod replay;
mod round_trip;
mod shrink;
mod words;

use vmsim::event::{Config, Event};
use vmtrace::Line;
use vmtrace::binary::encode::Encoder;
use vmtrace::error::ReadError;
use vmtrace::generate::{GeneratorOptions, generate};
use vmtrace::open::open;
use vmtrace::text::print::Printer;

/// A machine and its events, or what is wrong with them.
type Read = Result<(Config, Vec<Event>), ReadError>;

/// Reads a trace of either form.
fn read(bytes: &[u8]) -> Read {
    let mut trace = open(bytes)?;
    let config = *trace.config();
    let events = trace.by_ref().map(|line| line.map(|line| line.event));
    Ok((config, events.collect::<Result<_, _>>()?))
}

/// Reads the lines of a trace.
fn lines(bytes: &[u8]) -> Vec<Line> {
    let trace = open(bytes).expect("the trace is well-formed");
    trace
        .map(|line| line.expect("the trace is well-formed"))
        .collect()
}

fn text(config: &Config, events: &[Event]) -> String {
    let mut printer = Printer::new(Vec::new(), config).expect("the machine is valid");
    for event in events {
        printer.write(event).expect("the event is valid");
    }
    String::from_utf8(printer.finish().expect("memory can be written")).expect("a trace is UTF-8")
}

fn binary(config: &Config, events: &[Event]) -> Vec<u8> {
    let mut encoder = Encoder::new(Vec::new(), config).expect("the machine is valid");
    for event in events {
        encoder.write(event).expect("the event is valid");
    }
    encoder.finish().expect("memory can be written")
}

/// A trace with every kind of event in a few lines.
const EVERYTHING: &str = "\
machine frames=64 swap=64 cpus=2 seed=7 fault-around=16 readahead=1 heap=0x5000000 stack-limit=8M
file lib 12K cold
mmap 1 0x10000000 16K rw private anon
mmap 1 0x20000000 8K r shared lib+0x1000 populate
mmap 1 0x30000000 8K none private anon growsdown
munmap 1 0x10003000 4K
mprotect 1 0x10000000 4K rwx
madvise 1 0x10000000 4K pageout
brk 1 0x5001000
fork 1 2
exit 2
read 1 0x10000ffc 8B
write 1 0x10000000 8B =255
exec 1 0x10000000 @1
copyin 1 0x10000000
copyout 1 0x10000000 2B =7
load lib+0x2000 4K
drop lib
msync 1 0x20000000 8K
sigaction 1 bus handler
";

/// A random trace with everything in it.
fn random(seed: u64, events: usize) -> (Config, Vec<Event>) {
    generate(
        seed,
        &GeneratorOptions {
            events,
            cpus: 2,
            ..GeneratorOptions::default()
        },
    )
}
