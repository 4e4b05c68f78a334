//! The express lane: the same machine afterwards as by the reference's methods, whatever the
//! trace.

use std::cell::Cell;
use std::iter;
use std::rc::Rc;

use proptest::prelude::*;
use solution::Reference;
use vmsim::addr::VirtAddr;
use vmsim::event::{Config, Event, UserAccess};
use vmsim::express::{Express, Fault, Traded};
use vmsim::machine::{Came, Machine};
use vmsim::observe::{End, Outcome};
use vmtrace::generate::{GeneratorOptions, Groups, generate};
use vmtrace::text::parser::Parser;

use crate::properties::text;

/// The reference's lane, which counts how often it was taken.
#[derive(Default)]
struct Counting(Cell<u32>);

impl Express for Counting {
    fn handle(&self, fault: Fault<'_>) -> Option<Traded> {
        let traded = Reference.handle(fault)?;
        self.0.set(self.0.get() + 1);
        Some(traded)
    }
}

/// Everything that the machine holds, in words. The same machine has the same words.
fn state(machine: &mut Machine) -> Vec<String> {
    machine.follow();
    let rows = machine.take_changed();
    let k = machine.kernel();
    let mut told = vec![format!("{:?} {:?}", machine.cost(), machine.in_use())];
    for page in &rows.pages {
        let mm = k.mm(page.pid);
        let word: Vec<_> = (0..8)
            .map(|at| mm.byte(VirtAddr(page.vpn.start().0 + at)))
            .collect();
        let pte = mm.pte(page.vpn);
        told.push(format!(
            "{page:?} {pte:?} {word:?} {:?}",
            mm.entry(page.vpn)
        ));
    }
    for &pfn in &rows.frames {
        let (came_in, mappers) = (k.came_in(pfn), k.mappers(pfn));
        told.push(format!("{pfn:?} {:?} {came_in} {mappers:?}", k.frame(pfn)));
    }
    for &slot in &rows.slots {
        told.push(format!("{slot:?} {:?}", k.slot_references(slot)));
    }
    for &(cpu, asid, vpn) in &rows.remembered {
        told.push(format!(
            "{asid:?} {vpn:?} {:?}",
            k.remembered(cpu, asid, vpn)
        ));
    }
    for (pid, process) in machine.processes() {
        let faults = (process.minor_faults, process.major_faults);
        told.push(format!("{pid:?} {faults:?}"));
    }
    told
}

/// The outcome of an access of which only its class is told; what was read is not.
fn of_access(access: UserAccess, machine: &mut Machine, by_methods: &Outcome) -> String {
    let told = |faults| {
        let (mut told, end) = (by_methods.clone(), End::Done);
        (told.faults, told.end) = (faults, end);
        format!("{told:?}")
    };
    let miss = machine.hits(&mut iter::once(access));
    match miss.and_then(|miss| machine.missed(miss)) {
        None => told(Vec::new()),
        Some(Came::Express(class)) => told(vec![class]),
        Some(Came::Told) => format!("{:?}", machine.outcome()),
    }
}

/// Lets two machines do the same, one with the lane and one without, and tells the first
/// event that they disagree about, or how often the lane was taken.
fn taken(config: &Config, events: &[Event]) -> Result<u32, String> {
    let express = Rc::new(Counting::default());
    let machine = || Machine::new(*config, Rc::new(Reference));
    let (mut without, mut with) = (machine(), machine().with_express(express.clone()));
    for (number, event) in events.iter().enumerate() {
        let by_methods = without.run(event);
        let by_lane = match event.user_access().filter(|_| number % 2 == 0) {
            Some(access) => of_access(access, &mut with, by_methods),
            None => format!("{:?}", with.run(event)),
        };
        let by_methods = format!("{by_methods:?}");
        if by_methods != by_lane {
            return Err(format!("{event:?}: {by_methods}, or {by_lane}"));
        }
    }
    if let Some(violation) = with.audit().first() {
        return Err(violation.to_string());
    }
    the_same(&mut without, &mut with).map(|()| express.0.get())
}

/// Compares all that two machines hold, and tells the first difference.
fn the_same(one: &mut Machine, other: &mut Machine) -> Result<(), String> {
    let (one, other) = (state(one), state(other));
    match one.iter().zip(&other).find(|(one, other)| one != other) {
        Some((one, other)) => Err(format!("{one}, or {other}")),
        None if one.len() != other.len() => Err("there is more of one".to_owned()),
        None => Ok(()),
    }
}

/// Lets events happen, the program's accesses between two others in one go.
fn in_a_row(machine: &mut Machine, events: &[Event]) {
    let mut events = events.iter().peekable();
    while let Some(event) = events.peek() {
        match event.user_access() {
            Some(_) => {
                let mut accesses = iter::from_fn(|| {
                    let access = events.peek()?.user_access()?;
                    events.next();
                    Some(access)
                });
                while let Some(miss) = machine.hits(&mut accesses) {
                    machine.missed(miss);
                }
            }
            None => drop(events.next().map(|event| machine.run(event))),
        }
    }
}

fn events(trace: &str) -> (Config, Vec<Event>) {
    let parser = Parser::new(trace.as_bytes()).unwrap();
    let config = *parser.config();
    (config, parser.map(|line| line.unwrap().event).collect())
}

#[test]
fn pages_that_push_each_other_out_take_the_lane() {
    let (config, events) = events(
        "machine frames=2 swap=4
mmap 1 0x100000000 16K rw private anon
write 1 0x100000000 =7
write 1 0x100001000 =8
write 1 0x100002000 =9
write 1 0x100003000 =10
read 1 0x100000000 8B
write 1 0x100001000 2B
exec 1 0x100002000
",
    );
    // Two pages have no room when they are first written, and two come back; the last may
    // not be fetched from.
    assert_eq!(taken(&config, &events), Ok(4));
}

#[test]
fn what_is_not_as_simple_is_left_to_the_methods() {
    let head = "machine frames=2 swap=8";
    let map = "mmap 1 0x100000000 16K rw private anon\nwrite 1 0x100000000\nwrite 1 0x100001000";
    for (what, trace) in [
        ("two CPUs", format!("{head} cpus=2\n{map}\nwrite 1 0x100002000\n")),
        ("a first read", format!("{head}\n{map}\nread 1 0x100002000\n")),
        (
            "a slot of two processes",
            format!("{head}\n{map}\nfork 1 2\nwrite 1 0x100002000\nread 2 0x100000000\n"),
        ),
        (
            "a file in the way",
            format!("{head}\nfile f 8K warm\nmmap 1 0x100000000 8K rw private anon\nwrite 1 0x100000000\nwrite 1 0x100001000\n"),
        ),
        (
            "no slot",
            "machine frames=1 swap=1\nmmap 1 0x100000000 16K rw private anon\nwrite 1 0x100000000\nwrite 1 0x100001000\nread 1 0x100000000\n".to_owned(),
        ),
    ] {
        let (config, events) = events(&trace);
        let allowed = u32::from(what == "no slot");
        assert_eq!(taken(&config, &events), Ok(allowed), "{what}");
    }
}

/// Machines with one CPU and hardly any memory.
fn options() -> impl Strategy<Value = GeneratorOptions> {
    let groups = prop_oneof![
        Just(Groups::ALL),
        any::<bool>().prop_map(|protection| Groups {
            swap: true,
            protection,
            ..Groups::NONE
        }),
        Just(Groups {
            forks: true,
            swap: true,
            ..Groups::NONE
        }),
    ];
    let memory = (2_u32..=16, 1_u32..=32);
    (memory, groups, 4_u64..=32, 1_usize..400).prop_map(
        |((frames, swap), groups, arena_pages, events)| GeneratorOptions {
            events,
            cpus: 1,
            frames,
            swap,
            arena_pages,
            groups,
            ..GeneratorOptions::default()
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn the_lane_leads_where_the_methods_lead(seed: u64, options in options()) {
        let (config, events) = generate(seed, &options);
        let taken = taken(&config, &events);
        prop_assert!(taken.is_ok(), "{taken:?}\n{}", text(&config, &events));
    }
}

/// Several processes on several CPUs, whose accesses come one after another.
fn company() -> impl Strategy<Value = GeneratorOptions> {
    (options(), 1_u8..=4).prop_map(|(options, cpus)| GeneratorOptions {
        cpus,
        groups: Groups {
            forks: true,
            ..options.groups
        },
        ..options
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn accesses_in_a_row_are_what_each_is_alone(seed: u64, options in company()) {
        let (config, events) = generate(seed, &options);
        let machine = || Machine::new(config, Rc::new(Reference));
        let (mut alone, mut row) = (machine(), machine());
        for event in &events {
            alone.run(event);
        }
        in_a_row(&mut row, &events);
        let same = the_same(&mut alone, &mut row);
        prop_assert!(same.is_ok(), "{same:?}\n{}", text(&config, &events));
    }
}

/// The first property is worth nothing if random traces never take the lane.
#[test]
fn random_traces_take_the_lane() {
    let options = GeneratorOptions {
        events: 2_000,
        cpus: 1,
        frames: 8,
        swap: 64,
        arena_pages: 16,
        groups: Groups {
            swap: true,
            ..Groups::NONE
        },
        ..GeneratorOptions::default()
    };
    let (config, events) = generate(7, &options);
    let taken = taken(&config, &events).expect("they agree");
    assert!(taken > 20, "{taken} of {} events", events.len());
}
