//! Populating: faulting pages in before the program asks for them (rule R12;
//! `populate_vma_page_range` and `faultin_page_range` in Linux mm/gup.c).

use crate::access::{self, Ended, Wanted};
use crate::addr::{Pid, Vpn};
use crate::event::{Advice, Sharing};
use crate::fault::{Access, FaultClass, Mode};
use crate::kernel::Kernel;
use crate::naive::Choice;
use crate::syscalls::Errno;
use crate::vma::Vma;

/// `MAP_POPULATE`: whatever can be faulted in is; errors are nobody's business.
///
/// Linux charges the process minor faults for it, even where a file is read.
pub(crate) fn map_populate(
    k: &mut Kernel,
    pid: Pid,
    (start, end): (Vpn, Vpn),
    faults: &mut Vec<FaultClass>,
) -> Result<(), Ended> {
    let (minor, major) = {
        let process = k.process(pid);
        (process.minor_faults, process.major_faults)
    };
    let mut done = Ok(());
    for vma in k.processes[&pid].vmas.overlapping(start, end) {
        if vma.prot.is_none() || done.is_err() {
            break;
        }
        let write = vma.prot.write()
            && vma.sharing == Sharing::Private
            && !k.is_naive(Choice::PopulateReads);
        let wanted = if write { Access::Write } else { Access::Read };
        let range = (vma.start.max(start), vma.end.min(end));
        done = touch_all(k, pid, range, wanted, faults);
    }
    let process = k.process(pid);
    let file_reads = process.major_faults - major;
    (process.minor_faults, process.major_faults) = (process.minor_faults + file_reads, major);
    debug_assert!(process.minor_faults >= minor);
    done
}

/// `MADV_POPULATE_READ` and `MADV_POPULATE_WRITE`.
///
/// # Errors
///
/// `EINVAL` where a VMA forbids that access, `ENOMEM` at a hole; what lies before
/// is populated.
pub(crate) fn advise_populate(
    k: &mut Kernel,
    pid: Pid,
    (start, end): (Vpn, Vpn),
    advice: Advice,
    faults: &mut Vec<FaultClass>,
) -> (Result<(), Ended>, Result<(), Errno>) {
    let write = advice == Advice::PopulateWrite;
    let wanted = if write { Access::Write } else { Access::Read };
    let mut next = start;
    for vma in k.processes[&pid].vmas.overlapping(start, end) {
        if vma.start > next {
            return (Ok(()), Err(Errno::Enomem));
        }
        if !may_populate(&vma, wanted) {
            return (Ok(()), Err(Errno::Einval));
        }
        let from = vma.start.max(start);
        next = vma.end.min(end);
        let done = touch_all(k, pid, (from, next), wanted, faults);
        if done.is_err() {
            return (done, Err(Errno::Efault));
        }
    }
    let hole = next < end;
    (Ok(()), if hole { Err(Errno::Enomem) } else { Ok(()) })
}

fn may_populate(vma: &Vma, wanted: Access) -> bool {
    match wanted {
        Access::Write => vma.prot.write(),
        _ => vma.prot.read(),
    }
}

fn touch_all(
    k: &mut Kernel,
    pid: Pid,
    (from, to): (Vpn, Vpn),
    access: Access,
    faults: &mut Vec<FaultClass>,
) -> Result<(), Ended> {
    for vpn in (from.0..to.0).map(Vpn) {
        let wanted = Wanted {
            pid,
            addr: vpn.start(),
            size: 1,
            access,
            mode: Mode::Kernel,
        };
        access::access(k, wanted, None, faults)?;
    }
    Ok(())
}
