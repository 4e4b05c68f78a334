//! The zero page, mapped wrongly.

use vmsim::prelude::*;
use vmsim::prot::Prot;
use vmsim::pte::Rights;

/// Maps the zero page at a page where nothing was mapped.
fn map_zero(k: &mut Kernel, page: Page, rights: Rights) -> Repaired {
    let zero = k.zero_page();
    let old = k.map(page, zero, rights).never_cached(k);
    k.put_old(old);
    Ok(())
}

fn rights_of(k: &Kernel, page: Page, prot: Prot) -> Rights {
    let mut vma = k.vma(page);
    vma.prot = prot;
    vma.rights()
}

pub(super) fn reader_gets_a_zeroed_frame(k: &mut Kernel, fault: &PageFault) -> Repaired {
    solution::lab2::demand_zero(k, fault)
}

pub(super) fn zero_page_is_writable(k: &mut Kernel, fault: &PageFault) -> Repaired {
    let rights = k.vma(fault.page).rights();
    map_zero(k, fault.page, rights)
}

pub(super) fn zero_page_cannot_be_executed(k: &mut Kernel, fault: &PageFault) -> Repaired {
    let rights = rights_of(k, fault.page, Prot::READ);
    map_zero(k, fault.page, rights)
}

pub(super) fn zero_page_can_always_be_executed(k: &mut Kernel, fault: &PageFault) -> Repaired {
    let rights = rights_of(k, fault.page, Prot::READ_EXEC);
    map_zero(k, fault.page, rights)
}

pub(super) fn reader_gets_a_copy_of_zeroes(k: &mut Kernel, fault: &PageFault) -> Repaired {
    let rights = k.vma(fault.page).rights().read_only();
    let (frame, zero) = (k.alloc()?, k.zero_page());
    k.copy(&zero, &frame);
    k.put(zero);
    let old = k.map(fault.page, frame, rights).never_cached(k);
    k.put_old(old);
    Ok(())
}

pub(super) fn whole_mapping_is_touched(k: &mut Kernel, fault: &PageFault) -> Repaired {
    let vma = k.vma(fault.page);
    touch(k, fault, vma.start.0..vma.end.0)
}

pub(super) fn neighbour_is_touched(k: &mut Kernel, fault: &PageFault) -> Repaired {
    let (page, end) = (fault.page.vpn.0, k.vma(fault.page).end.0);
    touch(k, fault, page..end.min(page + 2))
}

fn touch(k: &mut Kernel, fault: &PageFault, vpns: std::ops::Range<u64>) -> Repaired {
    let rights = k.vma(fault.page).rights().read_only();
    for vpn in vpns.map(Vpn) {
        let page = Page { vpn, ..fault.page };
        if k.entry(page) == Entry::None {
            map_zero(k, page, rights)?;
        }
    }
    Ok(())
}
