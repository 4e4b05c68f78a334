// Lab 1. No repair for anything: every access is forbidden.

use vmsim::prelude::*;

pub fn classify(_: &Mm<'_>, fault: &PageFault) -> Result<FaultKind, Signal> {
    Err(Signal::accerr(fault.addr))
}

// Nothing of this folder is for students: STAYS-HOME-79eaa723
