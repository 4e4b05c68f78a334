//! The reference with one method replaced: how a wrong kernel is written down.
//!
//! ```
//! use naive::nearly::{Nearly, NearlyReference};
//! use vmsim::prelude::*;
//!
//! /// Forgets that a page has one owner again.
//! struct NeverReuses;
//!
//! impl Nearly for NeverReuses {
//!     fn reuse(&self, k: &mut Kernel, fault: &PageFault, pfn: Pfn) {
//!         let _out_of_memory = solution::lab5::copy_on_write(k, fault, pfn);
//!     }
//! }
//!
//! let kernel = NearlyReference(NeverReuses);
//! # let _ = kernel;
//! ```

use solution::Reference;
use vmsim::handlers::Handlers;

/// Handlers of which only the wrong ones are written down; see [`Nearly`].
pub struct NearlyReference<N>(pub N);

macro_rules! default_to_reference {
    ($(
        $(#[$doc:meta])*
        $variant:ident, $lab:literal, $module:ident:
        $name:ident($($arg:ident: $ty:ty),*) -> $ret:ty;
    )*) => {
        /// What a kernel does that does nearly what the reference does: whoever
        /// implements this replaces a method, and the others are the reference's.
        pub trait Nearly {
            $( #[doc = concat!("Like the reference's [`", stringify!($name), "`](vmsim::handlers::Handlers::", stringify!($name), ") unless replaced.")]
            fn $name(&self, $($arg: $ty),*) -> $ret { Reference.$name($($arg),*) } )*
        }

        impl<N: Nearly> Handlers for NearlyReference<N> {
            $( fn $name(&self, $($arg: $ty),*) -> $ret { self.0.$name($($arg),*) } )*
        }
    };
}

vmsim::for_each_hole!(default_to_reference);
