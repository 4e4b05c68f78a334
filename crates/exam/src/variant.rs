//! Another trace about the same: a scenario that somebody thought out, told anew.
//!
//! What matters of a scenario is who does what in which order; addresses, numbers,
//! names and values do not, and all of them are changed here by chance. Whether
//! they did not matter indeed the reference says: each event must be of the class
//! that it was of before, or the change is given up.

use std::collections::BTreeMap;

use vmsim::addr::{CpuId, FileId, PAGE_SIZE, Pid, VirtAddr};
use vmsim::event::{Event, Growth, Mapping, Op, Populate, Sharing, Source};
use vmsim::prot::Prot;
use vmtrace::generate::chance::Chance;
use vmtrace::shrink::file_of;

use crate::listener::Holes;
use crate::script::Script;
use crate::sight::Sight;

/// Addresses below and above these mean something by themselves, and stay: NULL, the
/// lowest page that may be mapped and stacks above it, and the end of user space.
const LOWEST: u64 = 16 << 20;
const HIGHEST: u64 = 1 << 46;

/// Addresses that are farther apart than this have nothing to do with each other:
/// farther than a stack grows.
const FAR: u64 = 64 << 20;

/// What a page table of the last level maps: addresses keep their place in it, so
/// that what lay across its border still does.
const TABLE_BYTES: u64 = 2 << 20;

/// So many draws, each less bold than the one before, before a scenario is given up.
const DRAWS: u64 = 6;

/// Frames that must be there before harmless events may use some.
const FRAMES_TO_SPARE: u32 = 64;

/// The names that files get.
const FILE_NAMES: [&str; 20] = [
    "archive", "atlas", "catalog", "config", "data", "font", "image", "index", "journal", "ledger",
    "letters", "map", "notes", "photo", "plan", "records", "report", "sheet", "song", "table",
];

/// A scenario told anew, or none if every change matters.
pub fn variant(scenario: &Script, number: u64) -> Option<Script> {
    let classes = classes(scenario)?;
    (0..DRAWS).find_map(|draw| {
        let mut chance = Chance::new(number.wrapping_add(draw << 32));
        let changed = change(scenario, Boldness(DRAWS - draw), &mut chance);
        let told = changed.script.is_valid() && changed.script != *scenario;
        let kept = told.then(|| self::classes(&changed.script)).flatten()?;
        let same = changed.origin.iter().zip(&kept);
        let mut same = same.filter_map(|(origin, class)| Some((*origin)?).map(|at| (at, class)));
        same.all(|(at, class)| classes[at] == *class)
            .then_some(changed.script)
    })
}

/// What comes of each event; none if somebody acts who is not there.
fn classes(script: &Script) -> Option<Vec<Option<String>>> {
    let mut sight = Sight::new(script.config, Holes::default());
    let step = |event: &Event| {
        let acts = event
            .op
            .pid()
            .is_none_or(|pid| sight.alive().contains(&pid));
        let glimpse = sight.step(event);
        acts.then_some(glimpse.class)
    };
    script.events.iter().map(step).collect()
}

/// How much is changed: from 1, addresses only, upwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Boldness(u64);

/// A changed scenario, and where each of its events was before, if it was.
struct Changed {
    script: Script,
    origin: Vec<Option<usize>>,
}

fn change(scenario: &Script, boldness: Boldness, chance: &mut Chance) -> Changed {
    let mut script = scenario.clone();
    script.config.seed = chance.below(1000);
    let end = move_apart(&mut script, chance);
    renumber(&mut script, chance);
    rename(&mut script, chance);
    change_values(&mut script, chance);
    if boldness >= Boldness(3) {
        move_in_files(&mut script, chance);
    }
    if boldness >= Boldness(4) {
        move_in_pages(&mut script, chance);
    }
    let origin = (0..script.events.len()).map(Some).collect();
    let mut changed = Changed { script, origin };
    if boldness >= Boldness(5) && changed.script.config.frames >= FRAMES_TO_SPARE {
        interleave(&mut changed, end, chance);
    }
    changed
}

/// Groups of addresses get other places, in the same order, and none is where the
/// scenarios of a course usually are. Returns an address behind them all.
pub(crate) fn move_apart(script: &mut Script, chance: &mut Chance) -> VirtAddr {
    let heap = script.config.heap.0;
    let uses_heap = script
        .events
        .iter()
        .any(|event| matches!(event.op, Op::Brk { .. }));
    let mut points: Vec<u64> = script.events.iter().flat_map(ends).collect();
    points.extend(uses_heap.then_some(heap));
    points.retain(|point| (LOWEST..HIGHEST).contains(point));
    points.sort_unstable();
    points.dedup();
    // By the first address of each group: how far it moves.
    let mut moves = BTreeMap::new();
    let mut free = 0x1000_0000 + chance.below(0x80) * TABLE_BYTES;
    let mut last = None;
    for point in points {
        if last.is_none_or(|last| point - last > FAR) {
            let gap = FAR + chance.within(1..=48) * TABLE_BYTES;
            free = (free + gap) / TABLE_BYTES * TABLE_BYTES + point % TABLE_BYTES;
            moves.insert(point, free.wrapping_sub(point));
        }
        last = Some(point);
        let (_, by) = moves
            .range(..=point)
            .next_back()
            .expect("its group is there");
        free = point.wrapping_add(*by);
    }
    let moved = |addr: u64| match (LOWEST..HIGHEST).contains(&addr) {
        true => moves
            .range(..=addr)
            .next_back()
            .map_or(addr, |(_, by)| addr.wrapping_add(*by)),
        false => addr,
    };
    for event in &mut script.events {
        if let Some(addr) = addr_of(&mut event.op) {
            addr.0 = moved(addr.0);
        }
    }
    if uses_heap {
        script.config.heap = VirtAddr(moved(heap));
    }
    VirtAddr((free + FAR) / TABLE_BYTES * TABLE_BYTES)
}

/// The first address of an event, and the last one of its range.
fn ends(event: &Event) -> Vec<u64> {
    let addr = event.op.addr().map(|addr| addr.0);
    let len = match event.op {
        Op::Mmap { len, .. }
        | Op::Munmap { len, .. }
        | Op::Mprotect { len, .. }
        | Op::Madvise { len, .. }
        | Op::Msync { len, .. } => len.min(FAR),
        _ => 1,
    };
    addr.into_iter()
        .flat_map(|addr| [addr, addr.saturating_add(len)])
        .collect()
}

fn addr_of(op: &mut Op) -> Option<&mut VirtAddr> {
    match op {
        Op::Mmap { addr, .. }
        | Op::Munmap { addr, .. }
        | Op::Mprotect { addr, .. }
        | Op::Madvise { addr, .. }
        | Op::Brk { addr, .. }
        | Op::Read { addr, .. }
        | Op::Write { addr, .. }
        | Op::Exec { addr, .. }
        | Op::CopyIn { addr, .. }
        | Op::CopyOut { addr, .. }
        | Op::Msync { addr, .. } => Some(addr),
        _ => None,
    }
}

/// Processes and CPUs get other numbers; process 1 is who it was.
fn renumber(script: &mut Script, chance: &mut Chance) {
    let cpus = shuffled((0..script.config.cpus).collect(), chance);
    let mut free = shuffled((2..=40).collect(), chance);
    // Small numbers are easier to read.
    free.sort_by_key(|number| number / 10);
    let mut pids = BTreeMap::from([(Pid(1), Pid(1))]);
    for event in &mut script.events {
        event.cpu = CpuId(cpus[usize::from(event.cpu.0)]);
        for pid in pids_of(&mut event.op) {
            let number = *pids.entry(*pid).or_insert_with(|| Pid(free.remove(0)));
            *pid = number;
        }
    }
}

fn pids_of(op: &mut Op) -> Vec<&mut Pid> {
    match op {
        Op::File { .. } | Op::Load { .. } | Op::Drop { .. } => Vec::new(),
        Op::Fork { parent, child } => vec![parent, child],
        Op::Mmap { pid, .. }
        | Op::Munmap { pid, .. }
        | Op::Mprotect { pid, .. }
        | Op::Madvise { pid, .. }
        | Op::Brk { pid, .. }
        | Op::Exit { pid }
        | Op::Read { pid, .. }
        | Op::Write { pid, .. }
        | Op::Exec { pid, .. }
        | Op::CopyIn { pid, .. }
        | Op::CopyOut { pid, .. }
        | Op::Msync { pid, .. }
        | Op::Sigaction { pid, .. } => vec![pid],
    }
}

/// Files get other names.
pub(crate) fn rename(script: &mut Script, chance: &mut Chance) {
    let mut names = shuffled(FILE_NAMES.to_vec(), chance).into_iter();
    for event in &mut script.events {
        if let Op::File { name, .. } = &mut event.op {
            *name = names.next().map_or_else(|| name.clone(), Into::into);
        }
    }
}

/// Other values are written; zero stays zero, because fresh pages hold it, too.
fn change_values(script: &mut Script, chance: &mut Chance) {
    let mask = chance.within(1..=127);
    for event in &mut script.events {
        if let Op::Write { value, .. } | Op::CopyOut { value, .. } = &mut event.op
            && let Some(number) = value
            && *number != 0
            && *number != mask
        {
            *number ^= mask;
        }
    }
}

/// Files start some pages earlier, and everybody uses them so much farther in.
fn move_in_files(script: &mut Script, chance: &mut Chance) {
    let by: Vec<u64> = (0..FILE_NAMES.len())
        .map(|_| chance.below(4) * PAGE_SIZE)
        .collect();
    let by = |file: FileId| by.get(file.0 as usize).copied().unwrap_or(0);
    let mut files = 0;
    for event in &mut script.events {
        match &mut event.op {
            Op::File { size, .. } => {
                *size += by(FileId(files));
                files += 1;
            }
            Op::Load { file, offset, .. } => *offset += by(*file),
            Op::Mmap { map, .. } => {
                if let Source::File { file, offset } = &mut map.source {
                    *offset += by(*file);
                }
            }
            _ => {}
        }
    }
}

/// All accesses lie a little farther on in their pages, if all of them can.
fn move_in_pages(script: &mut Script, chance: &mut Chance) {
    let by = 8 * chance.within(1..=64);
    let size = |op: &Op| match *op {
        Op::Read { size, .. }
        | Op::Write { size, .. }
        | Op::CopyIn { size, .. }
        | Op::CopyOut { size, .. } => u64::from(size),
        _ => 1,
    };
    let fits = |event: &Event| {
        let offset = event.op.addr().map_or(0, |addr| addr.page_offset());
        !event.op.is_access() || offset + by + size(&event.op) <= PAGE_SIZE
    };
    if !script.events.iter().all(fits) {
        return;
    }
    for event in &mut script.events {
        let is_access = event.op.is_access();
        if let Some(addr) = addr_of(&mut event.op).filter(|_| is_access)
            && (LOWEST..HIGHEST).contains(&addr.0)
        {
            addr.0 += by;
        }
    }
}

/// Process 1 has some memory of its own, far away, and uses it in between.
fn interleave(changed: &mut Changed, at: VirtAddr, chance: &mut Chance) {
    let pid = Pid(1);
    let pages = chance.within(1..=3);
    let mut harmless = vec![Op::Mmap {
        pid,
        addr: at,
        len: pages * PAGE_SIZE,
        map: Mapping {
            prot: Prot::READ_WRITE,
            sharing: Sharing::Private,
            source: Source::Anon,
            populate: Populate::Lazily,
            growth: Growth::Fixed,
        },
    }];
    for _ in 0..chance.within(1..=3) {
        let addr = VirtAddr(at.0 + chance.below(pages) * PAGE_SIZE + 64 * chance.below(60));
        harmless.push(match chance.percent(50) {
            true => Op::Read { pid, addr, size: 1 },
            false => Op::Write {
                pid,
                addr,
                size: 1,
                value: Some(chance.within(1..=99)),
            },
        });
    }
    let files = changed.script.events.iter();
    let mut place = files
        .take_while(|event| file_of(&mut event.op.clone()).is_none() && is_file(&event.op))
        .count();
    for op in harmless {
        let left = (changed.script.events.len() - place) as u64;
        place += chance.below(left / 2 + 1) as usize;
        let cpu = CpuId(chance.below(u64::from(changed.script.config.cpus)) as u8);
        changed.script.events.insert(place, Event { cpu, op });
        changed.origin.insert(place, None);
        place += 1;
    }
}

fn is_file(op: &Op) -> bool {
    matches!(op, Op::File { .. })
}

fn shuffled<T>(mut items: Vec<T>, chance: &mut Chance) -> Vec<T> {
    for last in (1..items.len()).rev() {
        items.swap(last, chance.below(last as u64 + 1) as usize);
    }
    items
}
