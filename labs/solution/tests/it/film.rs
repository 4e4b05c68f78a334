//! A film tells what the machine holds, after every event.

use std::collections::BTreeSet;
use std::io::BufReader;
use std::rc::Rc;

use film::read::{Film, Told};
use film::scene::{Closing, NOT_TOLD, Outcome, Scene};
use film::state::{Entry, State, Target, Usage};
use runner::replay::{Format, Replay};
use solution::Reference;
use vmsim::addr::{CpuId, PAGE_SIZE, Pfn, Pid, SwapSlot, Vpn};
use vmsim::event::{Config, Event};
use vmsim::machine::Machine;
use vmsim::pte::Pte;
use vmtrace::generate::{GeneratorOptions, generate};
use vmtrace::text::print::Printer;

/// A film of a trace, taken apart.
struct Filmed {
    state: State,
    scenes: Vec<Scene>,
    closing: Option<Closing>,
}

fn filmed(trace: &str) -> Filmed {
    let mut out = Vec::new();
    let mut replay = Replay::new(trace.as_bytes(), Rc::new(Reference), Format::Film).unwrap();
    replay.run(&mut out).unwrap();
    let mut film = Film::open(BufReader::new(&out[..])).unwrap();
    let mut filmed = Filmed {
        state: State::default(),
        scenes: Vec::new(),
        closing: None,
    };
    for change in &film.opening().changes {
        filmed.state.apply(change);
    }
    for told in &mut film {
        match told.unwrap() {
            Told::Scene(scene) => filmed.scenes.push(*scene),
            Told::Closing(closing) => filmed.closing = Some(closing),
        }
    }
    filmed
}

/// Replays a random trace twice, as a film and on a machine to look into, and holds the
/// film's state against the machine after every event.
fn agree(seed: u64, options: &GeneratorOptions) {
    let (config, events) = generate(seed, options);
    let mut filmed = filmed(&text(&config, &events));
    let mut machine = Machine::new(config, Rc::new(Reference));
    assert_eq!(filmed.scenes.len(), events.len());
    assert_same(&filmed.state, &machine, &config);
    for (event, scene) in events.iter().zip(&filmed.scenes) {
        let seen = machine.step(event);
        for change in &scene.changes {
            assert!(
                filmed.state.differs(change),
                "idle: {change:?} in {scene:?}"
            );
            filmed.state.apply(change);
        }
        assert_eq!(scene.class, seen.class(), "{}", scene.text);
        assert_eq!(scene.value, seen.value, "{}", scene.text);
        assert_same(&filmed.state, &machine, &config);
    }
    let closing = filmed.closing.unwrap();
    assert_eq!(closing.scenes, events.len() as u64);
    assert_eq!(closing.violations.len(), machine.audit().len());
}

fn text(config: &Config, events: &[Event]) -> String {
    let mut printer = Printer::new(Vec::new(), config).unwrap();
    for event in events {
        printer.write(event).unwrap();
    }
    String::from_utf8(printer.finish().unwrap()).unwrap()
}

/// Every row of the film is in the machine, and every row of the machine in the film.
fn assert_same(state: &State, machine: &Machine, config: &Config) {
    let kernel = machine.kernel();
    let pids: Vec<u32> = kernel.pids().map(|pid| pid.0).collect();
    assert!(state.processes.keys().eq(&pids));
    for (&number, process) in &state.processes {
        let mm = machine.mm(Pid(number)).unwrap();
        let areas = mm
            .vmas()
            .iter()
            .map(|vma| (vma.start.start().0, vma.end.start().0));
        let told = process.vmas.iter().map(|(&start, vma)| (start, vma.end));
        assert!(told.eq(areas), "VMAs of process {number}");
        let entries = mm
            .vmas()
            .iter()
            .flat_map(|vma| (vma.start.0..vma.end.0).map(Vpn));
        let entries = entries.filter(|&vpn| !mm.pte(vpn).is_none());
        let entries: Vec<_> = entries.map(|vpn| (vpn.0, mm.pte(vpn))).collect();
        assert_eq!(process.pages.len(), entries.len());
        for (page, pte) in entries {
            assert_entry(&process.pages[&page], pte);
        }
    }
    assert_frames(state, machine);
    let slots: Vec<_> = (0..config.swap)
        .filter_map(|slot| Some((slot, kernel.slot_references(SwapSlot(slot))?)))
        .collect();
    let told: Vec<_> = state
        .slots
        .iter()
        .map(|(&slot, told)| (slot, told.refs))
        .collect();
    assert_eq!(told, slots);
    assert_tlbs(state, machine, config);
}

fn assert_entry(told: &Entry, pte: Pte) {
    match told.to {
        Target::Frame(number) => assert_eq!(pte.frame(), Some(Pfn(number))),
        Target::Slot(number) => assert_eq!(pte.swap_slot(), Some(SwapSlot(number))),
    }
    let bits: BTreeSet<&str> = told.bits.split_whitespace().collect();
    let frame = pte.frame().is_some();
    for (bit, set) in [
        ("P", pte.present()),
        ("W", pte.writable()),
        ("A", pte.accessed()),
        ("D", pte.dirty()),
        ("NX", !pte.executable()),
    ] {
        assert_eq!(bits.contains(bit), set && frame, "{bit} of {told:?}");
    }
}

fn assert_frames(state: &State, machine: &Machine) {
    let kernel = machine.kernel();
    let owners = state.owners();
    let mut used = 0;
    for (&number, frame) in &state.frames {
        match frame.usage {
            Usage::Table | Usage::Zero => continue,
            Usage::Free => panic!("the reference maps a free frame"),
            Usage::Private | Usage::Cache => used += 1,
        }
        let info = kernel.frame(Pfn(number));
        assert_eq!(frame.refs, info.references, "frame {number}");
        assert_eq!(owners.get(&number).map_or(0, Vec::len), info.mappings);
        // Every reference is a mapping or a cache, between two events.
        let caches = u32::from(frame.caches.is_some()) + u32::from(frame.slot.is_some());
        assert_eq!(frame.refs, info.mappings as u32 + caches, "frame {number}");
        let cached = kernel.cached_page(Pfn(number));
        assert_eq!(frame.dirty, cached.is_some_and(|(_, dirty)| dirty));
        let name = machine.known_name(Pfn(number)).map(|name| name.to_string());
        assert_eq!(frame.name, name);
    }
    assert_eq!(used, machine.in_use().0, "frames in use");
}

fn assert_tlbs(state: &State, machine: &Machine, config: &Config) {
    for (cpu, process) in (0..config.cpus).flat_map(|cpu| {
        let processes = machine.processes();
        processes.map(move |process| (cpu, process))
    }) {
        let (pid, process) = process;
        for (&page, told) in state
            .tlbs
            .get(&cpu)
            .and_then(|tlb| tlb.get(&pid.0))
            .into_iter()
            .flatten()
        {
            let kernel = machine.kernel();
            let pte = kernel.remembered(CpuId(cpu), process.asid(), Vpn(page));
            assert_entry(told, pte.expect("the film remembers no more than the CPU"));
        }
        for vpn in process.vmas.iter().flat_map(|vma| vma.start.0..vma.end.0) {
            let kernel = machine.kernel();
            let pte = kernel.remembered(CpuId(cpu), process.asid(), Vpn(vpn));
            assert_eq!(pte.is_some(), state.remembered(cpu, pid.0, vpn).is_some());
        }
    }
    let alive = |pid| state.processes.contains_key(pid);
    assert!(state.tlbs.values().flat_map(|tlb| tlb.keys()).all(alive));
}

#[test]
fn a_film_of_everything_agrees_with_the_machine() {
    for seed in 0..20 {
        agree(seed, &GeneratorOptions::default());
    }
}

#[test]
fn a_film_agrees_with_a_machine_of_three_cpus_under_memory_pressure() {
    let options = GeneratorOptions {
        cpus: 3,
        frames: 24,
        swap: 48,
        fault_around: 16,
        strain_percent: 10,
        arena_offset_pages: 500,
        ..GeneratorOptions::default()
    };
    for seed in 100..120 {
        agree(seed, &options);
    }
}

#[test]
fn a_page_size_is_what_pages_are_counted_in() {
    let filmed = filmed("mmap 1 0x10000000 8K rw private anon\nwrite 1 0x10001004\n");
    let fault = &filmed.scenes[1].faults[0];
    assert_eq!(fault.page, 0x1000_1004 / PAGE_SIZE);
}

#[test]
fn a_hit_that_changes_nothing_is_told_without_changes() {
    let trace = "mmap 1 0x10000000 4K rw private anon\nwrite 1 0x10000000\nwrite 1 0x10000000\n\
                 read 1 0x10000000\n";
    let filmed = filmed(trace);
    assert_eq!(filmed.scenes[3].outcome, Outcome::Hit);
    assert_eq!(filmed.scenes[3].changes, []);
}

#[test]
fn what_students_get_tells_nothing_of_the_handlers() {
    let filmed = filmed(
        "mmap 1 0x10000000 4K rw private anon\nwrite 1 0x10000000\nmunmap 1 0x10000000 4K\n",
    );
    let told = serde_json::to_string(&filmed.scenes[1..]).unwrap();
    assert!(told.contains("lab2.rs") && told.contains("zero the frame"));
    for scene in filmed.scenes {
        let scene = scene.for_students();
        let told = serde_json::to_string(&scene).unwrap();
        for leak in [".rs", "zero the frame", "alloc", "flush 0x", "unmap 0x"] {
            assert!(!told.contains(leak), "{leak}: {told}");
        }
        assert!(
            scene
                .faults
                .iter()
                .all(|fault| fault.steps[4] == [NOT_TOLD])
        );
    }
}
