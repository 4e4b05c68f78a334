//! All that a lab file needs: `use vmsim::prelude::*;`.

pub use crate::addr::{PAGE_SIZE, Pfn, SwapSlot, VirtAddr, Vpn};
pub use crate::cache::{ObjectPage, Residence};
pub use crate::event::{Growth, SigAction};
pub use crate::fault::{
    Access, Delivery, FaultKind, Mode, OutOfMemory, PageFault, Repaired, Signal, SignalCode,
};
pub use crate::frames::Usage;
pub use crate::kernel::Kernel;
pub use crate::mm::{Entry, Mm, Page};
pub use crate::refs::Old;
pub use crate::vma::{Backing, GUARD_GAP_PAGES, MMAP_MIN_ADDR, Vma};
