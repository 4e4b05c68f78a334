//! The memory management unit: from a virtual address to a frame, or a fault.

use crate::addr::{CpuId, Pfn, Pid, VirtAddr, Vpn};
use crate::fault::{Access, ErrorCode, Mode, PageFault};
use crate::kernel::Kernel;
use crate::mm::Page;
use crate::page_table::Root;
use crate::pte::Pte;
use crate::tlb::{Asid, Tlb};
use crate::trail::Detected;

/// What a CPU knows of the process that it runs (Intel SDM vol. 3A, 4.10.1: both are
/// in CR3).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Running {
    pub asid: Asid,
    pub root: Root,
}

/// Why an access goes to no frame, and where the MMU found that.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Refused {
    /// #PF: the entry that the TLB remembered forbids it. [`Kernel::forgotten`] is that.
    ByTlb,
    /// #PF: the entry in the page tables forbids it, or is not present.
    ByTables { present: bool },
    /// #PF: the address is the kernel's.
    ByAddress,
    /// #GP: the address is not canonical. Not a page fault.
    GeneralProtection,
}

// In a register: every access that the TLB does not have waits for it.
const _: () = assert!(size_of::<Result<Pfn, Refused>>() == 8);

impl Refused {
    /// P of the error code: an entry was there.
    fn present(self) -> bool {
        match self {
            Refused::ByTables { present } => present,
            _ => true,
        }
    }

    /// The same with every entry of the walk, for those who watch.
    pub fn in_full(self, k: &Kernel, fault: &PageFault) -> Detected {
        match self {
            Refused::ByTlb => Detected::ByTlb(k.forgotten),
            Refused::ByTables { .. } => {
                let root = k.processes[&fault.page.pid].root;
                Detected::ByWalk(k.tables.walk(root, fault.page.vpn))
            }
            Refused::ByAddress | Refused::GeneralProtection => Detected::ByAddress,
        }
    }
}

/// Translates the address of an access on the current CPU.
///
/// The TLB is asked first; on a miss the page tables are walked, A is set, and D
/// if it is a write (Intel SDM vol. 3A, 4.8 and 4.10).
#[inline]
pub(crate) fn translate(
    k: &mut Kernel,
    running: Running,
    addr: VirtAddr,
    access: Access,
) -> Result<Pfn, Refused> {
    match by_tlb(&k.tlbs[usize::from(k.cpu.0)], running, addr, access) {
        Ok(pfn) => Ok(pfn),
        Err(remembered) => by_tables_apart(k, running, addr, access, remembered),
    }
}

/// [`by_tables`], for those that are in no hurry.
#[inline(never)]
fn by_tables_apart(
    k: &mut Kernel,
    running: Running,
    addr: VirtAddr,
    access: Access,
    remembered: Option<Pte>,
) -> Result<Pfn, Refused> {
    by_tables(k, running, addr, access, remembered)
}

/// The same, if what the CPU remembers of the page suffices; else tells what that is.
#[inline(always)]
pub(crate) fn by_tlb(
    tlb: &Tlb,
    running: Running,
    addr: VirtAddr,
    access: Access,
) -> Result<Pfn, Option<Pte>> {
    if addr.0 >> 47 != 0 {
        return Err(None);
    }
    let remembered = tlb.look_up(running.asid, addr.page());
    match remembered {
        Some(pte) if pte.serves(access) => Ok(pte.frame_if_present()),
        _ => Err(remembered),
    }
}

/// The same for a page of which the CPU does not remember enough.
#[inline(always)]
pub(crate) fn by_tables(
    k: &mut Kernel,
    running: Running,
    addr: VirtAddr,
    access: Access,
    remembered: Option<Pte>,
) -> Result<Pfn, Refused> {
    if addr.0 >> 47 != 0 {
        return Err(refuse_address(addr));
    }
    match remembered {
        None => walk(k, running, addr.page(), access),
        Some(pte) => walk_again(k, running, addr.page(), access, pte),
    }
}

/// The upper half of the addresses, and those that are none.
#[cold]
fn refuse_address(addr: VirtAddr) -> Refused {
    match addr.is_canonical() {
        true => Refused::ByAddress,
        false => Refused::GeneralProtection,
    }
}

/// Looks into the page tables for a page that the TLB has nothing of, and remembers it.
#[inline(always)]
fn walk(k: &mut Kernel, running: Running, page: Vpn, access: Access) -> Result<Pfn, Refused> {
    let used = use_entry(k, running, page, access)?;
    k.tlbs[usize::from(k.cpu.0)].add(running.asid, page, used);
    Ok(used.frame_if_present())
}

/// The same for a page of which the TLB remembers what does not suffice.
#[inline(never)]
fn walk_again(
    k: &mut Kernel,
    running: Running,
    page: Vpn,
    access: Access,
    remembered: Pte,
) -> Result<Pfn, Refused> {
    let found = match allows(remembered, access) {
        true => use_entry(k, running, page, access),
        false => Err(Refused::ByTlb),
    };
    let tlb = &mut k.tlbs[usize::from(k.cpu.0)];
    match found {
        Ok(used) => tlb.insert(running.asid, page, used),
        // A fault makes the hardware forget the page (SDM vol. 3A, 4.10.4.1).
        Err(_) => {
            tlb.invalidate(running.asid, page);
            k.forgotten = remembered;
        }
    }
    found.map(Pte::frame_if_present)
}

/// The entry of a page in the tables, with A set, and D if it is a write.
#[inline(always)]
fn use_entry(k: &mut Kernel, running: Running, page: Vpn, access: Access) -> Result<Pte, Refused> {
    match k.tables.find(running.root, page) {
        (pte, Some(table)) if pte.present() && allows(pte, access) => {
            let used = pte.used(access == Access::Write);
            if used != pte {
                k.tables.update(running.root, page, table, used);
                k.frames.note_use(used.frame_if_present());
            }
            Ok(used)
        }
        (pte, table) => {
            k.walked = table;
            Err(Refused::ByTables {
                present: pte.present(),
            })
        }
    }
}

/// The exception: what the CPU tells of an access that was refused.
pub(crate) fn exception(
    cpu: CpuId,
    pid: Pid,
    (addr, access, mode): (VirtAddr, Access, Mode),
    refused: Refused,
) -> PageFault {
    let code = ErrorCode {
        present: refused.present(),
        write: access == Access::Write,
        user: mode == Mode::User,
        fetch: access == Access::Exec,
    };
    let vpn = addr.page();
    PageFault {
        page: Page { pid, vpn },
        addr,
        access,
        mode,
        code,
        cpu,
    }
}

#[inline]
pub(crate) fn allows(pte: Pte, access: Access) -> bool {
    match access {
        Access::Read => true,
        Access::Write => pte.writable(),
        Access::Exec => pte.executable(),
    }
}
