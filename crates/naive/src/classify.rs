//! Naive questions: what a fault is, whether a stack grows, who hears of it.
//!
//! Each type is named like the [`NaiveRule`](crate::rule::NaiveRule) that it is.

use vmsim::prelude::*;

use crate::nearly::Nearly;

/// Pages below a stack to which a naive kernel lets it grow.
const NEARBY_PAGES: u64 = 16;

pub(crate) struct KernelAddressIsForbidden;

impl Nearly for KernelAddressIsForbidden {
    fn classify(&self, mm: &Mm<'_>, fault: &PageFault) -> Result<FaultKind, Signal> {
        if fault.addr.0 >> 63 == 1 {
            return Err(Signal::accerr(fault.addr));
        }
        solution::lab1::classify(mm, fault)
    }
}

pub(crate) struct FetchAsksVmaFirst;

impl Nearly for FetchAsksVmaFirst {
    fn classify(&self, mm: &Mm<'_>, fault: &PageFault) -> Result<FaultKind, Signal> {
        let fetch = fault.access == Access::Exec;
        refuse_if(mm, fault, |vma| fetch && !vma.prot.exec())
    }
}

pub(crate) struct ExecOnlyUnreadable;

impl Nearly for ExecOnlyUnreadable {
    fn classify(&self, mm: &Mm<'_>, fault: &PageFault) -> Result<FaultKind, Signal> {
        let read = fault.access == Access::Read;
        refuse_if(mm, fault, |vma| {
            read && vma.prot.exec() && !vma.prot.read() && !vma.prot.write()
        })
    }
}

pub(crate) struct WriteOnlyUnreadable;

impl Nearly for WriteOnlyUnreadable {
    fn classify(&self, mm: &Mm<'_>, fault: &PageFault) -> Result<FaultKind, Signal> {
        let read = fault.access == Access::Read;
        refuse_if(mm, fault, |vma| {
            read && vma.prot.write() && !vma.prot.read()
        })
    }
}

/// What the VMA forbids is refused; the reference decides the rest.
fn refuse_if(
    mm: &Mm<'_>,
    fault: &PageFault,
    forbids: impl FnOnce(&Vma) -> bool,
) -> Result<FaultKind, Signal> {
    if mm.vma(fault.addr).is_some_and(forbids) {
        return Err(Signal::accerr(fault.addr));
    }
    solution::lab1::classify(mm, fault)
}

/// Brings the page in as if it was to be read. The write then finds it present,
/// and is refused as it should.
pub(crate) struct PresenceFirst;

impl Nearly for PresenceFirst {
    fn classify(&self, mm: &Mm<'_>, fault: &PageFault) -> Result<FaultKind, Signal> {
        let forbidden = mm.vma(fault.addr).is_some_and(|vma| !vma.prot.write());
        if fault.is_write() && forbidden && !fault.code.present {
            let read = PageFault {
                access: Access::Read,
                ..*fault
            };
            return solution::lab1::classify(mm, &read);
        }
        solution::lab1::classify(mm, fault)
    }
}

pub(crate) struct FileSizeFirst;

impl Nearly for FileSizeFirst {
    fn classify(&self, mm: &Mm<'_>, fault: &PageFault) -> Result<FaultKind, Signal> {
        let page = |vma: &Vma| vma.object_page(fault.page.vpn);
        match mm.vma(fault.addr).and_then(page) {
            Some(page) if mm.residence(page) == Residence::PastEnd => {
                Err(Signal::adrerr(fault.addr))
            }
            _ => solution::lab1::classify(mm, fault),
        }
    }
}

pub(crate) struct NeverReuses;

impl Nearly for NeverReuses {
    fn classify(&self, mm: &Mm<'_>, fault: &PageFault) -> Result<FaultKind, Signal> {
        match solution::lab1::classify(mm, fault)? {
            FaultKind::Reuse(pfn) => Ok(FaultKind::CopyOnWrite(pfn)),
            kind => Ok(kind),
        }
    }
}

/// Reads what the file does not have: the disk has zeroes there.
pub(crate) struct ZeroesBehindEnd;

impl Nearly for ZeroesBehindEnd {
    fn classify(&self, mm: &Mm<'_>, fault: &PageFault) -> Result<FaultKind, Signal> {
        let verdict = solution::lab1::classify(mm, fault);
        let page = |vma: &Vma| vma.object_page(fault.page.vpn);
        match (verdict, mm.vma(fault.addr).and_then(page)) {
            (Err(signal), Some(page)) if signal.code == SignalCode::Adrerr => {
                Ok(FaultKind::FileRead(page))
            }
            (verdict, _) => verdict,
        }
    }
}

pub(crate) struct StackNeedsNoGap;

impl Nearly for StackNeedsNoGap {
    fn grow_stack(&self, mm: &Mm<'_>, addr: VirtAddr) -> Option<Vpn> {
        let start = addr.page();
        let stack = mm.vmas().at_or_above(start)?;
        let size = (stack.end.0 - start.0) * PAGE_SIZE;
        let grows = stack.growth == Growth::Down
            && start >= MMAP_MIN_ADDR.page()
            && size <= mm.stack_limit();
        grows.then_some(start)
    }
}

pub(crate) struct StackGrowsNearby;

impl Nearly for StackGrowsNearby {
    fn grow_stack(&self, mm: &Mm<'_>, addr: VirtAddr) -> Option<Vpn> {
        let start = solution::lab3::grow_stack(mm, addr)?;
        let stack = mm.vmas().at_or_above(start)?;
        (stack.start.0 - start.0 <= NEARBY_PAGES).then_some(start)
    }
}

pub(crate) struct SystemCallSignals;

impl Nearly for SystemCallSignals {
    fn deliver(&self, mm: &Mm<'_>, _: Mode, signal: Signal) -> Delivery {
        solution::lab3::deliver(mm, Mode::User, signal)
    }
}
