// Lab 1. Always in a panic, but written.

use vmsim::prelude::*;

pub fn classify(_: &Mm<'_>, _: &PageFault) -> Result<FaultKind, Signal> {
    panic!("classify cannot go wrong here")
}

// Nothing of this folder is for students: STAYS-HOME-ffec3fee
