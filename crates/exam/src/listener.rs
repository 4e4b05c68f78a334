//! Which holes are called.

use std::cell::Cell;

use solution::Reference;
use vmsim::handlers::{Handlers, Hole};

/// Some of the holes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Holes(u32);

impl Holes {
    /// These.
    pub fn of(holes: impl IntoIterator<Item = Hole>) -> Self {
        Self(holes.into_iter().fold(0, |bits, hole| bits | bit(hole)))
    }

    /// Whether it is one of them.
    pub fn contains(self, hole: Hole) -> bool {
        self.0 & bit(hole) != 0
    }

    /// Those that are in both.
    pub fn and(self, other: Holes) -> Holes {
        Holes(self.0 & other.0)
    }

    /// Those that are in either.
    pub fn or(self, other: Holes) -> Holes {
        Holes(self.0 | other.0)
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
}

fn bit(hole: Hole) -> u32 {
    1 << hole as u32
}

/// The reference, which notes the holes that are called.
#[derive(Debug, Default)]
pub(crate) struct Listener(pub(crate) Cell<Holes>);

macro_rules! listen {
    ($(
        $(#[$doc:meta])*
        $variant:ident, $lab:literal, $module:ident:
        $name:ident($($arg:ident: $ty:ty),*) -> $ret:ty;
    )*) => {
        impl Handlers for Listener {
            $( fn $name(&self, $($arg: $ty),*) -> $ret {
                self.0.set(self.0.get().or(Holes::of([Hole::$variant])));
                Reference.$name($($arg),*)
            } )*
        }
    };
}

vmsim::for_each_hole!(listen);
