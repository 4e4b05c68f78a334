// Vera's policy: writing costs, so only pages go that need not be written.

use vmsim::prelude::*;
use vmsim::replacement::Policy;

#[derive(Default)]
pub struct Own {}

impl Policy for Own {
    fn victim(&mut self, k: &mut Kernel) -> Option<Pfn> {
        k.evictable().into_iter().find(|&pfn| match k.frame(pfn).usage {
            Usage::Object(page) => k.is_file(page) && !k.is_dirty(pfn),
            _ => false,
        })
    }
}
