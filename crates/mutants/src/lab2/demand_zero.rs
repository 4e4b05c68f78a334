//! A frame of one's own, given wrongly.

use solution::lab2::demand_zero as reference;
use vmsim::prelude::*;
use vmsim::prot::Prot;
use vmsim::pte::Rights;
use vmsim::refs::{Change, FrameRef};

/// Allocates a frame of zeroes and maps it.
fn map_zeroed(k: &mut Kernel, page: Page, rights: Rights) -> Result<Change, OutOfMemory> {
    let frame = k.alloc()?;
    k.zero(&frame);
    Ok(k.map(page, frame, rights))
}

/// Maps a frame with all rights of the VMA.
fn map(k: &mut Kernel, fault: &PageFault, frame: FrameRef) -> Repaired {
    let rights = k.vma(fault.page).rights();
    let old = k.map(fault.page, frame, rights).shoot_down(k);
    k.put_old(old);
    Ok(())
}

pub(super) fn frame_is_not_zeroed(k: &mut Kernel, fault: &PageFault) -> Repaired {
    let frame = k.alloc()?;
    map(k, fault, frame)
}

pub(super) fn maps_the_nearest_page(k: &mut Kernel, fault: &PageFault) -> Repaired {
    let vpn = VirtAddr(fault.addr.0 + PAGE_SIZE / 2).page();
    let page = Page { vpn, ..fault.page };
    let rights = k.vma(fault.page).rights();
    let old = map_zeroed(k, page, rights)?.shoot_down(k);
    k.put_old(old);
    Ok(())
}

pub(super) fn fresh_frame_is_read_only(k: &mut Kernel, fault: &PageFault) -> Repaired {
    let rights = k.vma(fault.page).rights().read_only();
    let old = map_zeroed(k, fault.page, rights)?.shoot_down(k);
    k.put_old(old);
    Ok(())
}

pub(super) fn frame_after_the_zero_page_is_not_zeroed(
    k: &mut Kernel,
    fault: &PageFault,
) -> Repaired {
    match k.entry(fault.page) {
        Entry::Zero => frame_is_not_zeroed(k, fault),
        _ => reference(k, fault),
    }
}

pub(super) fn first_frame_is_not_zeroed(k: &mut Kernel, fault: &PageFault) -> Repaired {
    match k.entry(fault.page) {
        Entry::None => frame_is_not_zeroed(k, fault),
        _ => reference(k, fault),
    }
}

pub(super) fn frame_is_copied_from_the_zero_page(k: &mut Kernel, fault: &PageFault) -> Repaired {
    let (frame, zero) = (k.alloc()?, k.zero_page());
    k.copy(&zero, &frame);
    k.put(zero);
    map(k, fault, frame)
}

pub(super) fn zero_page_is_made_writable(k: &mut Kernel, fault: &PageFault) -> Repaired {
    if k.entry(fault.page) != Entry::Zero {
        return reference(k, fault);
    }
    let rights = k.vma(fault.page).rights();
    let old = k.protect(fault.page, rights).only_widens(k);
    k.put_old(old);
    Ok(())
}

pub(super) fn zero_page_is_never_flushed(k: &mut Kernel, fault: &PageFault) -> Repaired {
    let rights = k.vma(fault.page).rights();
    let old = map_zeroed(k, fault.page, rights)?.never_cached(k);
    k.put_old(old);
    Ok(())
}

pub(super) fn zero_page_is_flushed_here_only(k: &mut Kernel, fault: &PageFault) -> Repaired {
    let rights = k.vma(fault.page).rights();
    let old = map_zeroed(k, fault.page, rights)?.flush_local(k);
    k.put_old(old);
    Ok(())
}

pub(super) fn frame_cannot_be_executed(k: &mut Kernel, fault: &PageFault) -> Repaired {
    map_with(k, fault, Prot::READ_WRITE)
}

pub(super) fn frame_can_be_executed(k: &mut Kernel, fault: &PageFault) -> Repaired {
    map_with(k, fault, Prot::READ_WRITE.union(Prot::EXEC))
}

fn map_with(k: &mut Kernel, fault: &PageFault, prot: Prot) -> Repaired {
    let mut vma = k.vma(fault.page);
    vma.prot = prot;
    let old = map_zeroed(k, fault.page, vma.rights())?.shoot_down(k);
    k.put_old(old);
    Ok(())
}

pub(super) fn spare_frame_is_leaked(k: &mut Kernel, fault: &PageFault) -> Repaired {
    let _spare = k.alloc()?;
    reference(k, fault)
}

pub(super) fn out_of_memory_panics(k: &mut Kernel, fault: &PageFault) -> Repaired {
    let frame = k.alloc().expect("there is always a frame");
    k.zero(&frame);
    map(k, fault, frame)
}

pub(super) fn out_of_memory_is_ignored(k: &mut Kernel, fault: &PageFault) -> Repaired {
    let _out_of_memory = reference(k, fault);
    Ok(())
}

pub(super) fn next_page_gets_a_frame(k: &mut Kernel, fault: &PageFault) -> Repaired {
    reference(k, fault)?;
    let next = Page {
        vpn: Vpn(fault.page.vpn.0 + 1),
        ..fault.page
    };
    let vma = k.vma(fault.page);
    if vma.contains(next.vpn) && k.entry(next) == Entry::None {
        let old = map_zeroed(k, next, vma.rights())?.never_cached(k);
        k.put_old(old);
    }
    Ok(())
}

pub(super) fn fresh_frame_has_several_owners(k: &mut Kernel, fault: &PageFault) -> Repaired {
    let frame = k.alloc()?;
    k.zero(&frame);
    k.mark_shared(frame.pfn());
    map(k, fault, frame)
}
