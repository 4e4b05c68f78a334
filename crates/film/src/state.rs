//! What a machine holds between two events.
//!
//! A state is a set of tables, and a change writes or removes one row of one of them; so a
//! state can be kept by anybody who can keep tables, in any language.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A machine between two events.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// Processes that are alive.
    pub processes: BTreeMap<u32, Process>,
    /// Frames that are in use, by their numbers.
    pub frames: BTreeMap<u32, Frame>,
    /// Swap slots that are in use, by their numbers.
    pub slots: BTreeMap<u32, Slot>,
    /// What each CPU remembers: by CPU, then by process and page.
    pub tlbs: BTreeMap<u8, BTreeMap<u32, BTreeMap<u64, Entry>>>,
    /// Totals since the start, by name: `minor`, `major`, `signals`, and the counters of
    /// the log.
    pub totals: BTreeMap<String, u64>,
}

/// A process.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Process {
    /// Its VMAs, by their first addresses.
    pub vmas: BTreeMap<u64, Vma>,
    /// The last level of its page table, by page: what is not empty.
    pub pages: BTreeMap<u64, Entry>,
}

/// A range of promised memory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vma {
    /// The first address behind it.
    pub end: u64,
    /// `rwx`, `r`, `none`, …
    pub prot: String,
    /// Whether it is shared; private otherwise.
    pub shared: bool,
    /// `anon`, or a file and the offset where it begins: `lib+0x2000`. Memory that is
    /// shared by `fork` is `anon` as well.
    pub backing: String,
    /// Whether it is a stack, which grows down.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub grows_down: bool,
}

/// A page-table entry, in a page table or in a TLB.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Where it leads.
    pub to: Target,
    /// The bits that are set, in words: `P W U A D NX`; empty for one that notes a slot.
    pub bits: String,
}

/// Where an entry leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Target {
    /// The frame of this number.
    Frame(u32),
    /// The swap slot of this number.
    Slot(u32),
}

/// A frame in use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frame {
    /// Its name in the log (`f3`, `zero`), once it has one; `t0`, … for page tables.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What it is used for.
    pub usage: Usage,
    /// References that are counted.
    pub refs: u32,
    /// The page of a file (`lib+0x2000`) or of shared memory (`shm3+0x1000`) that it
    /// caches.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caches: Option<String>,
    /// Whether that page is newer than its file.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub dirty: bool,
    /// The swap slot that has the same content: it is in the swap cache.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slot: Option<u32>,
}

/// What a frame is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Usage {
    /// The shared zero page.
    Zero,
    /// Private memory.
    Private,
    /// A page of a file or of shared memory, in the page cache.
    Cache,
    /// A page table.
    Table,
    /// Nothing, though a page table leads to it: a kernel bug.
    Free,
}

/// A swap slot in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slot {
    /// References that are counted: page-table entries, and pages of shared memory.
    pub refs: u32,
}

/// One row written, or removed if it is `None`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Change {
    /// A process begins (with empty tables), or ends (true: alive).
    Process(u32, bool),
    /// Process, first address.
    Vma(u32, u64, Option<Vma>),
    /// Process, page.
    Page(u32, u64, Option<Entry>),
    /// The number of the frame.
    Frame(u32, Option<Frame>),
    /// The number of the slot.
    Slot(u32, Option<Slot>),
    /// CPU, process, page.
    Tlb(u8, u32, u64, Option<Entry>),
    /// The name of the total, and its new value.
    Total(String, u64),
}

impl State {
    /// Whether the state would be another one after a change.
    pub fn differs(&self, change: &Change) -> bool {
        match change {
            Change::Process(pid, alive) => self.processes.contains_key(pid) != *alive,
            Change::Vma(pid, start, vma) => {
                let process = self.processes.get(pid);
                process.and_then(|process| process.vmas.get(start)) != vma.as_ref()
            }
            Change::Page(pid, page, entry) => {
                let process = self.processes.get(pid);
                process.and_then(|process| process.pages.get(page)) != entry.as_ref()
            }
            Change::Frame(number, frame) => self.frames.get(number) != frame.as_ref(),
            Change::Slot(number, slot) => self.slots.get(number) != slot.as_ref(),
            Change::Tlb(cpu, pid, page, entry) => {
                self.remembered(*cpu, *pid, *page) != entry.as_ref()
            }
            Change::Total(name, value) => self.totals.get(name) != Some(value),
        }
    }

    /// The entry that a CPU remembers for a page.
    pub fn remembered(&self, cpu: u8, pid: u32, page: u64) -> Option<&Entry> {
        self.tlbs.get(&cpu)?.get(&pid)?.get(&page)
    }

    /// The pages that lead to each frame: its owners, by process and page.
    pub fn owners(&self) -> BTreeMap<u32, Vec<(u32, u64)>> {
        let mut owners: BTreeMap<u32, Vec<(u32, u64)>> = BTreeMap::new();
        for (&pid, process) in &self.processes {
            for (&page, entry) in &process.pages {
                if let Target::Frame(number) = entry.to {
                    owners.entry(number).or_default().push((pid, page));
                }
            }
        }
        owners
    }

    /// Applies a change.
    pub fn apply(&mut self, change: &Change) {
        match change {
            Change::Process(pid, true) => {
                self.processes.insert(*pid, Process::default());
            }
            Change::Process(pid, false) => {
                self.processes.remove(pid);
            }
            Change::Vma(pid, start, vma) => {
                let process = self.processes.entry(*pid).or_default();
                write_row(&mut process.vmas, *start, vma.clone());
            }
            Change::Page(pid, page, entry) => {
                let process = self.processes.entry(*pid).or_default();
                write_row(&mut process.pages, *page, entry.clone());
            }
            Change::Frame(number, frame) => write_row(&mut self.frames, *number, frame.clone()),
            Change::Slot(number, slot) => write_row(&mut self.slots, *number, *slot),
            Change::Tlb(cpu, pid, page, entry) => {
                let tlb = self.tlbs.entry(*cpu).or_default();
                let pages = tlb.entry(*pid).or_default();
                write_row(pages, *page, entry.clone());
                if pages.is_empty() {
                    tlb.remove(pid);
                }
            }
            Change::Total(name, value) => {
                self.totals.insert(name.clone(), *value);
            }
        }
    }
}

fn write_row<K: Ord, V>(table: &mut BTreeMap<K, V>, key: K, row: Option<V>) {
    match row {
        Some(row) => table.insert(key, row),
        None => table.remove(&key),
    };
}
