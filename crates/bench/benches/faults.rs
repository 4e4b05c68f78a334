//! What a fault of each class costs: `cargo bench -p bench --bench faults`.
//!
//! Each line is the time for one event. A sample is a fresh machine that has been brought
//! up to the events in question, and all of them; see `bench::classes`. `replayed` looks
//! at the class alone, as long replays do; `observed` looks at all that the log tells, and
//! lets the audit look at what the event touched.

use std::cell::RefCell;

use bench::classes::{ALL, EVENTS, Scenario};
use bench::plan::{Look, step};
use divan::Bencher;

fn main() {
    divan::main();
}

#[divan::bench(args = &ALL, sample_count = 20, sample_size = EVENTS as u32)]
fn replayed(bencher: Bencher, scenario: &Scenario) {
    measure(bencher, scenario, Look::Class);
}

#[divan::bench(args = &ALL, sample_count = 20, sample_size = EVENTS as u32)]
fn observed(bencher: Bencher, scenario: &Scenario) {
    measure(bencher, scenario, Look::All);
}

/// Before a sample, divan asks for the inputs of all of its events: with the first of them
/// there is a fresh machine.
fn measure(bencher: Bencher, scenario: &Scenario, look: Look) {
    let plan = (scenario.plan)();
    let machine = RefCell::new(plan.machine());
    let mut numbers = (0..plan.measured.len()).cycle();
    let bencher = bencher.with_inputs(|| {
        let number = numbers.next().unwrap_or_default();
        if number == 0 {
            machine.replace(plan.machine());
        }
        number
    });
    bencher.bench_local_values(|number| {
        step(&mut machine.borrow_mut(), &plan.measured[number], look);
    });
}
