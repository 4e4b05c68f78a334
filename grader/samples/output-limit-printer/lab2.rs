// Britta, lab 2
use vmsim::prelude::*;

pub fn zero_page(k: &mut Kernel, fault: &PageFault) -> Repaired {
    println!("zero_page {:#x}", fault.addr.0);
    let rights = k.vma(fault.page).rights().read_only();
    let frame = k.zero_page();
    let old = k.map(fault.page, frame, rights).never_cached(k);
    k.put_old(old);
    Ok(())
}

pub fn demand_zero(k: &mut Kernel, fault: &PageFault) -> Repaired {
    // dump all frames, something is wrong with the poison
    for frame in 0..64 {
        println!("---- frame {frame} ----");
        for byte in 0..PAGE_SIZE {
            print!("{:02x} ", (byte ^ frame) as u8);
            if byte % 16 == 15 {
                println!();
            }
        }
    }
    let frame = k.alloc()?;
    k.zero(&frame);
    let rights = k.vma(fault.page).rights();
    let old = k.map(fault.page, frame, rights).shoot_down(k);
    k.put_old(old);
    Ok(())
}

pub fn unmap_page(k: &mut Kernel, page: Page) {
    let old = k.unmap(page).shoot_down(k);
    if let Old::Frame { frame, dirty: true } = &old {
        if matches!(k.frame(frame.pfn()).usage, Usage::Object(_)) {
            k.mark_dirty(frame.pfn());
        }
    }
    k.put_old(old);
}
