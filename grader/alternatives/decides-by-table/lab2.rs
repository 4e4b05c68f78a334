// Lab 2. All three functions are one: "put this in place of what is there", with what
// goes in as a value of a type of my own. Only the dirty bit needs a word of its own.

use vmsim::prelude::*;
use vmsim::refs::FrameRef;

/// What a page is to show.
enum Content {
    Nothing,
    Zeroes,
    Own(FrameRef),
}

pub fn zero_page(k: &mut Kernel, fault: &PageFault) -> Repaired {
    show(k, fault.page, Content::Zeroes);
    Ok(())
}

pub fn demand_zero(k: &mut Kernel, fault: &PageFault) -> Repaired {
    let frame = k.alloc()?;
    k.zero(&frame);
    show(k, fault.page, Content::Own(frame));
    Ok(())
}

pub fn unmap_page(k: &mut Kernel, page: Page) {
    show(k, page, Content::Nothing);
}

fn show(k: &mut Kernel, page: Page, content: Content) {
    let before = k.entry(page);
    let rights = k.vma(page).rights();
    let change = match content {
        Content::Nothing => k.unmap(page),
        Content::Own(frame) => k.map(page, frame, rights),
        Content::Zeroes => {
            let zero = k.zero_page();
            k.map(page, zero, rights.read_only())
        }
    };
    let old = match before {
        Entry::None | Entry::Swapped(_) => change.never_cached(k),
        Entry::Zero | Entry::Anon { .. } | Entry::Object { .. } => change.shoot_down(k),
    };
    if let (Entry::Object { pfn, .. }, Old::Frame { dirty: true, .. }) = (before, &old) {
        k.mark_dirty(pfn);
    }
    k.put_old(old);
}
