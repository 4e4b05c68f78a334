//! The hot paths: what happens millions of times in a long replay, as work to be counted.

use std::rc::Rc;

use runner::line;
use runner::log::Record;
use runner::replay::{Format, Replay};
use solution::Reference;
use vmsim::event::{Config, Event};
use vmtrace::binary::encode::Encoder;
use vmtrace::names::Names;
use vmtrace::open::open;
use vmtrace::text::print::{EventText, Printer};

use crate::classes::{self, EVENTS, Scenario};
use crate::events::{self, Pages};
use crate::plan::Look;

/// A hot path.
pub struct Path {
    /// What it is called.
    pub name: String,
    prepare: Prepare,
}

/// How often the work of each goes along it.
pub const COUNT: u64 = EVENTS;

/// Work that goes [`COUNT`] times along a path.
pub type Work = Box<dyn FnMut()>;

enum Prepare {
    /// Events of a class, without a trace around them.
    Events(&'static Scenario, Look),
    /// What is around events.
    Around(Make),
}

/// Makes everything that work needs and that is not to be counted.
type Make = fn() -> Work;

const AROUND: [(&str, Make); 8] = [
    ("swap-in, evicting, by the express lane", by_the_lane),
    ("text line", text_line),
    ("binary record", binary_record),
    ("log line", log_line),
    ("log line, read", log_line_read),
    ("replay of a hit, counted", || replay(Format::Summary)),
    ("replay of a hit, as a letter", || replay(Format::Classes)),
    ("replay of a hit, as a log line", || replay(Format::Log)),
];

/// An event of each class, in the order of the vocabulary.
pub fn events(look: Look) -> impl Iterator<Item = Path> {
    classes::ALL.iter().map(move |scenario| Path {
        name: match look {
            Look::Class => scenario.name.to_owned(),
            Look::All => format!("{}, observed", scenario.name),
        },
        prepare: Prepare::Events(scenario, look),
    })
}

/// What is around events: reading and writing them, and both with a hit between them.
pub fn around() -> impl Iterator<Item = Path> {
    AROUND.iter().map(|&(name, prepare)| Path {
        name: name.to_owned(),
        prepare: Prepare::Around(prepare),
    })
}

/// The path of that name.
pub fn find(name: &str) -> Option<Path> {
    let all = events(Look::Class).chain(events(Look::All)).chain(around());
    all.into_iter().find(|path| path.name == name)
}

impl Path {
    /// Makes everything that is not to be counted.
    pub fn work(&self) -> Work {
        match self.prepare {
            Prepare::Around(prepare) => prepare(),
            Prepare::Events(scenario, look) => on_machine(scenario, look),
        }
    }
}

fn on_machine(scenario: &Scenario, look: Look) -> Work {
    let plan = (scenario.plan)();
    let mut machine = plan.machine();
    Box::new(move || plan.run(&mut machine, look))
}

/// The class of that name without the reference's methods (see `vmsim::express`).
fn by_the_lane() -> Work {
    let evicting = |scenario: &&Scenario| scenario.name == "swap-in, evicting";
    let scenario = classes::ALL.iter().find(evicting);
    let mut plan = (scenario.expect("it is one of them").plan)();
    plan.config.cpus = 1;
    let mut machine = plan.machine().with_express(Rc::new(Reference));
    Box::new(move || plan.run(&mut machine, Look::Class))
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

/// What is read of the lines of a log, as whoever compares two does.
fn log_line_read() -> Work {
    let (trace, mut log) = (text(&hits()), Vec::new());
    let replay = Replay::new(&trace[..], Rc::new(Reference), Format::Log);
    let end = replay.expect("the trace was just written").run(&mut log);
    assert!(end.is_ok(), "the trace was just written");
    let log = String::from_utf8(log).expect("a log is text");
    Box::new(move || {
        for line in log.lines() {
            std::hint::black_box(Record::parse(line));
        }
    })
}

/// The line of a hit, with its columns.
fn log_line() -> Work {
    let plan = (classes::ALL[0].plan)();
    let event = plan.measured[0].clone();
    let seen = plan.observations().swap_remove(0);
    let names = Names::default();
    let mut out = String::with_capacity(1 << 20);
    Box::new(move || {
        let (event, names) = (&event, &names);
        for number in 0..EVENTS {
            let text = EventText { event, names };
            line::write(&mut out, number, text, &seen).expect("memory takes everything");
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
