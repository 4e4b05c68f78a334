//! What a machine holds of the page that is accessed: the same lines whether it will
//! fault or not.

use film::scene::Scene;
use film::state::{Entry, Process, State, Target, Vma};

/// Bits of an address within a page.
const PAGE_BITS: u32 = 12;

/// The page before a scene, a line for each place where something of it may be.
pub(super) fn before(state: &State, scene: &Scene) -> Vec<String> {
    let (Some(pid), Some(addr)) = (scene.pid, scene.addr) else {
        return Vec::new();
    };
    let Some(process) = state.processes.get(&pid) else {
        return Vec::new();
    };
    let page = addr >> PAGE_BITS;
    let vma = vma_of(process, addr);
    let entry = process.pages.get(&page);
    let remembered = state.remembered(scene.cpu, pid, page);
    let mut lines = vec![
        line("VMA", vma_in_words(vma)),
        line(
            "page table",
            entry.map_or("empty".to_owned(), |it| in_words(state, it)),
        ),
        line(
            &format!("TLB, CPU {}", scene.cpu),
            match remembered {
                None => "nothing".to_owned(),
                Some(it) if Some(it) == entry => "the same entry".to_owned(),
                Some(it) => in_words(state, it),
            },
        ),
    ];
    lines.extend(vma.and_then(|(start, vma)| cached(state, addr - start, vma)));
    lines.extend(entry.and_then(|entry| swapped(state, entry)));
    lines
}

fn line(what: &str, text: String) -> String {
    format!("  {what:<12}{text}")
}

fn vma_of(process: &Process, addr: u64) -> Option<(u64, &Vma)> {
    let (start, vma) = process.vmas.range(..=addr).next_back()?;
    (addr < vma.end).then_some((*start, vma))
}

fn vma_in_words(vma: Option<(u64, &Vma)>) -> String {
    let Some((start, vma)) = vma else {
        return "none covers the address".to_owned();
    };
    let Vma {
        end,
        prot,
        shared,
        backing,
        grows_down,
    } = vma;
    let sharing = if *shared { "shared" } else { "private" };
    let stack = if *grows_down { " growsdown" } else { "" };
    format!("[{start:#x}, {end:#x}) {prot} {sharing} {backing}{stack}")
}

/// An entry, and how many share the frame that it leads to.
fn in_words(state: &State, entry: &Entry) -> String {
    let bits = &entry.bits;
    match entry.to {
        Target::Slot(slot) => format!("in swap, slot {slot}"),
        Target::Frame(number) => {
            let frame = state.frames.get(&number);
            let name = frame.and_then(|frame| frame.name.as_deref());
            match (name, frame.map_or(0, |frame| frame.refs)) {
                (Some("zero"), _) => format!("the zero page ({bits})"),
                (name, 1) => format!("{} ({bits}), 1 reference", name.unwrap_or("a frame")),
                (name, refs) => {
                    format!("{} ({bits}), {refs} references", name.unwrap_or("a frame"))
                }
            }
        }
    }
}

/// What the page cache has of the page, if it is a file's or of shared memory.
fn cached(state: &State, offset: u64, vma: &Vma) -> Option<String> {
    let (name, start) = vma.backing.split_once("+0x").unwrap_or((&vma.backing, "0"));
    let start = u64::from_str_radix(start, 16).ok()?;
    let offset = (start + offset) >> PAGE_BITS << PAGE_BITS;
    let (plain, full) = (name.to_owned(), format!("{name}+{offset:#x}"));
    let is_it = |caches: &str| caches == full || offset == 0 && caches == plain;
    let mut frames = state.frames.values();
    let frame = frames.find(|frame| frame.caches.as_deref().is_some_and(is_it));
    let text = match frame {
        Some(frame) => format!(
            "has {full}, in {}",
            frame.name.as_deref().unwrap_or("a frame")
        ),
        None if name == "anon" => return None,
        None => format!("does not have {full}"),
    };
    Some(line("page cache", text))
}

fn swapped(state: &State, entry: &Entry) -> Option<String> {
    let Target::Slot(slot) = entry.to else {
        return None;
    };
    let mut frames = state.frames.values();
    let frame = frames.find(|frame| frame.slot == Some(slot));
    let text = match frame {
        Some(frame) => format!("has it, in {}", frame.name.as_deref().unwrap_or("a frame")),
        None => "does not have it".to_owned(),
    };
    Some(line("swap cache", text))
}
