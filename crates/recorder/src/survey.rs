//! The first pass: what the log does not say outright.
//!
//! The survey keeps the mappings of every process and notes each page that is
//! touched outside them: valgrind's loader, not the program, must have mapped it.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io;
use std::ops::Range;

use vmsim::addr::{FileId, Pid, VirtAddr};
use vmsim::event::{Event, Op, Source};
use vmsim::prot::Prot;

use crate::ranges::{Ranges, pages};
use crate::stage::Stage;

/// The end of the stack that valgrind gives to a program on x86-64
/// (coregrind/m_aspacemgr/aspacemgr-linux.c).
pub(crate) const STACK_END: VirtAddr = VirtAddr(0x1f_ff00_1000);

/// The furthest that a stack grows: `RLIMIT_STACK` of [`vmsim::event::Config`].
const STACK_BYTES_MAX: u64 = 8 << 20;

/// Pages of one mprotect that are looked at: 256 MiB, far more than any program
/// relocates.
const PROTECTED_PAGES_MAX: usize = 65_536;

/// What the first pass found.
#[derive(Default)]
pub(crate) struct Survey {
    spaces: HashMap<Pid, Space>,
    /// Pages that any system call mapped at any time.
    pub ever_mapped: Ranges,
    /// Pages used though no call had mapped them, and how; without the stack.
    pub strays: BTreeMap<u64, Prot>,
    /// The first access to the stack, made by process 1 as it began.
    pub stack_start: Option<VirtAddr>,
    /// Where each file's furthest mapping ends, in bytes.
    pub extents: HashMap<FileId, u64>,
    /// Pages touched, by process.
    pub touched: HashSet<(Pid, u64)>,
}

/// What is mapped in one process.
#[derive(Clone, Default)]
struct Space {
    mapped: Ranges,
    /// Where the heap ends now.
    heap_end: u64,
}

impl Survey {
    /// Learns of pages that are mapped before the program begins.
    pub fn mapped_before(&mut self, range: Range<u64>) {
        self.map(Pid(1), range);
    }

    fn space(&mut self, pid: Pid) -> &mut Space {
        self.spaces.entry(pid).or_default()
    }

    fn map(&mut self, pid: Pid, range: Range<u64>) {
        self.ever_mapped.insert(range.clone());
        self.space(pid).mapped.insert(range);
    }

    fn mmap(&mut self, pid: Pid, addr: VirtAddr, len: u64, source: Source) {
        if let Source::File { file, offset } = source {
            let extent = self.extents.entry(file).or_default();
            *extent = (*extent).max(offset.saturating_add(len));
        }
        self.map(pid, pages(addr, len));
    }

    fn brk(&mut self, pid: Pid, addr: VirtAddr) {
        let new_end = pages(addr, 0).end;
        let old_end = std::mem::replace(&mut self.space(pid).heap_end, new_end);
        if new_end > old_end {
            self.map(pid, old_end..new_end);
        } else {
            self.space(pid).mapped.remove(new_end..old_end);
        }
    }

    fn fork(&mut self, parent: Pid, child: Pid) {
        let copy = self.space(parent).clone();
        self.spaces.insert(child, copy);
    }

    /// A program may protect what it has not touched or has only read, and the
    /// pages must be there. Data that a loader has relocated becomes read-only,
    /// so it was writable before.
    fn protect(&mut self, pid: Pid, range: Range<u64>, prot: Prot) {
        let before = if prot.exec() { Prot::READ } else { Prot::WRITE };
        for page in range.take(PROTECTED_PAGES_MAX) {
            if !is_stack(page) && !self.space(pid).mapped.contains(page) {
                self.stray(page, before);
            }
        }
    }

    fn stray(&mut self, page: u64, used: Prot) {
        let known = self.strays.entry(page).or_default();
        *known = known.union(used);
    }

    fn touch(&mut self, pid: Pid, addr: VirtAddr, size: u16, kind: Prot) {
        if !addr.is_user() {
            return;
        }
        for page in pages(addr, size.into()) {
            self.touched.insert((pid, page));
            if is_stack(page) {
                self.stack_start.get_or_insert(addr);
            } else if !self.space(pid).mapped.contains(page) {
                self.stray(page, kind);
            }
        }
    }
}

impl Stage for Survey {
    fn event(&mut self, event: &Event) -> io::Result<()> {
        match event.op {
            Op::Mmap {
                pid,
                addr,
                len,
                map,
            } => self.mmap(pid, addr, len, map.source),
            Op::Munmap { pid, addr, len } => self.space(pid).mapped.remove(pages(addr, len)),
            Op::Brk { pid, addr } => self.brk(pid, addr),
            Op::Fork { parent, child } => self.fork(parent, child),
            Op::Mprotect {
                pid,
                addr,
                len,
                prot,
            } => self.protect(pid, pages(addr, len), prot),
            Op::Read { pid, addr, size } | Op::CopyIn { pid, addr, size } => {
                self.touch(pid, addr, size, Prot::READ);
            }
            Op::Write {
                pid, addr, size, ..
            }
            | Op::CopyOut {
                pid, addr, size, ..
            } => {
                self.touch(pid, addr, size, Prot::WRITE);
            }
            Op::Exec { pid, addr } => self.touch(pid, addr, 1, Prot::EXEC),
            _ => {}
        }
        Ok(())
    }

    fn heap(&mut self, start: VirtAddr) {
        self.space(Pid(1));
        for space in self.spaces.values_mut() {
            space.heap_end = pages(start, 0).end;
        }
    }
}

fn is_stack(page: u64) -> bool {
    let end = STACK_END.page().0;
    let lowest = VirtAddr(STACK_END.0 - STACK_BYTES_MAX).page().0;
    (lowest..end).contains(&page)
}
