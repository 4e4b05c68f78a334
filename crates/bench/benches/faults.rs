//! What a fault of each class costs: `cargo bench -p bench --bench faults`.
//!
//! Each line is the time for one event. A sample is a fresh machine that has been brought
//! up to the events in question, and all of them; see `bench::classes`.

use std::cell::RefCell;

use bench::classes::{ALL, EVENTS, Scenario};
use bench::plan::step;
use divan::Bencher;

fn main() {
    divan::main();
}

#[divan::bench(args = ALL, sample_count = 20, sample_size = EVENTS as u32)]
fn fault(bencher: Bencher, scenario: &Scenario) {
    let plan = (scenario.plan)();
    let events = plan.measured.len();
    let machine = RefCell::new(None);
    let mut next = 0;
    let bencher = bencher.with_inputs(|| {
        let at = next % events;
        if at == 0 {
            *machine.borrow_mut() = Some(plan.machine());
        }
        next += 1;
        at
    });
    bencher.bench_local_values(|at| {
        if let Some(machine) = machine.borrow_mut().as_mut() {
            step(machine, &plan.measured[at]);
        }
    });
}
