// Lab 1. Compiles, and does nothing: all is well.

use vmsim::prelude::*;

pub fn classify(_: &Mm<'_>, _: &PageFault) -> Result<FaultKind, Signal> {
    Ok(FaultKind::Spurious)
}

// Nothing of this folder is for students: STAYS-HOME-f08db22f
