//! The memory management unit: from a virtual address to a frame, or a fault.

use crate::addr::{Pfn, Pid, VirtAddr};
use crate::fault::{Access, ErrorCode, Mode, PageFault};
use crate::kernel::Kernel;
use crate::mm::{Page, Process};
use crate::pte::Pte;
use crate::trail::Detected;

/// What the MMU makes of an access.
pub(crate) enum Translation {
    /// The access goes to this frame.
    Frame(Pfn),
    /// #PF: a page fault.
    PageFault(PageFault, Detected),
    /// #GP: the address is not canonical. Not a page fault.
    GeneralProtection,
}

/// Translates the address of an access on the current CPU.
///
/// The TLB is asked first; on a miss the page tables are walked, A is set, and D
/// if it is a write (Intel SDM vol. 3A, 4.8 and 4.10).
pub(crate) fn translate(
    k: &mut Kernel,
    pid: Pid,
    addr: VirtAddr,
    access: Access,
    mode: Mode,
) -> Translation {
    if !addr.is_canonical() {
        return Translation::GeneralProtection;
    }
    let page = Page {
        pid,
        vpn: addr.page(),
    };
    let refuse = |k: &Kernel, present, detected| {
        let code = ErrorCode {
            present,
            write: access == Access::Write,
            user: mode == Mode::User,
            fetch: access == Access::Exec,
        };
        Translation::PageFault(
            PageFault {
                page,
                addr,
                access,
                mode,
                code,
                cpu: k.cpu,
            },
            detected,
        )
    };
    if addr.0 >> 63 == 1 {
        return refuse(k, true, Detected::ByAddress);
    }
    let Process { asid, root, .. } = k.processes[&pid];
    let cpu = usize::from(k.cpu.0);
    if let Some(pte) = k.tlbs[cpu].look_up(asid, page.vpn) {
        if !allows(pte, access) {
            // A fault makes the hardware forget the page (SDM vol. 3A, 4.10.4.1).
            k.tlbs[cpu].invalidate(asid, page.vpn);
            return refuse(k, true, Detected::ByTlb(pte));
        }
        if access != Access::Write || pte.dirty() {
            return frame_of(pte);
        }
        // First write through this entry: the hardware must set D in the table.
    }
    let pte = k.tables.entry(root, page.vpn);
    if !pte.present() || !allows(pte, access) {
        k.tlbs[cpu].invalidate(asid, page.vpn);
        let walk = k.tables.walk(root, page.vpn);
        return refuse(k, pte.present(), Detected::ByWalk(walk));
    }
    let used = pte.used(access == Access::Write);
    if used != pte {
        k.tables.set(root, page.vpn, used);
    }
    k.tlbs[cpu].insert(asid, page.vpn, used);
    frame_of(used)
}

fn allows(pte: Pte, access: Access) -> bool {
    match access {
        Access::Read => true,
        Access::Write => pte.writable(),
        Access::Exec => pte.executable(),
    }
}

fn frame_of(pte: Pte) -> Translation {
    match pte.frame() {
        Some(pfn) => Translation::Frame(pfn),
        None => unreachable!("an entry that the TLB remembers was present"),
    }
}
