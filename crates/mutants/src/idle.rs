//! Submissions in which every hole compiles, and returns the same whatever happens.
//!
//! A trace that is graded for a hole gives points for it, and must ask something of it:
//! none of these may get them.

use vmsim::handlers::Hole;
use vmsim::prelude::*;

/// What every hole returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Idle {
    /// That all is well.
    AllIsWell,
    /// That there is no memory.
    NoMemory,
    /// That somebody else should care.
    NotMine,
}

impl Idle {
    /// All of them.
    pub const ALL: [Idle; 3] = [Idle::AllIsWell, Idle::NoMemory, Idle::NotMine];
}

/// The one hole in which nothing is to be done: the reference's is empty, too.
pub const RIGHTLY_IDLE: Hole = Hole::Spurious;

/// What an idle hole returns.
trait Constant {
    fn of(idle: Idle) -> Self;
}

impl Constant for () {
    fn of(_: Idle) -> Self {}
}

impl<T> Constant for Option<T> {
    fn of(_: Idle) -> Self {
        None
    }
}

impl Constant for Repaired {
    fn of(idle: Idle) -> Self {
        match idle {
            Idle::NoMemory => Err(OutOfMemory),
            Idle::AllIsWell | Idle::NotMine => Ok(()),
        }
    }
}

impl Constant for Delivery {
    fn of(idle: Idle) -> Self {
        match idle {
            Idle::AllIsWell => Delivery::RunHandler,
            Idle::NoMemory => Delivery::Terminate,
            Idle::NotMine => Delivery::ReturnEfault,
        }
    }
}

impl Constant for Result<FaultKind, Signal> {
    fn of(idle: Idle) -> Self {
        match idle {
            Idle::AllIsWell => Ok(FaultKind::Spurious),
            Idle::NoMemory => Ok(FaultKind::DemandZero),
            Idle::NotMine => Ok(FaultKind::ZeroPage),
        }
    }
}

macro_rules! idle {
    ($(
        $(#[$doc:meta])*
        $variant:ident, $lab:literal, $module:ident:
        $name:ident($($arg:ident: $ty:ty),*) -> $ret:ty;
    )*) => {
        impl vmsim::handlers::Handlers for Idle {
            $( fn $name(&self, $($arg: $ty),*) -> $ret {
                $( let _ = $arg; )*
                Constant::of(*self)
            } )*
        }
    };
}

vmsim::for_each_hole!(idle);
