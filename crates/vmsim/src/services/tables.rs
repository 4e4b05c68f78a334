//! Services for page tables and TLBs: map, unmap, protect, flush.

use crate::addr::Pfn;
use crate::frames::ZERO_PAGE;
use crate::kernel::{Kernel, Rewritten};
use crate::mm::Page;
use crate::pte::{Pte, Rights};
use crate::refs::{Change, FrameRef, HeldKind, Old, SlotRef};

impl Kernel {
    /// Maps a frame at a page, in place of what was there. The entry takes the
    /// reference over.
    #[track_caller]
    pub fn map(&mut self, page: Page, frame: FrameRef, rights: Rights) -> Change {
        let pfn = frame.0;
        self.let_go(HeldKind::Frame(pfn));
        if pfn != ZERO_PAGE {
            self.frames.get_mut(pfn).mappers.push(page);
            self.frames.ring.arrive(pfn);
        }
        self.note(|| format!("map {} {}", page.vpn.start(), rights_in_words(rights)));
        self.replace(page, Pte::page(pfn, rights))
    }

    /// Notes in the page table that a page is in a swap slot. The entry takes the
    /// reference over.
    #[track_caller]
    pub fn map_slot(&mut self, page: Page, slot: SlotRef) -> Change {
        self.let_go(HeldKind::Slot(slot.0));
        self.note(|| format!("note the swap slot at {}", page.vpn.start()));
        self.replace(page, Pte::swap(slot.0))
    }

    /// Empties a page's entry.
    #[track_caller]
    pub fn unmap(&mut self, page: Page) -> Change {
        self.note(|| format!("unmap {}", page.vpn.start()));
        self.replace(page, Pte::NONE)
    }

    /// Gives a page that is in memory other rights; its frame stays.
    #[track_caller]
    pub fn protect(&mut self, page: Page, rights: Rights) -> Change {
        let before = self.pte(page);
        if before.frame().is_none() {
            self.bug(format!(
                "nothing is mapped at {} that could be protected",
                page.vpn.start()
            ));
        }
        self.note(|| format!("protect {} {}", page.vpn.start(), rights_in_words(rights)));
        self.write_entry(page, before.with_rights(rights));
        Change {
            page,
            before,
            old: Old::Nothing,
        }
    }

    /// Makes the CPU that runs this forget a page.
    #[track_caller]
    pub fn flush_local(&mut self, page: Page) {
        self.flush_here(page, self.last_entry(page));
    }

    /// Makes all CPUs that ran the process forget a page.
    #[track_caller]
    pub fn shoot_down(&mut self, page: Page) {
        self.flush_everywhere(page, self.last_entry(page));
    }

    /// What the entry was before its last change, if that was what the kernel just did.
    fn last_entry(&self, page: Page) -> Pte {
        match self.last_change {
            Some(change) if change.page == page => change.before,
            _ => self.pte(page),
        }
    }

    #[track_caller]
    #[inline(always)]
    pub(crate) fn flush_here(&mut self, page: Page, before: Pte) {
        self.cost.local_flushes += 1;
        self.count_needless(page, before);
        self.note(|| format!("flush {} on this CPU", page.vpn.start()));
        let (cpu, asid) = (usize::from(self.cpu.0), self.running(page.pid).asid);
        self.tlbs[cpu].invalidate(asid, page.vpn);
    }

    #[track_caller]
    pub(crate) fn flush_everywhere(&mut self, page: Page, before: Pte) {
        self.flush_here(page, before);
        let process = &self.processes[&page.pid];
        let (asid, ran_on) = (process.asid, process.cpus);
        let others = ran_on & !(1 << self.cpu.0);
        if others == 0 {
            return;
        }
        for cpu in 0..self.config.cpus {
            if others & 1 << cpu != 0 {
                self.cost.remote_flushes += 1;
                self.count_needless(page, before);
                self.note(|| format!("interrupt CPU {cpu} to flush {}", page.vpn.start()));
                self.tlbs[usize::from(cpu)].invalidate(asid, page.vpn);
            }
        }
    }

    #[inline]
    fn count_needless(&mut self, page: Page, before: Pte) {
        let now = match self.last_change {
            Some(change) if change.page == page => change.after,
            _ => self.pte(page),
        };
        let needed = before.needs_flush(now);
        self.cost.needless_flushes += u64::from(!needed);
    }

    /// Writes an entry and keeps the reverse map; the reference of the old entry
    /// goes into the change.
    #[track_caller]
    #[inline(always)]
    fn replace(&mut self, page: Page, pte: Pte) -> Change {
        let before = self.write_entry(page, pte);
        let old = match (before.frame(), before.swap_slot()) {
            (Some(ZERO_PAGE), _) => Old::Nothing,
            (Some(pfn), _) => self.old_frame(page, pfn, before.dirty()),
            (_, Some(slot)) => {
                self.hold(HeldKind::Slot(slot));
                Old::Slot(SlotRef(slot))
            }
            _ => Old::Nothing,
        };
        Change { page, before, old }
    }

    #[track_caller]
    #[inline]
    fn old_frame(&mut self, page: Page, pfn: Pfn, dirty: bool) -> Old {
        self.frames.get_mut(pfn).mappers.remove(page);
        self.touch_frame(pfn);
        self.hold(HeldKind::Frame(pfn));
        Old::Frame {
            frame: FrameRef(pfn),
            dirty,
        }
    }

    /// Writes an entry, and returns what it was before.
    #[inline(always)]
    pub(crate) fn write_entry(&mut self, page: Page, pte: Pte) -> Pte {
        let root = self.running(page.pid).root;
        let (before, made) = self.tables.set(root, page.vpn, pte);
        self.cost.table_pages += u64::from(made);
        self.last_change = Some(Rewritten {
            page,
            before,
            after: pte,
        });
        if self.touched.is_watched() {
            self.touch_page(page);
            if let Some(pfn) = pte.frame() {
                self.touch_frame(pfn);
            }
        }
        before
    }
}

fn rights_in_words(rights: Rights) -> &'static str {
    if rights.writable() {
        "writable"
    } else {
        "read-only"
    }
}
