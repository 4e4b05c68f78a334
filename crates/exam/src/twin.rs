//! Who is refused somewhere is served there, too, in the same trace.
//!
//! A kernel that refuses everything must not pass. `audit::course::twins` holds a whole
//! lab to that; here each trace must hold it by itself, because next year's traces
//! are at other addresses each.

use std::collections::BTreeSet;

use audit::course::twins::{Access, accesses};
use vmsim::addr::{PAGE_SIZE, VirtAddr};
use vmsim::event::{Event, Op};
use vmsim::prot::Prot;

use crate::script::Script;

/// Twins that are added to a trace before it is given up.
const ADDED_MAX: usize = 6;

/// The first refused access that has no twin.
fn lonely(accesses: &[Access]) -> Option<&Access> {
    let served: Vec<&Access> = accesses.iter().filter(|access| !access.refused).collect();
    let mappings: BTreeSet<_> = served.iter().map(|access| &access.mapping).collect();
    let has_twin = |access: &&Access| match &access.mapping {
        Some(_) => mappings.contains(&access.mapping),
        None => !served.is_empty(),
    };
    let refused = accesses.iter().filter(|access| access.refused);
    let mut alone = refused.filter(|access| !has_twin(access));
    alone.next()
}

/// Whether each refused access has a twin.
pub fn has_twins(script: &Script) -> bool {
    lonely(&accesses(script.bare_text().as_bytes())).is_none()
}

/// The trace with the twins that it lacks, each at its end or, if the mapping is gone
/// by then, before the access that is refused; none if there is no way to be served.
pub fn with_twins(mut script: Script) -> Option<Script> {
    for _ in 0..=ADDED_MAX {
        let all = accesses(script.bare_text().as_bytes());
        let Some(refused) = lonely(&all) else {
            return Some(script);
        };
        script = with_twin(&script, refused)?;
    }
    None
}

fn with_twin(script: &Script, refused: &Access) -> Option<Script> {
    let machine_line = u64::from(script.bare_text().starts_with("machine"));
    let at = (refused.line - 1 - machine_line) as usize;
    let event = &script.events[at];
    let places = [script.events.len(), at];
    let twins = twins(event);
    let mut tries = places
        .iter()
        .flat_map(|&place| twins.iter().map(move |twin| (place, twin)));
    tries.find_map(|(place, twin)| {
        let mut events = script.events.clone();
        events.splice(place..place, twin.iter().cloned());
        let longer = Script {
            config: script.config,
            events,
        };
        let all = accesses(longer.bare_text().as_bytes());
        let served = |access: &Access| !access.refused && access.mapping == refused.mapping;
        all.iter().any(served).then_some(longer)
    })
}

/// Events that may be served where this one is not.
fn twins(refused: &Event) -> Vec<Vec<Event>> {
    let (Some(pid), Some(addr)) = (refused.op.pid(), refused.op.addr()) else {
        return Vec::new();
    };
    let on_its_cpu = |op| Event {
        cpu: refused.cpu,
        op,
    };
    let page = VirtAddr(addr.0 & !(PAGE_SIZE - 1));
    let mut twins = Vec::new();
    for page in [
        page.0,
        page.0.wrapping_sub(PAGE_SIZE),
        page.0.wrapping_add(PAGE_SIZE),
    ]
    .map(VirtAddr)
    {
        let read = on_its_cpu(Op::Read {
            pid,
            addr: page,
            size: 1,
        });
        let write = on_its_cpu(Op::Write {
            pid,
            addr: page,
            size: 1,
            value: None,
        });
        let allow = on_its_cpu(Op::Mprotect {
            pid,
            addr: page,
            len: PAGE_SIZE,
            prot: Prot::READ_WRITE,
        });
        twins.push(vec![read.clone()]);
        twins.push(vec![write]);
        twins.push(vec![allow, read]);
    }
    // A simple access before a call and an access.
    twins.sort_by_key(Vec::len);
    twins
}
