//! The reference with one method replaced.

use solution::Reference;
use vmsim::handlers::Handlers;

/// Handlers of which only the wrong ones are written down; see [`Nearly`].
pub(crate) struct NearlyReference<N>(pub N);

macro_rules! default_to_reference {
    ($(
        $(#[$doc:meta])*
        $variant:ident, $lab:literal, $module:ident:
        $name:ident($($arg:ident: $ty:ty),*) -> $ret:ty;
    )*) => {
        /// What a kernel does that does nearly what the reference does: whoever
        /// implements this replaces a method, and the others are the reference's.
        pub(crate) trait Nearly {
            $( fn $name(&self, $($arg: $ty),*) -> $ret { Reference.$name($($arg),*) } )*
        }

        impl<N: Nearly> Handlers for NearlyReference<N> {
            $( fn $name(&self, $($arg: $ty),*) -> $ret { self.0.$name($($arg),*) } )*
        }
    };
}

vmsim::for_each_hole!(default_to_reference);
