//! Mistakes in lab 5.

use naive::nearly::Nearly;
use vmsim::handlers::Hole::CopyOnWrite;
use vmsim::prelude::*;

use crate::{Mutant, kernel, mutant};

pub(crate) const MUTANTS: &[Mutant] = &[mutant(
    "C05",
    "copy-is-not-filled",
    "the new frame is not filled from the old one",
    &[CopyOnWrite],
    kernel::<CopyIsNotFilled>,
)];

#[derive(Default)]
struct CopyIsNotFilled;

impl Nearly for CopyIsNotFilled {
    fn copy_on_write(&self, k: &mut Kernel, fault: &PageFault, pfn: Pfn) -> Repaired {
        let rights = k.vma(fault.page).rights();
        let shared = k.get(pfn);
        let copy = k.alloc();
        k.put(shared);
        let old = k.map(fault.page, copy?, rights).shoot_down(k);
        k.put_old(old);
        Ok(())
    }
}
