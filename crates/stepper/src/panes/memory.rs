//! The tables of the state: what there is, whose it is, and what just changed.

use std::collections::{BTreeMap, BTreeSet};

use film::state::{Entry, Frame, Process, State, Target, Usage, Vma};

use crate::panes::{Sight, addr, entry, frame_name};
use crate::rows::{Row, Rows, Sign};

/// Owners of a frame that are told one by one.
const OWNERS_MAX: usize = 6;

/// The rows of a table in one state or the other, with what each state has.
fn both<'a, K: Ord + Clone, V>(
    before: &'a BTreeMap<K, V>,
    now: &'a BTreeMap<K, V>,
) -> Vec<(K, Option<&'a V>, Option<&'a V>)> {
    let keys: BTreeSet<&K> = before.keys().chain(now.keys()).collect();
    keys.into_iter()
        .map(|key| (key.clone(), before.get(key), now.get(key)))
        .collect()
}

fn or_none(mut rows: Vec<Row>, none: &str) -> Rows {
    if rows.is_empty() {
        rows.push(Row::plain(none));
    }
    Rows::of(rows)
}

/// The processes of both states, each with the sign of its coming or going.
fn processes<'a>(sight: &'a Sight<'_>) -> Vec<(u32, &'a Process, &'a Process)> {
    static NONE: Process = Process {
        vmas: BTreeMap::new(),
        pages: BTreeMap::new(),
    };
    let (before, now) = (&sight.moment.before, &sight.moment.state);
    both(&before.processes, &now.processes)
        .into_iter()
        .map(|(pid, before, now)| (pid, before.unwrap_or(&NONE), now.unwrap_or(&NONE)))
        .collect()
}

pub(super) fn vmas(sight: &Sight<'_>) -> Rows {
    let mut rows = Vec::new();
    let fault = sight.moment.fault(sight.place);
    let scene = &sight.moment.scene;
    let about = fault
        .map(|fault| (fault.pid, fault.addr))
        .or_else(|| Some((scene.pid?, scene.addr?)));
    for (pid, before, now) in processes(sight) {
        rows.push(Row::title(format!("process {pid}")));
        for (start, before, found) in both(&before.vmas, &now.vmas) {
            let Some(vma) = found.or(before) else {
                continue;
            };
            let covers = about.is_some_and(|(of, at)| of == pid && (start..vma.end).contains(&at));
            let sign = match Sign::of(before, found) {
                Sign::None if covers => Sign::Here,
                sign => sign,
            };
            let pages = (vma.end - start) >> 12;
            let present = now.pages.range(start >> 12..vma.end >> 12).count();
            let pages = counted(pages as usize, "page");
            let text = format!("{} {present} of {pages}", area(start, vma));
            rows.push(Row::new(sign, text));
        }
    }
    or_none(rows, "no process")
}

/// `0x10000000-0x10004000 rw private anon`.
fn area(start: u64, vma: &Vma) -> String {
    let sharing = if vma.shared { "shared" } else { "private" };
    let growth = if vma.grows_down { " growsdown" } else { "" };
    let Vma {
        end, prot, backing, ..
    } = vma;
    format!("{start:#x}-{end:#x} {prot} {sharing} {backing}{growth}")
}

pub(super) fn pages(sight: &Sight<'_>) -> Rows {
    let mut rows = Vec::new();
    let fault = sight.moment.fault(sight.place);
    for (pid, before, now) in processes(sight) {
        rows.push(Row::title(format!("process {pid}")));
        for (page, old, new) in both(&before.pages, &now.pages) {
            let here = fault.is_some_and(|fault| (fault.pid, fault.page) == (pid, page));
            let sign = match Sign::of(old, new) {
                Sign::None if here => Sign::Here,
                sign => sign,
            };
            rows.push(Row::new(sign, page_row(sight, page, old, new)));
        }
    }
    or_none(rows, "no process")
}

fn page_row(sight: &Sight<'_>, page: u64, old: Option<&Entry>, new: Option<&Entry>) -> String {
    let at = addr(page);
    let was = old.filter(|_| old != new);
    let was = was.map(|old| entry(&sight.moment.before, old));
    match (new, was) {
        (Some(new), Some(was)) => {
            let now = entry(&sight.moment.state, new);
            format!(
                "{at:<12} {now}  (was {})",
                was.split_whitespace().collect::<Vec<_>>().join(" ")
            )
        }
        (Some(new), None) => format!("{at:<12} {}", entry(&sight.moment.state, new)),
        (None, was) => format!("{at:<12} empty now (was {})", was.unwrap_or_default()),
    }
}

pub(super) fn frames(sight: &Sight<'_>) -> Rows {
    let (before, now) = (&sight.moment.before, &sight.moment.state);
    let (owned_before, owned) = (before.owners(), now.owners());
    let mut rows = Vec::new();
    let mut tables = (0, 0);
    for (number, old, new) in both(&before.frames, &now.frames) {
        if [old, new]
            .iter()
            .flatten()
            .any(|frame| frame.usage == Usage::Table)
        {
            tables.0 += usize::from(new.is_some());
            tables.1 += usize::from(old.is_some());
            continue;
        }
        let owners = (owned_before.get(&number), owned.get(&number));
        let sign = match Sign::of(old, new) {
            Sign::None if owners.0 != owners.1 => Sign::Changed,
            sign => sign,
        };
        let Some(frame) = new.or(old) else {
            continue;
        };
        let was = old.filter(|old| old.refs != frame.refs).map(|old| old.refs);
        let text = frame_row(now, number, frame, was, owners.1);
        rows.push(Row::new(
            sign,
            if new.is_none() {
                freed(before, number)
            } else {
                text
            },
        ));
    }
    let sign = if tables.0 == tables.1 {
        Sign::None
    } else {
        Sign::Changed
    };
    let was = match tables.0 == tables.1 {
        true => String::new(),
        false => format!(" (was {})", tables.1),
    };
    rows.push(Row::new(
        sign,
        format!("page tables: {}{was}", counted(tables.0, "frame")),
    ));
    or_none(rows, "none in use")
}

/// `1 page`, `2 pages`.
fn counted(number: usize, what: &str) -> String {
    match number {
        1 => format!("1 {what}"),
        many => format!("{many} {what}s"),
    }
}

fn freed(before: &State, number: u32) -> String {
    format!("{:<5} is free now", frame_name(before, number))
}

fn frame_row(
    state: &State,
    number: u32,
    frame: &Frame,
    was: Option<u32>,
    owners: Option<&Vec<(u32, u64)>>,
) -> String {
    let usage = match frame.usage {
        Usage::Zero => "zero page",
        Usage::Private => "private",
        Usage::Cache => "cache",
        Usage::Table => "table",
        Usage::Free => "free!",
    };
    let mut parts = vec![format!("{:<5} {usage:<9}", frame_name(state, number))];
    if frame.usage != Usage::Zero {
        parts.push(match was {
            Some(was) => format!("refs {} (was {was})", frame.refs),
            None => format!("refs {}", frame.refs),
        });
    }
    let owners = owners.map(Vec::as_slice).unwrap_or_default();
    parts.push(owners_in_words(owners));
    parts.extend(frame.caches.as_ref().map(|page| format!("caches {page}")));
    parts.extend(frame.dirty.then(|| "dirty".to_owned()));
    parts.extend(frame.slot.map(|slot| format!("same as slot {slot}")));
    parts.join("  ")
}

/// `1:0x10000000 2:0x10000000`: process and address.
fn owners_in_words(owners: &[(u32, u64)]) -> String {
    if owners.is_empty() {
        return "mapped by none".to_owned();
    }
    let named = owners.iter().take(OWNERS_MAX);
    let named: Vec<_> = named
        .map(|&(pid, page)| format!("{pid}:{}", addr(page)))
        .collect();
    let more = match owners.len().saturating_sub(OWNERS_MAX) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("mapped by {}{more}", named.join(" "))
}

pub(super) fn tlbs(sight: &Sight<'_>) -> Rows {
    let (before, now) = (&sight.moment.before, &sight.moment.state);
    let cpus: BTreeSet<u8> = before.tlbs.keys().chain(now.tlbs.keys()).copied().collect();
    let mut rows = Vec::new();
    for cpu in cpus {
        let of = |state: &State| -> BTreeMap<(u32, u64), Entry> {
            let tlb = state.tlbs.get(&cpu).into_iter().flatten();
            tlb.flat_map(|(&pid, pages)| {
                pages
                    .iter()
                    .map(move |(&page, entry)| ((pid, page), entry.clone()))
            })
            .collect()
        };
        let (old, new) = (of(before), of(now));
        rows.push(Row::title(format!(
            "CPU {cpu} remembers {}",
            counted(new.len(), "page")
        )));
        for ((pid, page), old, new) in both(&old, &new) {
            let sign = Sign::of(old, new);
            let Some(found) = new.or(old) else {
                continue;
            };
            let state = if new.is_some() { now } else { before };
            let gone = if new.is_none() { "  forgotten" } else { "" };
            let text = format!("{pid}:{:<12} {}{gone}", addr(page), entry(state, found));
            rows.push(Row::new(sign, text));
        }
    }
    or_none(rows, "no CPU remembers a page")
}

pub(super) fn cache(sight: &Sight<'_>) -> Rows {
    let (before, now) = (&sight.moment.before, &sight.moment.state);
    let of = |state: &State| -> BTreeMap<String, (u32, bool)> {
        let cached = state.frames.iter();
        cached
            .filter_map(|(&number, frame)| Some((frame.caches.clone()?, (number, frame.dirty))))
            .collect()
    };
    let (old, new) = (of(before), of(now));
    let pages: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let rows = pages.into_iter().map(|page| {
        let (old, new) = (old.get(page), new.get(page));
        let told = match new {
            Some(&(number, dirty)) => {
                let dirty = if dirty { "dirty" } else { "clean" };
                format!("{page:<16} {:<5} {dirty}", frame_name(now, number))
            }
            None => format!("{page:<16} dropped"),
        };
        Row::new(Sign::of(old, new), told)
    });
    or_none(rows.collect(), "no page of a file is in memory")
}

pub(super) fn swap(sight: &Sight<'_>) -> Rows {
    let (before, now) = (&sight.moment.before, &sight.moment.state);
    let mut users: BTreeMap<u32, Vec<(u32, u64)>> = BTreeMap::new();
    for (&pid, process) in &now.processes {
        for (&page, entry) in &process.pages {
            if let Target::Slot(slot) = entry.to {
                users.entry(slot).or_default().push((pid, page));
            }
        }
    }
    let cached = now.frames.iter();
    let cached: BTreeMap<u32, u32> = cached
        .filter_map(|(&number, frame)| Some((frame.slot?, number)))
        .collect();
    let rows = both(&before.slots, &now.slots)
        .into_iter()
        .map(|(slot, old, new)| {
            let Some(found) = new else {
                return Row::new(Sign::Gone, format!("slot {slot} is free now"));
            };
            let noted = users.get(&slot).map(Vec::as_slice).unwrap_or_default();
            let noted = owners_in_words(noted).replace("mapped", "noted");
            let cached = cached.get(&slot);
            let cached = cached.map(|&number| format!("  swap cache: {}", frame_name(now, number)));
            let text = format!(
                "slot {slot}  refs {}  {noted}{}",
                found.refs,
                cached.unwrap_or_default()
            );
            Row::new(Sign::of(old, new), text)
        });
    or_none(rows.collect(), "no slot is in use")
}

pub(super) fn counters(sight: &Sight<'_>) -> Rows {
    let (before, now) = (&sight.moment.before, &sight.moment.state);
    let rows = both(&before.totals, &now.totals)
        .into_iter()
        .map(|(name, old, new)| {
            let (old, new) = (
                old.copied().unwrap_or_default(),
                new.copied().unwrap_or_default(),
            );
            match new.checked_sub(old) {
                None | Some(0) => Row::plain(format!("{name:<17} {new}")),
                Some(more) => Row::new(Sign::Changed, format!("{name:<17} {new} (+{more})")),
            }
        });
    or_none(rows.collect(), "nothing was counted yet")
}
