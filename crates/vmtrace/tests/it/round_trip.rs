//! What is written is read again.

use proptest::prelude::*;
use vmsim::addr::{CpuId, Pid, VirtAddr};
use vmsim::event::{Event, Op};
use vmtrace::generate::{GeneratorOptions, Groups, generate};
use vmtrace::names::Names;
use vmtrace::text::print::EventText;

use crate::{EVERYTHING, arbitrary, binary, read, text};

proptest! {
    #[test]
    fn any_trace_survives_its_text((config, events) in arbitrary::trace()) {
        let written = text(&config, &events);
        prop_assert_eq!(read(written.as_bytes()).unwrap(), (config, events));
    }

    #[test]
    fn any_trace_survives_its_binary_form((config, events) in arbitrary::trace()) {
        prop_assert_eq!(read(&binary(&config, &events)).unwrap(), (config, events));
    }

    #[test]
    fn a_random_trace_survives_both(seed: u64, cpus in 1..=4_u8, quiet: bool) {
        let groups = if quiet { Groups::NONE } else { Groups::ALL };
        let options = GeneratorOptions { cpus, groups, ..GeneratorOptions::default() };
        let (config, events) = generate(seed, &options);
        let written = text(&config, &events);
        prop_assert_eq!(&read(written.as_bytes()).unwrap(), &(config, events.clone()));
        prop_assert_eq!(read(&binary(&config, &events)).unwrap(), (config, events));
    }
}

#[test]
fn the_printer_writes_the_canonical_text() {
    let (config, events) = read(EVERYTHING.as_bytes()).unwrap();
    assert_eq!(text(&config, &events), EVERYTHING);
}

#[test]
fn addresses_and_values_are_written_as_std_writes_them() {
    let around = |bit: u32| [(1 << bit) - 1, 1 << bit, (1 << bit) + 1];
    let numbers = (0..u64::BITS).flat_map(around).chain([u64::MAX]);
    for number in numbers {
        let size = number as u16;
        let op = Op::Write {
            pid: Pid(number as u32),
            addr: VirtAddr(number),
            size,
            value: Some(number),
        };
        let (event, names) = (&Event { cpu: CpuId(0), op }, &Names::default());
        let size = if size == 1 {
            String::new()
        } else {
            format!(" {size}B")
        };
        let expected = format!("write {} {number:#x}{size} ={number}", number as u32);
        assert_eq!(EventText { event, names }.to_string(), expected);
    }
}

#[test]
fn an_access_takes_few_bytes() {
    let (config, events) = crate::random(1, 10_000);
    let size = binary(&config, &events).len();
    assert!(size < 10_000 * 12, "{size} bytes for 10,000 events");
}

#[test]
fn a_long_run_of_accesses_takes_a_word_for_each() {
    let (config, _) = read(b"").unwrap();
    let access = |number: u64| Event {
        cpu: CpuId(0),
        op: match number % 3 {
            0 => Op::Read {
                pid: Pid(7),
                addr: VirtAddr(number << 20),
                size: 8,
            },
            1 => Op::Write {
                pid: Pid(7),
                addr: VirtAddr(number),
                size: 4096,
                value: None,
            },
            _ => Op::Exec {
                pid: Pid(7),
                addr: VirtAddr(number.wrapping_neg()),
            },
        },
    };
    let events: Vec<_> = (0..10_000).map(access).collect();
    let written = binary(&config, &events);
    assert!(written.len() < 8 * 10_000 + 100, "{} bytes", written.len());
    assert_eq!(read(&written).unwrap(), (config, events));
}

#[test]
fn an_empty_trace_is_one() {
    let (config, events) = read(b"").unwrap();
    assert_eq!(read(&binary(&config, &events)).unwrap(), (config, events));
}
