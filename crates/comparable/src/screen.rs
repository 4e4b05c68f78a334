//! What no single run of a real kernel can tell is taken out of a trace before it
//! is run, by name and count (`docs/linux-rules.md`, "What is not compared, and why").

use std::collections::HashSet;
use std::rc::Rc;

use vmsim::addr::{FileId, PAGE_SIZE, Pid, TASK_SIZE, VirtAddr, Vpn};
use vmsim::cache::{ObjectPage, Residence};
use vmsim::event::{Advice, Mapping, Op, Populate, Source};
use vmsim::machine::Machine;
use vmsim::mm::Mm;
use vmsim::observe::End;
use vmsim::prot::Prot;
use vmsim::vma::{MMAP_MIN_ADDR, Vma};

use crate::computer::{Computer, Swap};
use crate::exclusion::{Excluded, Exclusion};
use crate::instruction::is_harmless;
use crate::twin::Twin;

/// Pages of one event that are looked at: 16 MiB, more than any trace populates.
const PAGES_MAX: usize = 4096;

/// Takes out of a twin what cannot be compared, and says what that was.
pub fn screen(mut twin: Twin, computer: &Computer) -> (Twin, Vec<Excluded>) {
    let mut excluded = Vec::new();
    let mut screen = Screen {
        machine: Machine::new(twin.config, Rc::new(solution::Reference)),
        computer,
        marked: HashSet::new(),
    };
    let mut kept = Vec::new();
    for mut line in twin.lines {
        let out = |why| Excluded {
            line: line.number,
            why,
        };
        if let Some(why) = screen.excludes(&line.event.op) {
            excluded.push(out(why));
            continue;
        }
        screen.mark(&line.event.op);
        let machine = &mut screen.machine;
        let seen = machine.step(&line.event);
        if let Op::Exec { pid, addr } = line.event.op
            && seen.end == End::Done
            && !machine.mm(pid).is_some_and(|mm| is_harmless(&mm, addr))
        {
            excluded.push(out(Exclusion::Instruction));
            line.event.op = Op::Read { pid, addr, size: 1 };
        }
        kept.push(line);
    }
    twin.lines = kept;
    (twin, excluded)
}

/// The simulator as it is before the next event, and what it does not model.
struct Screen<'a> {
    machine: Machine,
    computer: &'a Computer,
    /// Pages of files that carry Linux's mark of [`Exclusion::DirtyPageOut`].
    marked: HashSet<ObjectPage>,
}

impl Screen<'_> {
    fn excludes(&self, op: &Op) -> Option<Exclusion> {
        if self.is_low(op) {
            return Some(Exclusion::LowAddress);
        }
        if self.is_too_much(op) {
            return Some(Exclusion::Overcommit);
        }
        match *op {
            Op::Madvise {
                advice: Advice::WillNeed,
                ..
            } => return Some(Exclusion::WillNeed),
            Op::Madvise {
                advice: Advice::PageOut,
                ..
            } if self.computer.swap == Swap::Cached => return Some(Exclusion::CachedSwap),
            Op::Madvise {
                pid,
                addr,
                len,
                advice: Advice::PageOut,
            } if self.meets_marked(pid, addr, len) => return Some(Exclusion::DirtyPageOut),
            Op::Madvise {
                pid,
                addr,
                len,
                advice: Advice::PageOut,
            } if self.computer.swap == Swap::Twice => return self.of_late_swap(pid, addr, len),
            Op::Load { file, .. } | Op::Drop { file } if self.is_marked(file) => {
                return Some(Exclusion::DirtyPageOut);
            }
            Op::Mmap {
                pid,
                addr,
                len,
                map,
                ..
            } => return self.of_mapping(pid, addr, len, &map),
            _ => {}
        }
        let (addr, len) = touched(op)?;
        if straddles(op) {
            return Some(Exclusion::SeveralInstructions);
        }
        if matches!(op, Op::Exec { .. }) && is_vsyscall(addr) {
            return Some(Exclusion::Vsyscall);
        }
        if !self.computer.four_level_paging && is_of_five_levels(addr) {
            return Some(Exclusion::FiveLevels);
        }
        let mm = self.machine.mm(op.pid()?)?;
        let last = VirtAddr(addr.0.saturating_add(len.max(1) - 1)).page();
        let pages = (addr.page().0..=last.0).map(Vpn).take(PAGES_MAX);
        pages
            .filter_map(|page| self.of_page(&mm, page, op))
            .next()
            .or_else(|| torn(&mm, op))
    }

    /// Paging out twice ([`Swap::Twice`]) takes reading back, and keeps the slot of
    /// private memory only.
    fn of_late_swap(&self, pid: Pid, addr: VirtAddr, len: u64) -> Option<Exclusion> {
        let mm = self.machine.mm(pid)?;
        let pages = addr.page().0..addr.0.saturating_add(len).div_ceil(PAGE_SIZE);
        let refuses = |vma: &Vma| {
            let shared_memory = vma
                .object()
                .is_some_and(|object| self.machine.file_of(object).is_none());
            shared_memory || vma.prot.is_none()
        };
        let mut vmas = pages
            .take(PAGES_MAX)
            .filter_map(|vpn| mm.vma(Vpn(vpn).start()));
        vmas.any(refuses).then_some(Exclusion::LateSwap)
    }

    fn of_mapping(&self, pid: Pid, addr: VirtAddr, len: u64, map: &Mapping) -> Option<Exclusion> {
        let Source::File { file, .. } = map.source else {
            return None;
        };
        match map.populate {
            Populate::Lazily => None,
            Populate::Now if map.prot.exec() => Some(Exclusion::ExecutableReadAhead),
            Populate::Now if self.is_marked(file) => Some(Exclusion::DirtyPageOut),
            Populate::Now => {
                let mm = self.machine.mm(pid)?;
                let beside = [addr.0.wrapping_sub(1), addr.0.wrapping_add(len)];
                let same_file = |vma: &Vma| {
                    let object = vma.object()?;
                    (self.machine.file_of(object)? == file).then_some(Exclusion::PopulateMerged)
                };
                let beside = beside.map(|at| mm.vma(VirtAddr(at)).and_then(same_file));
                beside.into_iter().flatten().next()
            }
        }
    }

    fn of_page(&self, mm: &Mm<'_>, page: Vpn, op: &Op) -> Option<Exclusion> {
        let vma = mm.vma(page.start())?;
        if self.is_hidden_by_key(vma, op) {
            return Some(Exclusion::ProtectionKey);
        }
        let object = vma.object_page(page)?;
        self.machine.file_of(object.object)?;
        let looks_around = self.machine.kernel().fault_around() > 1 && mm.pte(page).is_none();
        match mm.residence(object) {
            Residence::OnDisk if vma.prot.exec() && !is_last_cold(mm, vma, page) => {
                Some(Exclusion::ExecutableReadAhead)
            }
            Residence::PastEnd if looks_around && !is_write(op) && !has_table(mm, page) => {
                Some(Exclusion::MissingTable)
            }
            _ if looks_around && !is_store(op) && self.is_beside_marked(mm, vma, page) => {
                Some(Exclusion::DirtyPageOut)
            }
            _ => None,
        }
    }

    /// Whether the event asks to be promised so much memory that this computer may
    /// refuse: half of what it has.
    fn is_too_much(&self, op: &Op) -> bool {
        let asked = match *op {
            Op::Mmap { len, .. } | Op::Mprotect { len, .. } => len,
            Op::Brk { addr, .. } => addr.0,
            _ => 0,
        };
        // What wraps around is refused by everybody.
        (self.computer.memory / 2..TASK_SIZE).contains(&asked)
    }

    /// Whether the kit and this kernel may differ in who may map the address.
    fn is_low(&self, op: &Op) -> bool {
        let lowest = self.computer.lowest_address;
        let disputed = lowest.min(MMAP_MIN_ADDR)..lowest.max(MMAP_MIN_ADDR);
        op.addr().is_some_and(|addr| disputed.contains(&addr))
    }

    fn is_hidden_by_key(&self, vma: &Vma, op: &Op) -> bool {
        let reads = matches!(op, Op::Read { .. } | Op::CopyIn { .. });
        reads && !self.computer.exec_only_readable && vma.prot == Prot::EXEC
    }

    fn is_marked(&self, file: FileId) -> bool {
        let of_file = |page: &ObjectPage| self.machine.file_of(page.object) == Some(file);
        self.marked.iter().any(of_file)
    }

    /// Whether a page of the range is marked: written back, it waits in the batch of the
    /// CPU that heard of it, and is passed over.
    fn meets_marked(&self, pid: Pid, addr: VirtAddr, len: u64) -> bool {
        let Some(mm) = self.machine.mm(pid) else {
            return false;
        };
        let pages = addr.page().0..addr.0.saturating_add(len).div_ceil(PAGE_SIZE);
        pages.take(PAGES_MAX).map(Vpn).any(|page| {
            let vma = mm.vma(page.start());
            let object = vma.and_then(|vma| vma.object_page(page));
            object.is_some_and(|object| self.marked.contains(&object))
        })
    }

    /// Whether a marked page lies in the window of a fault, or near it.
    fn is_beside_marked(&self, mm: &Mm<'_>, vma: &Vma, page: Vpn) -> bool {
        let itself = !has_table(mm, page);
        let window = u64::from(self.machine.kernel().fault_around());
        let near = page.0.saturating_sub(window)..page.0 + window;
        near.map(Vpn)
            .filter(|&other| (itself || other != page) && vma.contains(other))
            .filter_map(|other| vma.object_page(other))
            .any(|other| self.marked.contains(&other))
    }

    /// Notes the pages that Linux marks.
    fn mark(&mut self, op: &Op) {
        let Op::Madvise {
            pid,
            addr,
            len,
            advice: Advice::PageOut,
        } = *op
        else {
            return;
        };
        let Some(mm) = self.machine.mm(pid) else {
            return;
        };
        let first = addr.page();
        let pages = (first.0..first.0 + len.div_ceil(PAGE_SIZE)).map(Vpn);
        for page in pages.take(PAGES_MAX) {
            let object = mm.vma(page.start()).and_then(|vma| vma.object_page(page));
            let dirty = mm
                .pte(page)
                .frame()
                .is_some_and(|pfn| self.machine.kernel().is_dirty(pfn));
            let of_file = |page: &ObjectPage| self.machine.file_of(page.object).is_some();
            if let Some(object) = object.filter(of_file).filter(|_| dirty) {
                self.marked.insert(object);
            }
        }
    }
}

/// The memory that an event faults in: where, and how many bytes.
fn touched(op: &Op) -> Option<(VirtAddr, u64)> {
    match *op {
        Op::Read { addr, size, .. }
        | Op::Write { addr, size, .. }
        | Op::CopyIn { addr, size, .. }
        | Op::CopyOut { addr, size, .. } => Some((addr, u64::from(size))),
        Op::Exec { addr, .. } => Some((addr, 1)),
        Op::Madvise {
            addr,
            len,
            advice: Advice::PopulateRead | Advice::PopulateWrite,
            ..
        } => Some((addr, len)),
        _ => None,
    }
}

/// Whether an access that is several instructions reaches across the last canonical
/// address: one instruction would be refused as a whole (rule R1).
fn straddles(op: &Op) -> bool {
    let Some((addr, size)) = several_instructions(op) else {
        return false;
    };
    let last = VirtAddr(addr.0.wrapping_add(size - 1));
    addr.is_canonical() != last.is_canonical()
}

/// A load or store for whose size there is no instruction, and the size.
fn several_instructions(op: &Op) -> Option<(VirtAddr, u64)> {
    match *op {
        Op::Read { addr, size, .. } | Op::Write { addr, size, .. } => {
            (![1, 2, 4, 8].contains(&size)).then_some((addr, u64::from(size)))
        }
        _ => None,
    }
}

/// `VSYSCALL_ADDR` in Linux arch/x86/include/uapi/asm/vsyscall.h.
fn is_vsyscall(addr: VirtAddr) -> bool {
    addr.page() == VirtAddr(0xffff_ffff_ff60_0000).page()
}

fn is_of_five_levels(addr: VirtAddr) -> bool {
    let sign_bits = addr.0 >> 56;
    !addr.is_canonical() && (sign_bits == 0 || sign_bits == 0xff)
}

fn is_write(op: &Op) -> bool {
    is_store(op)
        || matches!(
            op,
            Op::Madvise {
                advice: Advice::PopulateWrite,
                ..
            }
        )
}

fn is_store(op: &Op) -> bool {
    matches!(op, Op::Write { .. } | Op::CopyOut { .. })
}

/// Whether no page of the area behind this one must be read from the disk.
fn is_last_cold(mm: &Mm<'_>, vma: &Vma, page: Vpn) -> bool {
    (page.0 + 1..vma.end.0).all(|vpn| {
        let object = vma.object_page(Vpn(vpn));
        object.is_none_or(|object| mm.residence(object) != Residence::OnDisk)
    })
}

/// Whether a page beside this one is mapped, so that there is a page table.
fn has_table(mm: &Mm<'_>, page: Vpn) -> bool {
    const TABLE_PAGES: u64 = 512;
    let first = page.0 - page.0 % TABLE_PAGES;
    (first..first + TABLE_PAGES).any(|vpn| !mm.pte(Vpn(vpn)).is_none())
}

/// A store of 3 bytes, say, is two instructions: if the second one is refused, the first
/// has been carried out, and if both show one page, the second finds what the first wrote.
fn torn(mm: &Mm<'_>, op: &Op) -> Option<Exclusion> {
    let (addr, size) = several_instructions(op).filter(|_| is_store(op))?;
    if addr.page_offset() + size <= PAGE_SIZE {
        return None;
    }
    let object = |addr: VirtAddr| mm.vma(addr)?.object_page(addr.page());
    let second = VirtAddr(addr.0.saturating_add(size) - 1);
    let past_end = object(second).is_some_and(|page| mm.residence(page) == Residence::PastEnd);
    let refused = past_end || !mm.vma(second).is_some_and(|vma| vma.prot.write());
    let aliased = object(addr).is_some() && object(addr) == object(second);
    (refused || aliased).then_some(Exclusion::SeveralInstructions)
}
