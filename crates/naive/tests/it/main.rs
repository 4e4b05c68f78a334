//! Each naive kernel is shown to be wrong by what is known of Linux: a trace that
//! notes behind `# =>` what the kernel does, on which the reference agrees with the
//! notes and the naive kernel does not.

use std::collections::BTreeSet;
use std::rc::Rc;

use naive::machine;
use naive::rule::NaiveRule;
use vmsim::event::{Config, Event};
use vmsim::fault::Delivery;
use vmsim::machine::Machine;
use vmsim::observe::{End, Observation};
use vmtrace::generate::{GeneratorOptions, generate};
use vmtrace::text::parser::Parser;

/// Events that a trace may have: more show nothing better.
const EVENTS_MAX: usize = 12;

/// The one rule that counters, signals and values cannot tell from Linux's on one
/// CPU.
const SEEN_BY_FRAME: NaiveRule = NaiveRule::NeverReuses;

/// An event of a trace: the text, what it notes of Linux, and what came of it.
struct Played {
    text: String,
    noted: Option<String>,
    seen: Observation,
}

/// Plays a trace on a machine with one rule broken, or none.
fn play(trace: &str, rule: Option<NaiveRule>) -> Vec<Played> {
    let mut parser = Parser::new(trace.as_bytes()).unwrap();
    let mut machine = machine(*parser.config(), rule);
    let mut played = Vec::new();
    while let Some(line) = parser.next() {
        let line = line.unwrap();
        let text = trace.lines().nth(line.number as usize - 1).unwrap();
        played.push(Played {
            text: text.split('#').next().unwrap_or(text).trim().to_owned(),
            noted: parser.outcome().map(str::to_owned),
            seen: machine.step(&line.event),
        });
    }
    played
}

/// What came of an event, in the words of the notes.
fn in_full(seen: &Observation) -> String {
    outcome(seen, seen.faults.iter().map(ToString::to_string).collect())
}

/// What a program, and whoever counts its faults, can see of an event.
fn natively(seen: &Observation) -> String {
    let weight = |major| if major { "major" } else { "minor" };
    let faults = seen.faults.iter().map(|fault| weight(fault.major));
    outcome(seen, faults.map(str::to_owned).collect())
}

fn outcome(seen: &Observation, mut parts: Vec<String>) -> String {
    match seen.end {
        End::Done if parts.is_empty() && seen.is_access => parts.push("hit".to_owned()),
        End::Done => {}
        End::Signalled(_, Delivery::ReturnEfault) => parts.push("EFAULT".to_owned()),
        End::Signalled(signal, _) => parts.push(signal.code.to_string()),
        End::Failed(errno) => parts.push(errno.to_string()),
        End::OutOfMemory => parts.push("oom".to_owned()),
        End::Livelock => parts.push("livelock".to_owned()),
    }
    let value = seen.value.map(|value| format!(" ={value}"));
    parts.join(" then ") + &value.unwrap_or_default()
}

/// The first event on which a naive kernel and the reference differ.
fn first_difference(rule: NaiveRule, view: fn(&Observation) -> String) -> Option<String> {
    let pairs = play(rule.trace(), None)
        .into_iter()
        .zip(play(rule.trace(), Some(rule)));
    pairs
        .map(|(linux, naive)| (linux.text, view(&linux.seen), view(&naive.seen)))
        .find(|(_, linux, naive)| linux != naive)
        .map(|(text, linux, naive)| format!("{text}: Linux `{linux}`, naive `{naive}`"))
}

/// Whether the notes of a trace tell what came of an event; the value that was read
/// need not be noted.
fn agrees(noted: Option<&str>, found: &str) -> bool {
    match noted {
        Some(noted) if noted.contains('=') => noted == found,
        Some(noted) => noted == found.split(" =").next().unwrap_or(found),
        None => found.is_empty(),
    }
}

#[test]
fn the_reference_does_what_each_trace_notes_of_linux() {
    for rule in NaiveRule::ALL {
        for Played { text, noted, seen } in play(rule.trace(), None) {
            let found = in_full(&seen);
            assert!(
                agrees(noted.as_deref(), &found),
                "{}: {text}: found `{found}`",
                rule.name()
            );
        }
    }
}

#[test]
fn each_naive_kernel_is_shown_to_be_wrong() {
    let mut table = String::new();
    for &rule in NaiveRule::ALL {
        let view = if rule == SEEN_BY_FRAME {
            in_full
        } else {
            natively
        };
        let difference = first_difference(rule, view);
        let difference = difference.unwrap_or_else(|| panic!("{} shows nothing", rule.name()));
        table += &format!("{:<4}{:<29}{difference}\n", rule.rule(), rule.name());
    }
    insta::assert_snapshot!(table);
}

#[test]
fn a_trace_shows_one_rule_in_a_few_events() {
    for rule in NaiveRule::ALL {
        let events = play(rule.trace(), None).len();
        assert!(events <= EVENTS_MAX, "{} has {events}", rule.name());
    }
}

#[test]
fn each_rule_has_a_name_of_its_own_and_breaks_a_rule_that_there_is() {
    let names: BTreeSet<&str> = NaiveRule::ALL.iter().map(|rule| rule.name()).collect();
    assert_eq!(names.len(), NaiveRule::ALL.len());
    for rule in NaiveRule::ALL {
        let kebab = |c: char| c == '-' || c.is_ascii_lowercase();
        assert!(rule.name().chars().all(kebab), "{}", rule.name());
        let number = rule.rule().strip_prefix('R').unwrap().parse();
        assert!((1..=18).contains(&number.unwrap_or(0)), "{}", rule.name());
        assert!(!rule.belief().contains('\n'), "{}", rule.name());
    }
}

/// A random trace of everything, under some pressure for memory.
fn random(seed: u64, frames: u32) -> (Config, Vec<Event>) {
    let options = GeneratorOptions {
        events: 1000,
        frames,
        swap: frames,
        fault_around: 16,
        ..GeneratorOptions::default()
    };
    generate(seed, &options)
}

#[test]
fn without_a_rule_the_machine_is_the_reference() {
    for seed in 0..8 {
        let (config, events) = random(seed, 64);
        let mut reference = Machine::new(config, Rc::new(solution::Reference));
        let mut none = machine(config, None);
        for event in &events {
            assert_eq!(none.step(event), reference.step(event));
        }
    }
}

#[test]
fn a_naive_kernel_carries_any_trace_through() {
    for &rule in NaiveRule::ALL {
        for (seed, frames) in [(1, 65_536), (2, 65_536), (3, 40), (4, 40)] {
            let (config, events) = random(seed, frames);
            let mut naive = machine(config, Some(rule));
            for event in &events {
                let _observed = naive.step(event);
            }
        }
    }
}
