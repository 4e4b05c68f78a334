// Lab 1. No repair for anything: no access was ever promised.

use vmsim::prelude::*;

pub fn classify(_: &Mm<'_>, fault: &PageFault) -> Result<FaultKind, Signal> {
    Err(Signal::maperr(fault.addr))
}

// Nothing of this folder is for students: STAYS-HOME-f3faa8e8
