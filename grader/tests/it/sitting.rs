//! Runs that are made in one process come to what each comes to alone, and whoever could
//! keep something from one to the next is given a process for each.

use grader::compile::{Compiled, Program, compile};
use grader::intake::Sources;
use grader::launch::{Confinement, Launched, Launcher, launch};
use verdict::end::End;
use vmsim::handlers::Hole;

use crate::workspace::{KIT, TIGHT};

/// A submission with these items, whose `demand_zero` is right after these statements. It
/// may look at `page`, of which each trace has another.
fn program(items: &str, statements: &str) -> Program {
    let lab2 = format!(
        "use vmsim::prelude::*;
         {items}
         pub fn demand_zero(k: &mut Kernel, fault: &PageFault) -> Repaired {{
             let page = fault.page.vpn.0 - 0x10000;
             {statements}
             let rights = k.vma(fault.page).rights(); let frame = k.alloc()?; k.zero(&frame);
             let old = k.map(fault.page, frame, rights).shoot_down(k); k.put_old(old); Ok(())
         }}
         pub fn zero_page(_: &mut Kernel, _: &PageFault) -> Repaired {{ todo!() }}
         pub fn unmap_page(_: &mut Kernel, _: Page) {{ todo!() }}"
    );
    let sources = Sources {
        files: vec![("lab2.rs", lab2)],
        ..Sources::default()
    };
    match compile(&KIT, &sources) {
        Ok(Compiled::Program(program)) => program,
        other => panic!("it does not compile: {other:?}"),
    }
}

/// Writes to one page.
fn trace(page: u64) -> Vec<u8> {
    let addr = (0x10000 + page) << 12;
    format!("mmap 1 {addr:#x} 4K rw private anon\nwrite 1 {addr:#x} =7\n").into()
}

/// A trace of each page after the other: how they end, and what is said of it, where a log
/// is right that maps a page.
fn ends_in_turn(program: &Program, pages: &[u64]) -> Vec<(End, String)> {
    let confinement = Confinement::REQUIRED;
    let mut launcher = Launcher::new(program, &confinement);
    let is_right = |log: &str| log.contains("demand-zero") && log.contains("frames=1 slots=0");
    let ended = pages.iter().map(|&page| {
        let launched = launcher.launch_known(&[Hole::DemandZero], &trace(page), TIGHT, is_right);
        match launched.unwrap_or_else(|error| panic!("{error}")) {
            Launched::Rightly(tier) => {
                assert_eq!(tier.lacks(), []);
                (End::Passed, String::new())
            }
            Launched::Otherwise(run) => (run.end, run.message),
        }
    });
    ended.collect()
}

/// The same, in a process for each, that was started for it.
fn ends_alone(program: &Program, pages: &[u64]) -> Vec<(End, String)> {
    let ended = pages.iter().map(|&page| {
        let graft = [Hole::DemandZero];
        let run = launch(program, &graft, &trace(page), TIGHT, &Confinement::REQUIRED);
        let run = run.unwrap_or_else(|error| panic!("{error}"));
        (run.end, run.message)
    });
    ended.collect()
}

#[test]
fn whatever_a_run_comes_to_among_others_it_comes_to_alone() {
    let all = program(
        "fn down(n: u64) -> u64 { if n == 0 { 0 } else { down(n - 1) + n } }",
        "match page {
             1 => todo!(\"page by page\"),
             2 => panic!(\"page {page}\"),
             3 => loop {},
             4 => print!(\"{}\", \"x\".repeat(70 << 10)),
             5 => print!(\"{}\", \"x\".repeat(63 << 10)),
             6 => { let mut all = Vec::new(); loop { all.push(page); } }
             7 => println!(\"{}\", down(u64::MAX - page)),
             8 => return Ok(()),
             9 => return Err(OutOfMemory),
             _ => {}
         }",
    );
    assert!(all.keeps_nothing);
    let pages = [
        0, 1, 0, 5, 5, 1, 0, 2, 0, 3, 0, 4, 0, 6, 0, 7, 0, 8, 0, 9, 0, 1,
    ];
    let alone = ends_alone(&all, &pages);
    assert_eq!(ends_in_turn(&all, &pages), alone);
    let ends: Vec<End> = alone[..9].iter().map(|(end, _)| *end).collect();
    use End::{NotWritten, Panicked, Passed};
    let expected = [
        Passed, NotWritten, Passed, Passed, Passed, NotWritten, Passed, Panicked, Passed,
    ];
    assert_eq!(ends, expected);
    // Each of the others by itself is what a sitting comes to an end by.
    for page in [2, 3, 4, 6, 7, 8, 9] {
        assert_eq!(
            ends_in_turn(&all, &[0, page, 0]),
            ends_alone(&all, &[0, page, 0]),
            "{page}"
        );
    }
}

/// Right on page 0, and on another only if page 0 was there before, in whatever way it is
/// remembered.
const REMEMBERING: [(&str, &str); 5] = [
    (
        "use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
         static SEEN: AtomicBool = AtomicBool::new(false);",
        "if page == 0 { SEEN.store(true, Relaxed) } else if !SEEN.load(Relaxed) { return Ok(()) }",
    ),
    (
        "use std::cell::Cell; thread_local! { static SEEN: Cell<bool> = const { Cell::new(false) } }",
        "if page == 0 { SEEN.set(true) } else if !SEEN.get() { return Ok(()) }",
    ),
    (
        "",
        "if page == 0 { std::thread::current().unpark() } else { std::thread::park() }",
    ),
    (
        "",
        "if page == 0 { std::panic::set_hook(Box::new(|_| println!(\"seen\"))); } else {
             let hook = std::panic::take_hook();
             assert_eq!(std::mem::size_of_val(&*hook), 0) }",
    ),
    (
        "",
        "if page == 0 { vec![0_u8; 60 << 20].leak(); }
         else if Vec::<u8>::new().try_reserve_exact(90 << 20).is_ok() { return Ok(()) }",
    ),
];

#[test]
fn whoever_could_remember_is_run_in_a_process_for_each() {
    for (items, statements) in REMEMBERING {
        let remembers = program(items, statements);
        assert!(!remembers.keeps_nothing, "{items} {statements}");
        let ends = ends_in_turn(&remembers, &[0, 1]);
        assert_eq!(ends[0].0, End::Passed, "{items} {statements}");
        assert_ne!(ends[1].0, End::Passed, "{items} {statements}");
    }
}

/// Shows that there is something to be kept from: what the test above sees fail would pass.
#[test]
fn only_the_source_keeps_a_run_from_being_made_among_others() {
    for (items, statements) in REMEMBERING {
        let mut trusted = program(items, statements);
        trusted.keeps_nothing = true;
        let ends = ends_in_turn(&trusted, &[0, 1]);
        assert_eq!(ends[1].0, End::Passed, "{items} {statements}");
    }
}

#[test]
fn nobody_sits_without_the_whole_sandbox() {
    let (items, statements) = REMEMBERING[0];
    let mut trusted = program(items, statements);
    trusted.keeps_nothing = true;
    let mut confinement = Confinement::REQUIRED;
    confinement.without = vec![sandbox::tier::Layer::Landlock];
    let mut launcher = Launcher::new(&trusted, &confinement);
    let mut passes = |page| {
        let graft = [Hole::DemandZero];
        let launched = launcher.launch_known(&graft, &trace(page), TIGHT, |_| true);
        matches!(launched, Ok(Launched::Rightly(_)))
    };
    assert!(passes(0));
    assert!(!passes(1));
}
