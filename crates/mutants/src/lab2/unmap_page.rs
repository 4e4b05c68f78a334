//! Pages given up wrongly.

use solution::lab2::unmap_page as reference;
use vmsim::prelude::*;

/// The page of the page cache that an entry shows.
fn cached(k: &Kernel, page: Page) -> Option<(ObjectPage, Pfn)> {
    match k.entry(page) {
        Entry::Object { pfn, .. } => match k.frame(pfn).usage {
            Usage::Object(object) => Some((object, pfn)),
            _ => None,
        },
        _ => None,
    }
}

/// The hardware's dirty bit.
fn is_dirty(k: &Kernel, page: Page) -> bool {
    k.mm(page.pid).pte(page.vpn).dirty()
}

/// Empties the entry, and saves no dirty bit.
fn just_unmap(k: &mut Kernel, page: Page) {
    let old = k.unmap(page).shoot_down(k);
    k.put_old(old);
}

pub(super) fn nothing_is_unmapped(_: &mut Kernel, _: Page) {}

pub(super) fn all_owners_lose_the_page(k: &mut Kernel, page: Page) {
    if let Entry::Anon { pfn, .. } = k.entry(page) {
        for mapper in k.mappers(pfn) {
            reference(k, mapper);
        }
    } else {
        reference(k, page);
    }
}

pub(super) fn frame_is_kept(k: &mut Kernel, page: Page) {
    match k.entry(page) {
        Entry::Anon { .. } => drop(k.unmap(page).shoot_down(k)),
        _ => reference(k, page),
    }
}

pub(super) fn swapped_pages_are_passed_over(k: &mut Kernel, page: Page) {
    if !matches!(k.entry(page), Entry::Swapped(_)) {
        reference(k, page);
    }
}

pub(super) fn slot_is_kept(k: &mut Kernel, page: Page) {
    match k.entry(page) {
        Entry::Swapped(_) => drop(k.unmap(page).shoot_down(k)),
        _ => reference(k, page),
    }
}

pub(super) fn nothing_is_flushed(k: &mut Kernel, page: Page) {
    save_dirty_bit(k, page);
    let old = k.unmap(page).never_cached(k);
    k.put_old(old);
}

pub(super) fn flushed_here_only(k: &mut Kernel, page: Page) {
    save_dirty_bit(k, page);
    let old = k.unmap(page).flush_local(k);
    k.put_old(old);
}

fn save_dirty_bit(k: &mut Kernel, page: Page) {
    if let Some((_, pfn)) = cached(k, page)
        && is_dirty(k, page)
    {
        k.mark_dirty(pfn);
    }
}

pub(super) fn dirty_bit_is_lost(k: &mut Kernel, page: Page) {
    just_unmap(k, page);
}

pub(super) fn asks_for_the_dirty_bit_too_late(k: &mut Kernel, page: Page) {
    let shown = cached(k, page);
    just_unmap(k, page);
    if let Some((_, pfn)) = shown
        && k.is_dirty(pfn)
    {
        k.mark_dirty(pfn);
    }
}

pub(super) fn clean_page_is_marked_dirty(k: &mut Kernel, page: Page) {
    if let Some((_, pfn)) = cached(k, page) {
        k.mark_dirty(pfn);
    }
    just_unmap(k, page);
}

pub(super) fn private_page_is_marked_dirty(k: &mut Kernel, page: Page) {
    let old = k.unmap(page).shoot_down(k);
    if let Old::Frame { frame, dirty: true } = &old {
        k.mark_dirty(frame.pfn());
    }
    k.put_old(old);
}

pub(super) fn dirty_shared_memory_is_lost(k: &mut Kernel, page: Page) {
    match cached(k, page) {
        Some((object, _)) if !k.is_file(object) => just_unmap(k, page),
        _ => reference(k, page),
    }
}

pub(super) fn dirty_file_page_is_lost(k: &mut Kernel, page: Page) {
    match cached(k, page) {
        Some((object, _)) if k.is_file(object) => just_unmap(k, page),
        _ => reference(k, page),
    }
}

pub(super) fn private_copy_is_written_to_the_file(k: &mut Kernel, page: Page) {
    let object = k.vma(page).object_page(page.vpn);
    if let (Some(object), Entry::Anon { pfn, .. }) = (object, k.entry(page))
        && is_dirty(k, page)
    {
        k.write_file(object, pfn);
    }
    reference(k, page);
}

pub(super) fn clean_page_is_written(k: &mut Kernel, page: Page) {
    if let Some((object, pfn)) = cached(k, page)
        && k.is_file(object)
    {
        k.write_file(object, pfn);
    }
    just_unmap(k, page);
}

pub(super) fn dirty_page_is_written(k: &mut Kernel, page: Page) {
    match cached(k, page) {
        Some((object, pfn)) if k.is_file(object) && is_dirty(k, page) => {
            k.write_file(object, pfn);
            just_unmap(k, page);
        }
        _ => reference(k, page),
    }
}

/// Takes a page that nobody maps any more out of the page cache.
fn drop_from_cache(k: &mut Kernel, object: ObjectPage, pfn: Pfn) {
    if k.frame(pfn).mappings == 0 {
        let frame = k.remove_cache(object);
        k.put(frame);
    }
}

pub(super) fn dirty_page_is_dropped(k: &mut Kernel, page: Page) {
    let (shown, dirty) = (cached(k, page), is_dirty(k, page));
    reference(k, page);
    if let Some((object, pfn)) = shown
        && dirty
    {
        drop_from_cache(k, object, pfn);
    }
}

pub(super) fn sharer_takes_the_page_along(k: &mut Kernel, page: Page) {
    let shown = cached(k, page);
    reference(k, page);
    if let Some((object, pfn)) = shown
        && !k.is_file(object)
        && matches!(k.frame(pfn).usage, Usage::Object(_))
    {
        for mapper in k.mappers(pfn) {
            just_unmap(k, mapper);
        }
        drop_from_cache(k, object, pfn);
    }
}

pub(super) fn last_sharer_takes_the_page_along(k: &mut Kernel, page: Page) {
    let shown = cached(k, page);
    reference(k, page);
    if let Some((object, pfn)) = shown {
        drop_from_cache(k, object, pfn);
    }
}

pub(super) fn page_without_a_frame_panics(k: &mut Kernel, page: Page) {
    let frame = k.mm(page.pid).pte(page.vpn).frame();
    let pfn = frame.expect("a mapped page has a frame");
    assert!(
        !matches!(k.frame(pfn).usage, Usage::Zero),
        "the zero page cannot be freed"
    );
    reference(k, page);
}

pub(super) fn zero_page_stays_mapped(k: &mut Kernel, page: Page) {
    if k.entry(page) != Entry::Zero {
        reference(k, page);
    }
}

pub(super) fn hidden_page_stays_mapped(k: &mut Kernel, page: Page) {
    let pte = k.mm(page.pid).pte(page.vpn);
    if pte.present() || pte.swap_slot().is_some() {
        reference(k, page);
    }
}

pub(super) fn shared_frame_stays_mapped(k: &mut Kernel, page: Page) {
    match k.entry(page) {
        Entry::Anon { pfn, .. } if k.frame(pfn).mappings > 1 => {}
        _ => reference(k, page),
    }
}

pub(super) fn reference_to_a_shared_frame_is_kept(k: &mut Kernel, page: Page) {
    match k.entry(page) {
        Entry::Anon { pfn, .. } if k.frame(pfn).mappings > 1 => {
            drop(k.unmap(page).shoot_down(k));
        }
        _ => reference(k, page),
    }
}

pub(super) fn cached_page_stays_mapped(k: &mut Kernel, page: Page) {
    if cached(k, page).is_none() {
        reference(k, page);
    }
}

pub(super) fn swapped_page_is_read_first(k: &mut Kernel, page: Page) {
    if let Entry::Swapped(slot) = k.entry(page)
        && let Ok(frame) = k.alloc()
    {
        k.read_swap(slot, &frame);
        k.put(frame);
    }
    reference(k, page);
}

pub(super) fn cached_page_is_taken_from_all(k: &mut Kernel, page: Page) {
    match cached(k, page) {
        Some((_, pfn)) => {
            for mapper in k.mappers(pfn) {
                reference(k, mapper);
            }
        }
        None => reference(k, page),
    }
}

pub(super) fn swap_cache_is_emptied(k: &mut Kernel, page: Page) {
    if let Entry::Swapped(slot) = k.entry(page)
        && let Some(frame) = k.remove_swap_cache(slot)
    {
        k.put(frame);
    }
    reference(k, page);
}

pub(super) fn swap_cached_frame_is_dropped(k: &mut Kernel, page: Page) {
    if let Entry::Anon { pfn, .. } = k.entry(page)
        && let Usage::Anon { swap_cache, .. } = k.frame(pfn).usage
        && let Some(frame) = swap_cache.and_then(|slot| k.remove_swap_cache(slot))
    {
        k.put(frame);
    }
    reference(k, page);
}

pub(super) fn last_owner_is_told(k: &mut Kernel, page: Page) {
    let before = k.entry(page);
    reference(k, page);
    if let Entry::Anon { pfn, .. } = before
        && k.frame(pfn).mappings == 1
    {
        k.mark_exclusive(pfn);
    }
}
