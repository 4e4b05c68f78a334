//! The audit: what must hold between any two events, whoever wrote the handlers.
//!
//! After every event the audit looks at what the event touched; at the end, and
//! on demand, at everything.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use crate::addr::{Pfn, SwapSlot};
use crate::cache::{Cached, ObjectPage};
use crate::frames::{Usage, ZERO_PAGE};
use crate::hash::ByNumber;
use crate::kernel::Kernel;
use crate::mm::Page;
use crate::observe::{Violation, ViolationKind};
use crate::pte::Pte;
use crate::refs::{Held, HeldKind};
use crate::tlb::Tlb;

/// Checks what the current event touched.
pub(crate) fn touched(k: &Kernel) -> Vec<Violation> {
    if k.held.is_empty() && k.touched.is_empty() {
        return Vec::new();
    }
    let mut found = held(k);
    for page in each_once(&k.touched.pages) {
        if k.processes.contains_key(&page.pid) {
            found.extend(page_entry(k, page, k.pte(page)));
            found.extend(tlbs_of_page(k, page));
        }
    }
    for pfn in each_once(&k.touched.frames) {
        found.extend(frame(k, pfn));
    }
    found
}

/// So few are looked through faster than they are hashed: what most faults touch.
const FEW: usize = 16;

fn each_once<T: Copy + Eq + Hash>(all: &[T]) -> impl Iterator<Item = T> {
    let mut seen: HashSet<T, ByNumber> = HashSet::default();
    let is_new = move |&(at, one): &(usize, T)| match all.len() <= FEW {
        true => !all[..at].contains(&one),
        false => seen.insert(one),
    };
    let rows = all.iter().copied().enumerate();
    rows.filter(is_new).map(|(_, one)| one)
}

/// Checks the whole machine.
pub(crate) fn full(k: &Kernel) -> Vec<Violation> {
    let mut found = held(k);
    let entries: Vec<(Page, Pte)> = k
        .processes
        .iter()
        .flat_map(|(pid, process)| {
            let entries = k.tables.entries(process.root).into_iter();
            entries.map(move |(vpn, pte)| (Page { pid, vpn }, pte))
        })
        .collect();
    for &(page, pte) in &entries {
        found.extend(page_entry(k, page, pte));
    }
    for pfn in k.frames.in_use() {
        found.extend(frame(k, pfn));
    }
    found.extend(zero_page(k));
    found.extend(slots(k, &entries));
    found.extend(all_tlbs(k));
    found
}

fn broken(what: String) -> Violation {
    Violation {
        kind: ViolationKind::Invariant,
        what,
        location: None,
    }
}

/// References that a handler took and neither used nor gave back.
fn held(k: &Kernel) -> Vec<Violation> {
    let leak = |held: &Held| {
        let what = match held.what {
            HeldKind::Frame(_) => "a frame is leaked: neither mapped nor put back",
            HeldKind::Slot(_) => "a swap slot is leaked: neither mapped nor put back",
        };
        Violation {
            location: Some(held.since),
            ..broken(what.to_owned())
        }
    };
    k.held.iter().map(leak).collect()
}

/// Every reference to a frame is explained, and no free frame is mapped.
fn frame(k: &Kernel, pfn: Pfn) -> Option<Violation> {
    let frame = k.frames.get(pfn);
    let mappings = frame.mappers.len();
    if frame.usage == Usage::Free {
        return (mappings > 0).then(|| broken(format!("a free frame is mapped {mappings} times")));
    }
    let caches = match frame.usage {
        Usage::Anon { swap_cache, .. } => usize::from(swap_cache.is_some()),
        Usage::Object(page) => usize::from(is_cached_in(k, page, pfn)),
        Usage::Free | Usage::Zero => 0,
    };
    let held = k
        .held
        .iter()
        .filter(|held| held.what == HeldKind::Frame(pfn))
        .count();
    let explained = mappings + caches + held;
    (frame.count as usize != explained).then(|| {
        broken(format!(
            "a frame has {} references, but {mappings} mappings and {caches} caches",
            frame.count
        ))
    })
}

fn is_cached_in(k: &Kernel, page: ObjectPage, pfn: Pfn) -> bool {
    let cached = k.objects.get(page.object).pages.get(&page.index);
    matches!(cached, Some(Cached::InMemory { pfn: held, .. }) if *held == pfn)
}

/// No entry is stronger than its VMA, and no private page is writable for one
/// while others use its frame.
fn page_entry(k: &Kernel, page: Page, pte: Pte) -> Option<Violation> {
    let at = page.vpn.start();
    if pte.is_none() {
        return None;
    }
    let Some(vma) = k.processes[&page.pid].vmas.find(page.vpn) else {
        return Some(broken(format!(
            "{at} of process {} is mapped without a VMA",
            page.pid
        )));
    };
    let pfn = pte.frame()?;
    let stronger = (pte.present() && vma.prot.is_none())
        || (pte.writable() && !vma.prot.write())
        || (pte.executable() && !vma.prot.exec());
    if stronger {
        return Some(broken(format!(
            "{at} allows more than its VMA ({})",
            vma.prot
        )));
    }
    let private_write = pte.writable() && vma.is_private();
    if pfn == ZERO_PAGE {
        return private_write.then(|| broken(format!("the shared zero page is writable at {at}")));
    }
    let frame = k.frames.get(pfn);
    let alone = frame.mappers.len() == 1 && matches!(frame.usage, Usage::Anon { .. });
    (private_write && !alone).then(|| {
        broken(format!(
            "{at} is private and writable, but others use its frame"
        ))
    })
}

fn zero_page(k: &Kernel) -> Option<Violation> {
    let intact = k.frames.content(ZERO_PAGE).is_zero();
    (!intact).then(|| broken("the shared zero page is not zero any more".to_owned()))
}

/// Slot counts are the entries and pages of shared memory that refer to them.
fn slots(k: &Kernel, entries: &[(Page, Pte)]) -> Vec<Violation> {
    let in_tables = entries.iter().filter_map(|(_, pte)| pte.swap_slot());
    let objects = k.objects.all.iter();
    let pages = objects.flat_map(|object| object.pages.values());
    let in_objects = pages.filter_map(|page| match page {
        Cached::Swapped(slot) => Some(*slot),
        Cached::InMemory { .. } => None,
    });
    let mut users = vec![0_u32; k.swap.places()];
    for slot in in_tables.chain(in_objects) {
        users[slot.0 as usize] += 1;
    }
    let wrong = |slot: SwapSlot| {
        let (count, users) = (k.swap.references(slot), users[slot.0 as usize]);
        (count != users).then(|| {
            broken(format!(
                "a swap slot has {count} references, but {users} users"
            ))
        })
    };
    k.swap.in_use().filter_map(wrong).collect()
}

/// What a TLB remembers of a page is no more than the page table says.
fn tlbs_of_page(k: &Kernel, page: Page) -> Option<Violation> {
    let (asid, pte) = (k.processes[&page.pid].asid, k.pte(page));
    let stale = |(cpu, tlb): (usize, &Tlb)| {
        let remembered = tlb.look_up(asid, page.vpn)?;
        is_stale(remembered, pte).then(|| stale_entry(cpu, page))
    };
    k.tlbs.iter().enumerate().find_map(stale)
}

fn all_tlbs(k: &Kernel) -> Vec<Violation> {
    let mut found = Vec::new();
    let pids: HashMap<_, _> = k.processes.iter().map(|(pid, p)| (p.asid, pid)).collect();
    for (cpu, tlb) in k.tlbs.iter().enumerate() {
        for entry in tlb.entries() {
            let Some(&pid) = pids.get(&entry.asid) else {
                continue;
            };
            let page = Page {
                pid,
                vpn: entry.vpn,
            };
            if is_stale(entry.pte, k.pte(page)) {
                found.push(stale_entry(cpu, page));
            }
        }
    }
    found
}

fn is_stale(remembered: Pte, pte: Pte) -> bool {
    !pte.present()
        || remembered.frame() != pte.frame()
        || (remembered.writable() && !pte.writable())
        || (remembered.executable() && !pte.executable())
        || (remembered.dirty() && !pte.dirty())
}

fn stale_entry(cpu: usize, page: Page) -> Violation {
    let what = format!(
        "CPU {cpu} still remembers an old entry for {} of process {}",
        page.vpn.start(),
        page.pid
    );
    Violation {
        kind: ViolationKind::StaleTlb,
        what,
        location: None,
    }
}
