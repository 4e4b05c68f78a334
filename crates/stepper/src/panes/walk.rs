//! The page-table walk, level by level, with its bits.

use film::scene::{Fault, Scene};

use crate::moment::Shown;
use crate::panes::{Sight, addr, entry, frame_name};
use crate::rows::{Row, Rows, Sign};

/// The levels, from the root, and how far the address is shifted for each.
const LEVELS: [(&str, u32); 4] = [("PGD", 39), ("PUD", 30), ("PMD", 21), ("PTE", 12)];

/// The walk that the MMU made for a fault, or where the address of the event leads.
pub(crate) fn walk(sight: &Sight<'_>) -> Rows {
    let scene = &sight.moment.scene;
    match (sight.moment.fault(sight.place), scene.addr) {
        (Some(fault), _) => of_fault(fault, sight),
        (None, Some(at)) => without_fault(scene, at, sight),
        (None, None) => Rows::of(vec![Row::plain("this event has no address")]),
    }
}

fn of_fault(fault: &Fault, sight: &Sight<'_>) -> Rows {
    let mut rows = vec![Row::title(format!(
        "process {}, address {:#x}",
        fault.pid, fault.addr
    ))];
    if fault.walk.is_empty() {
        rows.push(Row::plain(match fault.addr >> 63 {
            1 => "no walk: the upper half of the addresses is the kernel's",
            _ => "no walk: the TLB has an entry, and it forbids it",
        }));
    }
    for (level, (name, shift)) in LEVELS.into_iter().enumerate() {
        let (at, bits) = index(fault.addr, shift);
        let (sign, leads) = match fault.walk.get(level) {
            None => (Sign::None, sight.look.write("·", ".").to_owned()),
            Some(read) => {
                let last = level + 1 == fault.walk.len();
                let sign = if last { Sign::Here } else { Sign::None };
                (sign, read_entry(read, last, sight))
            }
        };
        rows.push(Row::new(sign, format!("{name}[{at:>3}] {bits}  {leads}")));
    }
    rows.push(offset(fault.addr));
    rows.extend(now(fault.pid, fault.page, sight));
    Rows { focus: 0, rows }
}

/// What the MMU read in a table, as it was then.
fn read_entry(read: &film::scene::Walked, last: bool, sight: &Sight<'_>) -> String {
    let stop = sight.look.write("← stops", "<- stops");
    let arrow = sight.look.write("→", "->");
    let leads = match (read.frame, read.bits.as_str()) {
        (None, "") => "not present".to_owned(),
        (None, bits) => bits.to_owned(),
        (Some(number), bits) => {
            let name = frame_name(&sight.moment.state, number);
            format!("{bits} {arrow} {name}")
        }
    };
    match last {
        true => format!("{leads} {stop}"),
        false => leads,
    }
}

/// The last-level entry in the state that is shown.
fn now(pid: u32, page: u64, sight: &Sight<'_>) -> Option<Row> {
    let of = |state: &film::state::State| {
        let process = state.processes.get(&pid)?;
        process.pages.get(&page).cloned()
    };
    let (before, now) = (of(&sight.moment.before), of(&sight.moment.state));
    let sign = Sign::of(before.as_ref(), now.as_ref());
    let when = match sight.moment.shown {
        Shown::Before => "PTE before:",
        Shown::Between | Shown::After => "PTE now:",
    };
    let told = now.map_or_else(
        || "empty".to_owned(),
        |found| entry(&sight.moment.state, &found),
    );
    Some(Row::new(sign, format!("{when:<11} {told}")))
}

fn without_fault(scene: &Scene, at: u64, sight: &Sight<'_>) -> Rows {
    let pid = scene.pid.unwrap_or_default();
    let mut rows = vec![Row::title(format!("process {pid}, address {at:#x}"))];
    for (name, shift) in LEVELS {
        let (number, bits) = index(at, shift);
        rows.push(Row::plain(format!("{name}[{number:>3}] {bits}")));
    }
    rows.push(offset(at));
    rows.extend(now(pid, at >> 12, sight));
    rows.push(Row::plain(format!("page {}", addr(at >> 12))));
    Rows { focus: 0, rows }
}

/// The nine bits of an address that index a table: as a number, and one by one.
fn index(at: u64, shift: u32) -> (u64, String) {
    let number = at >> shift & 511;
    (number, format!("{number:09b}"))
}

fn offset(at: u64) -> Row {
    let offset = at & 0xfff;
    Row::plain(format!("offset   {offset:012b} = {offset:#x}"))
}
