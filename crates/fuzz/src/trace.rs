//! The trace language: whatever is read can be written, and is read again the same.

use vmsim::event::{Config, Event};
use vmtrace::binary::encode::Encoder;
use vmtrace::error::ReadError;
use vmtrace::open::open;
use vmtrace::text::print::Printer;

/// Reads any bytes as a trace; what can be read survives both forms.
///
/// # Panics
///
/// If it does not.
pub fn is_read_or_refused(bytes: &[u8]) {
    let Ok((config, events)) = read(bytes) else {
        return;
    };
    for written in [text(&config, &events), binary(&config, &events)] {
        let again = read(&written).unwrap_or_else(|error| panic!("written, and not read: {error}"));
        assert!(again == (config, events.clone()), "another trace came back");
    }
}

fn read(bytes: &[u8]) -> Result<(Config, Vec<Event>), ReadError> {
    let mut trace = open(bytes)?;
    let config = *trace.config();
    let events = trace.by_ref().map(|line| line.map(|line| line.event));
    Ok((config, events.collect::<Result<_, _>>()?))
}

fn text(config: &Config, events: &[Event]) -> Vec<u8> {
    let mut printer = Printer::new(Vec::new(), config).expect("it was read");
    for event in events {
        printer.write(event).expect("it was read");
    }
    printer.finish().expect("memory can be written")
}

fn binary(config: &Config, events: &[Event]) -> Vec<u8> {
    let mut encoder = Encoder::new(Vec::new(), config).expect("it was read");
    for event in events {
        encoder.write(event).expect("it was read");
    }
    encoder.finish().expect("memory can be written")
}
