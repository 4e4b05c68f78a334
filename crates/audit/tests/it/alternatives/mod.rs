//! The correct submissions that do everything in another way, on random traces: they
//! agree with the reference event by event, in everything that is graded.
//!
//! The traces of the labs show what somebody thought of. These are for the rest, such as
//! the order in which a handler gets two frames, and who is evicted long after.

mod asks_the_accessed_bit;
mod combinators_only;
mod decides_by_table;
mod flushes_everything;
mod takes_all_in_hand_first;

use std::rc::Rc;

use audit::trial::key_of;
use grader::launch;
use verdict::end::End;
use verdict::judge::{Verdict, judge};
use vmsim::handlers::Handlers;
use vmsim::machine::Machine;
use vmtrace::generate::{GeneratorOptions, Groups, generate};
use vmtrace::text::print::Printer;

/// Random traces of each kind.
const TRACES: u64 = 40;

fn alternatives() -> Vec<(&'static str, Rc<dyn Handlers>)> {
    vec![
        (
            "asks-the-accessed-bit",
            Rc::new(asks_the_accessed_bit::Submission),
        ),
        ("combinators-only", Rc::new(combinators_only::Submission)),
        ("decides-by-table", Rc::new(decides_by_table::Submission)),
        (
            "flushes-everything",
            Rc::new(flushes_everything::Submission),
        ),
        (
            "takes-all-in-hand-first",
            Rc::new(takes_all_in_hand_first::Submission),
        ),
    ]
}

/// Memory is short in two of three: frames and slots from few to none.
fn options(seed: u64) -> GeneratorOptions {
    let (frames, swap) = match seed % 3 {
        0 => (4096, 4096),
        _ => (4 + seed as u32 % 29, seed as u32 % 23),
    };
    GeneratorOptions {
        events: 300,
        frames,
        swap,
        fault_around: if seed.is_multiple_of(2) { 1 } else { 16 },
        arenas: 1,
        arena_pages: 12,
        invalid_percent: 10,
        strain_percent: 10,
        ..GeneratorOptions::default()
    }
}

fn text_of(seed: u64, options: &GeneratorOptions) -> Vec<u8> {
    let (config, events) = generate(seed, options);
    let mut printer = Printer::new(Vec::new(), &config).expect("a vector takes it");
    for event in &events {
        printer
            .write(event)
            .expect("the generator's events are valid");
    }
    printer.finish().expect("a vector takes it")
}

/// Where an alternative is refused on this trace.
fn refused(trace: &[u8], handlers: &Rc<dyn Handlers>) -> Option<String> {
    let key = key_of(trace).expect("a trace");
    let machine = |config| Machine::new(config, Rc::clone(handlers));
    let run = launch::contained(trace, machine).expect("a trace");
    let Verdict { end, difference } = judge(&run, &key);
    (end != End::Passed).then(|| format!("{end} {} {difference:?}", run.message))
}

fn all_agree(options: impl Fn(u64) -> GeneratorOptions) {
    for seed in 0..TRACES {
        let trace = text_of(seed, &options(seed));
        for (name, handlers) in alternatives() {
            if let Some(why) = refused(&trace, &handlers) {
                let trace = String::from_utf8_lossy(&trace);
                panic!("{name} is refused on the trace of seed {seed}: {why}\n{trace}");
            }
        }
    }
}

#[test]
fn alternatives_agree_with_the_reference_on_one_cpu() {
    all_agree(options);
}

/// Without forks: fork in Linux flushes all that the parent has on any CPU, the reference
/// what it hands on, and an alternative what it takes a right from. All are safe, and on
/// several CPUs they differ in a spurious fault later.
#[test]
fn alternatives_agree_with_the_reference_on_several_cpus() {
    all_agree(|seed| GeneratorOptions {
        cpus: 2 + seed as u8 % 3,
        groups: Groups {
            forks: false,
            ..Groups::ALL
        },
        ..options(seed)
    });
}
