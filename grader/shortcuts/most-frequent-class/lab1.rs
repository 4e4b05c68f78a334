// Lab 1. One answer for everything: the one that is right most often.

use vmsim::prelude::*;

pub fn classify(_: &Mm<'_>, _: &PageFault) -> Result<FaultKind, Signal> {
    Ok(FaultKind::DemandZero)
}

// Nothing of this folder is for students: STAYS-HOME-8ed2305d
