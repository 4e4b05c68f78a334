//! The memory management unit: from a virtual address to a frame, or a fault.

use crate::addr::{Pfn, Pid, VirtAddr};
use crate::fault::{Access, ErrorCode, Mode, PageFault};
use crate::kernel::Kernel;
use crate::mm::Page;
use crate::page_table::{Root, Walk};
use crate::pte::Pte;
use crate::tlb::Asid;
use crate::trail::Detected;

/// What a CPU knows of the process that it runs (Intel SDM vol. 3A, 4.10.1: both are
/// in CR3).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Running {
    pub pid: Pid,
    pub asid: Asid,
    pub root: Root,
}

/// Why an access goes to no frame.
#[derive(Debug)]
pub(crate) enum Refused {
    /// #PF: a page fault.
    PageFault(PageFault, Detected),
    /// #GP: the address is not canonical. Not a page fault.
    GeneralProtection,
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
    mode: Mode,
) -> Result<Pfn, Refused> {
    if addr.0 >> 47 != 0 {
        return Err(refuse_address(k, running, addr, access, mode));
    }
    let remembered = k.tlbs[usize::from(k.cpu.0)].look_up(running.asid, addr.page());
    match remembered.filter(|&pte| suffices(pte, access)) {
        Some(pte) => Ok(frame_of(pte)),
        None => walk(k, running, (addr, access, mode), remembered),
    }
}

/// The frame of an access that the TLB has all for, as it has for most; nothing changes.
#[inline]
pub(crate) fn remembered(k: &Kernel, asid: Asid, addr: VirtAddr, access: Access) -> Option<Pfn> {
    if addr.0 >> 47 != 0 {
        return None;
    }
    let pte = k.tlbs[usize::from(k.cpu.0)].look_up(asid, addr.page())?;
    suffices(pte, access).then(|| frame_of(pte))
}

/// Whether a CPU that remembers this entry need not look into the table: for the first
/// write through it, it must, to set D there.
#[inline]
fn suffices(pte: Pte, access: Access) -> bool {
    allows(pte, access) && (access != Access::Write || pte.dirty())
}

/// The upper half of the addresses, and those that are none.
#[cold]
fn refuse_address(
    k: &Kernel,
    running: Running,
    addr: VirtAddr,
    access: Access,
    mode: Mode,
) -> Refused {
    if !addr.is_canonical() {
        return Refused::GeneralProtection;
    }
    refuse(
        k,
        running,
        (addr, access, mode),
        (true, Detected::ByAddress),
    )
}

/// Looks into the page tables, if the TLB has not refused the access already.
fn walk(
    k: &mut Kernel,
    running: Running,
    wanted: (VirtAddr, Access, Mode),
    remembered: Option<Pte>,
) -> Result<Pfn, Refused> {
    let Running { asid, root, .. } = running;
    let (page, access) = (wanted.0.page(), wanted.1);
    let cpu = usize::from(k.cpu.0);
    if let Some(pte) = remembered.filter(|&pte| !allows(pte, access)) {
        // A fault makes the hardware forget the page (SDM vol. 3A, 4.10.4.1).
        k.tlbs[cpu].invalidate(asid, page);
        return Err(refuse(k, running, wanted, (true, Detected::ByTlb(pte))));
    }
    match k.tables.find(root, page) {
        (pte, Some(table)) if pte.present() && allows(pte, access) => {
            let used = pte.used(access == Access::Write);
            if used != pte {
                k.tables.update(root, page, table, used);
            }
            k.tlbs[cpu].insert(asid, page, used);
            Ok(frame_of(used))
        }
        (pte, _) => {
            if remembered.is_some() {
                k.tlbs[cpu].invalidate(asid, page);
            }
            // Each entry of the walk, for those who watch.
            let entries = match k.trail {
                Some(_) => k.tables.walk(root, page),
                None => Walk::default(),
            };
            let seen = (pte.present(), Detected::ByWalk(entries));
            Err(refuse(k, running, wanted, seen))
        }
    }
}

fn refuse(
    k: &Kernel,
    running: Running,
    (addr, access, mode): (VirtAddr, Access, Mode),
    (present, detected): (bool, Detected),
) -> Refused {
    let code = ErrorCode {
        present,
        write: access == Access::Write,
        user: mode == Mode::User,
        fetch: access == Access::Exec,
    };
    let fault = PageFault {
        page: Page {
            pid: running.pid,
            vpn: addr.page(),
        },
        addr,
        access,
        mode,
        code,
        cpu: k.cpu,
    };
    Refused::PageFault(fault, detected)
}

#[inline]
fn allows(pte: Pte, access: Access) -> bool {
    match access {
        Access::Read => true,
        Access::Write => pte.writable(),
        Access::Exec => pte.executable(),
    }
}

#[inline]
fn frame_of(pte: Pte) -> Pfn {
    match pte.frame() {
        Some(pfn) => pfn,
        None => unreachable!("an entry that the TLB remembers was present"),
    }
}
