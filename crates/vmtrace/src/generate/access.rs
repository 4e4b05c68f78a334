//! Accesses: mostly to pages that allow them.

use vmsim::addr::{PAGE_SIZE, TASK_SIZE, VirtAddr};
use vmsim::event::Op;

use crate::generate::Generator;
use crate::generate::world::{Page, Use};
use crate::valid::value_mask;

/// So often it looks for a page that suits before it gives up.
const TRIES_MAX: u32 = 64;

/// What an access does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Read,
    Write,
    Exec,
}

/// Whether an access may go on into the next page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Crossing {
    Allowed,
    Forbidden,
}

impl Generator {
    /// An access by some process; where nothing can be accessed, an `mmap`.
    pub(crate) fn access(&mut self) -> Op {
        let process = self.some_process();
        let kind = self.kind();
        if self.chance.percent(self.options.invalid_percent) {
            let page = self.bad_address(process, kind);
            let (addr, size) = self.extent(page, Crossing::Allowed);
            return self.access_at(process, kind, addr, size);
        }
        // Few pages are executable, but most can be read.
        for kind in [kind, Kind::Read] {
            if let Some((page, crossing)) = self.good_address(process, kind) {
                let (addr, size) = self.extent(page, crossing);
                return self.access_at(process, kind, addr, size);
            }
        }
        self.mmap(process)
    }

    /// Some process.
    pub(crate) fn some_process(&mut self) -> usize {
        self.chance.below(self.world.processes.len() as u64) as usize
    }

    fn kind(&mut self) -> Kind {
        match self.chance.below(100) {
            0..50 => Kind::Write,
            50..58 if self.options.groups.exec => Kind::Exec,
            _ => Kind::Read,
        }
    }

    fn access_at(&mut self, process: usize, kind: Kind, addr: VirtAddr, size: u16) -> Op {
        let pid = self.world.processes[process].pid;
        let value = self.value(size);
        let copies = self.options.groups.copies && self.chance.percent(5);
        match kind {
            Kind::Read if copies => Op::CopyIn { pid, addr, size },
            Kind::Read => Op::Read { pid, addr, size },
            Kind::Write if copies => Op::CopyOut {
                pid,
                addr,
                size,
                value,
            },
            Kind::Write => Op::Write {
                pid,
                addr,
                size,
                value,
            },
            Kind::Exec => Op::Exec { pid, addr },
        }
    }

    /// Where in the page the access lies; now and then it crosses into the next.
    fn extent(&mut self, page: VirtAddr, crossing: Crossing) -> (VirtAddr, u16) {
        match self.chance.below(100) {
            0..50 => (page, 1),
            50..60 if crossing == Crossing::Allowed => {
                (VirtAddr(page.0.saturating_add(PAGE_SIZE - 4)), 8)
            }
            _ => {
                let size = self.chance.pick(&[1, 2, 4, 8, 8, 8, 16, 64]);
                let offset = self.chance.below(PAGE_SIZE / 64) * 64;
                (VirtAddr(page.0 + offset), size)
            }
        }
    }

    fn value(&mut self, size: u16) -> Option<u64> {
        let value = match self.chance.below(10) {
            0..4 => None,
            4..8 => Some(self.chance.below(256)),
            _ => Some(self.chance.number()),
        };
        value.map(|value| value & value_mask(size))
    }

    /// The address of a page that allows the access, if one is found soon, and
    /// whether the page behind it allows it, too.
    fn good_address(&mut self, process: usize, kind: Kind) -> Option<(VirtAddr, Crossing)> {
        let suits = |page: Option<Page>, past_end: bool| {
            page.is_some_and(|page| allows(page, kind)) && !past_end
        };
        let (arena, page) = self.look_for_page(process, suits)?;
        let crossing = match self.entry(process, arena, page + 1) {
            (next, past_end) if suits(next, past_end) => Crossing::Allowed,
            _ => Crossing::Forbidden,
        };
        let arena = &self.world.processes[process].arenas[arena];
        Some((arena.addr(page), crossing))
    }

    fn bad_address(&mut self, process: usize, kind: Kind) -> VirtAddr {
        match self.chance.below(8) {
            0 => VirtAddr(0),
            1 => VirtAddr(0xffff_8000_0000_0000 + self.chance.below(1 << 20) * PAGE_SIZE),
            2 => VirtAddr(0x8000_0000_0000 + self.chance.below(1 << 40)),
            3 => VirtAddr(TASK_SIZE),
            4 => self.bad_page(process, |page, _| page.is_none()),
            5 => self.bad_page(process, |_, past_end| past_end),
            _ => self.bad_page(process, |page, _| {
                page.is_some_and(|page| !allows(page, kind))
            }),
        }
    }

    /// The address of a page that is bad in this way; NULL if none is found soon.
    fn bad_page(
        &mut self,
        process: usize,
        is_bad: impl Fn(Option<Page>, bool) -> bool,
    ) -> VirtAddr {
        match self.look_for_page(process, is_bad) {
            Some((arena, page)) => self.world.processes[process].arenas[arena].addr(page),
            None => VirtAddr(0),
        }
    }

    /// The arena and number of a page that suits, if one is found soon.
    pub(crate) fn look_for_page(
        &mut self,
        process: usize,
        suits: impl Fn(Option<Page>, bool) -> bool,
    ) -> Option<(usize, usize)> {
        for _ in 0..TRIES_MAX {
            let (arena, page) = self.some_page(process);
            let (entry, past_end) = self.entry(process, arena, page);
            if suits(entry, past_end) {
                return Some((arena, page));
            }
        }
        None
    }

    /// A page, if it is mapped, and whether it lies past the end of its file.
    fn entry(&self, process: usize, arena: usize, page: usize) -> (Option<Page>, bool) {
        let pages = &self.world.processes[process].arenas[arena].pages;
        let entry = pages.get(page).copied().flatten();
        (
            entry,
            entry.is_some_and(|page| self.world.is_past_end(page)),
        )
    }

    pub(crate) fn some_page(&mut self, process: usize) -> (usize, usize) {
        let arenas = &self.world.processes[process].arenas;
        let arena = self.chance.below(arenas.len() as u64) as usize;
        let page = self.chance.below(arenas[arena].pages.len() as u64) as usize;
        let arenas = &mut self.world.processes[process].arenas;
        // Every page below a stack is as good as mapped: an access makes it so.
        if arenas[arena].use_ == Use::Stack && self.chance.percent(20) {
            arenas[arena].grow(page);
        }
        (arena, page)
    }
}

fn allows(page: Page, kind: Kind) -> bool {
    match kind {
        // On x86 whatever can be written or executed can be read.
        Kind::Read => !page.prot.is_none(),
        Kind::Write => page.prot.write(),
        Kind::Exec => page.prot.exec(),
    }
}
