//! The operations whose growth is measured, in small settings.

use bench::growth::operation::Operation;
use bench::growth::setting::{Dimension, Setting};
use bench::plan::Look;
use vmsim::observe::{End, Observation};

use crate::check;

const SIZES: [u64; 2] = [1, 10];

fn everywhere(operation: Operation, is_right: impl Fn(&Observation, Setting) -> bool) {
    for dimension in Dimension::ALL {
        for size in SIZES {
            let setting = dimension.setting(size);
            let name = format!("{}, {size} {}", operation.name(), dimension.name());
            let (plan, count) = operation.plan(setting);
            assert!(count > 0, "{name}");
            check(&name, &plan, |seen| is_right(seen, setting));
        }
    }
}

#[test]
fn a_fault_is_of_its_class_whatever_there_is_besides() {
    for (operation, class) in [
        (Operation::Hit, "hit"),
        (Operation::DemandZero, "minor demand-zero"),
        (Operation::FileRead, "major file-read"),
        (Operation::MapResident, "minor map-resident"),
        (Operation::CopyOnWrite, "minor copy-on-write"),
    ] {
        everywhere(operation, |seen, _| seen.class() == class);
    }
}

#[test]
fn whoever_shares_a_swapped_page_finds_it_in_the_swap_cache() {
    everywhere(Operation::SwapIn, |seen, setting| {
        let shared = setting.sharers > 0 && seen.class() == "minor map-resident";
        shared || seen.class() == "major swap-in"
    });
}

#[test]
fn a_call_succeeds_whatever_there_is_besides() {
    let calls = Operation::ALL.into_iter().filter(|o| !o.is_fault());
    for operation in calls {
        everywhere(operation, |seen, _| seen.end == End::Done);
    }
}

#[test]
fn a_fault_is_counted_once_for_each_event() {
    for dimension in Dimension::ALL {
        for operation in Operation::ALL.into_iter().filter(|o| o.is_fault()) {
            let (plan, count) = operation.plan(dimension.setting(1));
            assert_eq!(plan.measured.len() as u64, count, "{}", operation.name());
        }
    }
}

#[test]
fn a_child_that_ends_gives_back_the_pages_that_are_counted() {
    let setting = Dimension::Frames.setting(10);
    let (plan, count) = Operation::Exit.plan(setting);
    let mut machine = plan.machine();
    let mappings = |machine: &vmsim::machine::Machine| -> u64 {
        let all = machine.processes();
        all.map(|(pid, _)| mapped(machine, pid)).sum()
    };
    let before = mappings(&machine);
    plan.run(&mut machine, Look::All);
    assert_eq!(before - mappings(&machine), count);
}

/// Pages of a process that are in memory.
fn mapped(machine: &vmsim::machine::Machine, pid: vmsim::addr::Pid) -> u64 {
    let mm = machine.mm(pid).expect("the process is alive");
    let pages = mm.vmas().iter().flat_map(|vma| vma.start.0..vma.end.0);
    let in_memory = |&page: &u64| mm.pte(vmsim::addr::Vpn(page)).frame().is_some();
    pages.filter(in_memory).count() as u64
}
