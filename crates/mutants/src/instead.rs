//! The reference with one method replaced by a function.
//!
//! A function of the hole's name for each hole: it takes what is done instead.

#![allow(dead_code, reason = "a hole may have no mutant that is written so")]

use std::rc::Rc;

use naive::nearly::{Nearly, NearlyReference};
use vmsim::handlers::Handlers;

macro_rules! replace_one {
    ($(
        $(#[$doc:meta])*
        $variant:ident, $lab:literal, $module:ident:
        $name:ident($($arg:ident: $ty:ty),*) -> $ret:ty;
    )*) => {
        $(
            pub(crate) fn $name(method: fn($($ty),*) -> $ret) -> Rc<dyn Handlers> {
                struct Instead(fn($($ty),*) -> $ret);

                impl Nearly for Instead {
                    fn $name(&self, $($arg: $ty),*) -> $ret { (self.0)($($arg),*) }
                }

                Rc::new(NearlyReference(Instead(method)))
            }
        )*
    };
}

vmsim::for_each_hole!(replace_one);
