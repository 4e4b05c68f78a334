//! Reclaim: making room when no frame is free (`try_to_free_pages` in Linux
//! mm/vmscan.c).

use std::rc::Rc;

use crate::addr::Pfn;
use crate::fault::OutOfMemory;
use crate::frames::Usage;
use crate::kernel::Kernel;
use crate::replacement;

/// Evictions that may fail to free a frame before memory counts as exhausted.
const FRUITLESS_MAX: u32 = 4;

/// Makes room for a frame. What came into use in the current fault may go as well, if
/// no handler holds it.
pub(crate) fn make_room(k: &mut Kernel) -> Result<(), OutOfMemory> {
    if k.frames.ring.arriving().is_empty() {
        return evict_until_one_is_free(k);
    }
    let arriving = k.frames.settle_all();
    let made = evict_until_one_is_free(k);
    k.frames.ring.unsettle(arriving);
    made
}

/// Evicts pages until a frame is free.
fn evict_until_one_is_free(k: &mut Kernel) -> Result<(), OutOfMemory> {
    let mut fruitless = 0;
    while k.frames.left() == 0 {
        let victim = replacement::victim(k).ok_or(OutOfMemory)?;
        if !k.is_evictable(victim) {
            k.bug("a frame was chosen for eviction that cannot be evicted".to_owned());
        }
        k.evictions += 1;
        let evicted = evict(k, victim);
        if evicted.is_err() || k.frames.left() == 0 {
            fruitless += 1;
        }
        if fruitless > FRUITLESS_MAX {
            return Err(OutOfMemory);
        }
    }
    Ok(())
}

fn evict(k: &mut Kernel, victim: Pfn) -> Result<(), OutOfMemory> {
    let handlers = Rc::clone(&k.handlers);
    match k.frame(victim).usage {
        Usage::Object(page) if k.is_file(page) => {
            handlers.evict_page(k, page, victim);
            Ok(())
        }
        _ => handlers.swap_out(k, victim),
    }
}
