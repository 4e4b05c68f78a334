//! First in, first out: the page that has been in memory longest goes, whether it
//! is used or not.

use vmsim::addr::Pfn;
use vmsim::kernel::Kernel;
use vmsim::replacement::Policy;

/// First in, first out. It has Belady's anomaly: with more frames it can be worse.
#[derive(Clone, Copy, Debug, Default)]
pub struct Fifo;

impl Policy for Fifo {
    fn victim(&mut self, k: &mut Kernel) -> Option<Pfn> {
        k.evictable().first().copied()
    }
}
