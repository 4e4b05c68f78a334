//! Wrong kernels for the small course.

use std::rc::Rc;

use mutants::Mutant;
use naive::nearly::{Nearly, NearlyReference};
use vmsim::handlers::Hole;
use vmsim::prelude::*;

/// Seen by whoever reads a page that another wrote.
pub const DOES_NOT_ZERO: Mutant = Mutant {
    id: "X01",
    name: "does-not-zero",
    mistake: "the frame is not zeroed",
    holes: &[Hole::DemandZero],
    equivalent: None,
    handlers: || Rc::new(NearlyReference(DoesNotZero)),
};

/// Seen by whoever reads first.
pub const READER_GETS_A_FRAME: Mutant = Mutant {
    id: "X02",
    name: "reader-gets-a-frame",
    mistake: "the first read gets a frame",
    holes: &[Hole::ZeroPage],
    equivalent: None,
    handlers: || Rc::new(NearlyReference(ReaderGetsAFrame)),
};

/// Wrong in two holes, of which it names one.
pub const SPREADS: Mutant = Mutant {
    id: "X03",
    name: "spreads",
    mistake: "the frame is not zeroed, and the first read gets a frame",
    holes: &[Hole::DemandZero],
    equivalent: None,
    handlers: || Rc::new(NearlyReference(Spreads)),
};

/// Wrong in a hole of an earlier lab, too.
pub const REACHES_BACK: Mutant = Mutant {
    id: "X04",
    name: "reaches-back",
    mistake: "the frame is not zeroed, and no address is covered",
    holes: &[Hole::DemandZero],
    equivalent: None,
    handlers: || Rc::new(NearlyReference(ReachesBack)),
};

/// Right.
pub const HARMLESS: Mutant = Mutant {
    id: "X05",
    name: "harmless",
    mistake: "none",
    holes: &[Hole::DemandZero],
    equivalent: None,
    handlers: || Rc::new(NearlyReference(Harmless)),
};

/// What the small course is sound against.
pub const KNOWN: [Mutant; 2] = [DOES_NOT_ZERO, READER_GETS_A_FRAME];

struct DoesNotZero;

impl Nearly for DoesNotZero {
    fn demand_zero(&self, k: &mut Kernel, fault: &PageFault) -> Repaired {
        let rights = k.vma(fault.page).rights();
        let frame = k.alloc()?;
        let old = k.map(fault.page, frame, rights).shoot_down(k);
        k.put_old(old);
        Ok(())
    }
}

struct ReaderGetsAFrame;

impl Nearly for ReaderGetsAFrame {
    fn zero_page(&self, k: &mut Kernel, fault: &PageFault) -> Repaired {
        solution::lab2::demand_zero(k, fault)
    }
}

struct Spreads;

impl Nearly for Spreads {
    fn zero_page(&self, k: &mut Kernel, fault: &PageFault) -> Repaired {
        solution::lab2::demand_zero(k, fault)
    }

    fn demand_zero(&self, k: &mut Kernel, fault: &PageFault) -> Repaired {
        DoesNotZero.demand_zero(k, fault)
    }
}

struct ReachesBack;

impl Nearly for ReachesBack {
    fn classify(&self, _: &Mm<'_>, fault: &PageFault) -> Result<FaultKind, Signal> {
        Err(Signal::maperr(fault.addr))
    }

    fn demand_zero(&self, k: &mut Kernel, fault: &PageFault) -> Repaired {
        DoesNotZero.demand_zero(k, fault)
    }
}

struct Harmless;

impl Nearly for Harmless {}
