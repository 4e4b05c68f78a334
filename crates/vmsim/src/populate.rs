//! Populating: faulting pages in before the program asks for them (rule R12;
//! `populate_vma_page_range` and `faultin_page_range` in Linux mm/gup.c).

use crate::access::{Accessed, access};
use crate::addr::{Pid, Vpn};
use crate::event::{Advice, Sharing};
use crate::fault::{Access, FaultClass, Mode};
use crate::kernel::Kernel;
use crate::naive::Choice;
use crate::syscalls::Errno;
use crate::vma::Vma;

/// What populating did: the faults, and how it ended.
pub(crate) struct Populated {
    pub faults: Vec<FaultClass>,
    pub end: Result<(), Accessed>,
}

/// `MAP_POPULATE`: whatever can be faulted in is; errors are nobody's business.
///
/// Linux charges the process minor faults for it, even where a file is read.
pub(crate) fn map_populate(k: &mut Kernel, pid: Pid, start: Vpn, end: Vpn) -> Populated {
    let (minor, major) = {
        let process = k.process(pid);
        (process.minor_faults, process.major_faults)
    };
    let mut done = Populated {
        faults: Vec::new(),
        end: Ok(()),
    };
    for vma in k.processes[&pid].vmas.overlapping(start, end) {
        if vma.prot.is_none() || done.end.is_err() {
            break;
        }
        let write = vma.prot.write()
            && vma.sharing == Sharing::Private
            && !k.is_naive(Choice::PopulateReads);
        let wanted = if write { Access::Write } else { Access::Read };
        touch_all(
            k,
            pid,
            vma.start.max(start),
            vma.end.min(end),
            wanted,
            &mut done,
        );
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
) -> (Populated, Result<(), Errno>) {
    let write = advice == Advice::PopulateWrite;
    let wanted = if write { Access::Write } else { Access::Read };
    let mut done = Populated {
        faults: Vec::new(),
        end: Ok(()),
    };
    let mut next = start;
    for vma in k.processes[&pid].vmas.overlapping(start, end) {
        if vma.start > next {
            return (done, Err(Errno::Enomem));
        }
        if !may_populate(&vma, wanted) {
            return (done, Err(Errno::Einval));
        }
        let from = vma.start.max(start);
        next = vma.end.min(end);
        touch_all(k, pid, from, next, wanted, &mut done);
        if done.end.is_err() {
            return (done, Err(Errno::Efault));
        }
    }
    let hole = next < end;
    (done, if hole { Err(Errno::Enomem) } else { Ok(()) })
}

fn may_populate(vma: &Vma, wanted: Access) -> bool {
    match wanted {
        Access::Write => vma.prot.write(),
        _ => vma.prot.read(),
    }
}

fn touch_all(k: &mut Kernel, pid: Pid, from: Vpn, to: Vpn, wanted: Access, done: &mut Populated) {
    for vpn in from.0..to.0 {
        let end = access(
            k,
            pid,
            Vpn(vpn).start(),
            1,
            wanted,
            Mode::Kernel,
            &mut done.faults,
        );
        if !matches!(end, Accessed::Done) {
            done.end = Err(end);
            return;
        }
    }
}
