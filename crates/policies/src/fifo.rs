//! First in, first out: the page that has been in memory longest goes, whether it
//! is used or not.

use vmsim::addr::Pfn;
use vmsim::fault::PageFault;
use vmsim::kernel::Kernel;
use vmsim::replacement::Policy;

use crate::resident::Resident;

/// First in, first out. It has Belady's anomaly: with more frames it can be worse.
#[derive(Clone, Debug, Default)]
pub struct Fifo(Resident);

impl Policy for Fifo {
    fn victim(&mut self, k: &mut Kernel) -> Option<Pfn> {
        self.0.catch_up(k);
        self.0.iter().find(|&pfn| k.is_evictable(pfn))
    }

    fn repaired(&mut self, k: &mut Kernel, _: &PageFault) {
        self.0.catch_up(k);
    }
}
