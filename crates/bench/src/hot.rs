//! The hot paths: what happens millions of times in a long replay, as work to be counted.

use std::io::Write;
use std::rc::Rc;

use runner::log::Record;
use runner::replay::{Format, Replay};
use solution::Reference;
use vmsim::event::{Config, Event};
use vmtrace::binary::encode::Encoder;
use vmtrace::open::open;
use vmtrace::text::print::Printer;

use crate::classes::{self, EVENTS, Scenario};
use crate::events::{self, Pages};

/// A hot path.
pub struct Path {
    /// What it is called.
    pub name: &'static str,
    prepare: Prepare,
}

/// How often the work of each goes along it.
pub const COUNT: u64 = EVENTS;

/// Work that goes [`COUNT`] times along a path.
pub type Work = Box<dyn FnMut()>;

enum Prepare {
    /// Events of a class, without a trace around them.
    Events,
    /// All but the events.
    Other(fn() -> Work),
}

const OTHERS: [Path; 5] = [
    other("text line", text_line),
    other("binary record", binary_record),
    other("log line", log_line),
    other("replay of a hit, binary, no log", || {
        replay(Format::Summary)
    }),
    other("replay of a hit, binary, with log", || replay(Format::Log)),
];

const fn other(name: &'static str, prepare: fn() -> Work) -> Path {
    Path {
        name,
        prepare: Prepare::Other(prepare),
    }
}

/// All of them, in the order in which they are told: an event of each class, then what is
/// around events.
pub fn all() -> Vec<Path> {
    let events = classes::ALL.iter().map(|scenario| Path {
        name: scenario.name,
        prepare: Prepare::Events,
    });
    events.chain(OTHERS).collect()
}

impl Path {
    /// Makes everything that is not to be counted.
    pub fn work(&self) -> Work {
        match self.prepare {
            Prepare::Other(prepare) => prepare(),
            Prepare::Events => {
                let of_name = |scenario: &&Scenario| scenario.name == self.name;
                let scenario = classes::ALL.iter().find(of_name);
                events(scenario.expect("paths are made from scenarios"))
            }
        }
    }
}

fn events(scenario: &Scenario) -> Work {
    let plan = (scenario.plan)();
    let mut machine = plan.machine();
    Box::new(move || plan.run(&mut machine))
}

fn text_line() -> Work {
    read_all(text(&hits()))
}

fn binary_record() -> Work {
    read_all(binary(&hits()))
}

fn read_all(trace: Vec<u8>) -> Work {
    Box::new(move || {
        let lines = open(&trace[..]).expect("the trace was just written");
        for line in lines {
            std::hint::black_box(line.expect("the trace was just written"));
        }
    })
}

/// The line of a hit, with its columns.
fn log_line() -> Work {
    let plan = (classes::ALL[0].plan)();
    let event = plan.measured[0].clone();
    let seen = plan.observations().swap_remove(0);
    let mut out = Vec::with_capacity(1 << 20);
    Box::new(move || {
        for line in 0..EVENTS {
            let record = Record::of_event(line, "read 1 0x100000000", &event, &seen);
            writeln!(out, "{record}").expect("memory takes everything");
        }
    })
}

/// All of a replay: reading, the machine, and what is written. The faults that bring the
/// pages in are few.
fn replay(format: Format) -> Work {
    let trace = binary(&hits());
    let mut out = Vec::with_capacity(1 << 20);
    Box::new(move || {
        let replay = Replay::new(&trace[..], Rc::new(Reference), format);
        let mut replay = replay.expect("the trace was just written");
        let end = replay.run(&mut out).map(std::hint::black_box);
        assert!(end.is_ok(), "the trace was just written");
    })
}

/// Reads of a few pages that were written before.
fn hits() -> Vec<Event> {
    let pages = Pages::new(0x10_0000, 4);
    let mut all = vec![events::map(1, pages)];
    all.extend(pages.iter().map(|page| events::write(1, page)));
    let reads = pages.iter().cycle().map(|page| events::read(1, page));
    all.extend(reads.take(EVENTS as usize));
    all
}

fn text(events: &[Event]) -> Vec<u8> {
    let printer = Printer::new(Vec::new(), &Config::default());
    let mut printer = printer.expect("the usual machine can be written");
    for event in events {
        printer.write(event).expect("the event is valid");
    }
    printer.finish().expect("memory takes everything")
}

fn binary(events: &[Event]) -> Vec<u8> {
    let encoder = Encoder::new(Vec::new(), &Config::default());
    let mut encoder = encoder.expect("the usual machine can be written");
    for event in events {
        encoder.write(event).expect("the event is valid");
    }
    encoder.finish().expect("memory takes everything")
}
