//! Your own replacement policy, for the leaderboard of lab 8. It gives no points and
//! need not be handed in.
//!
//! `choose_victim` of lab 8 is second chance, whoever writes it. Here you are free: a
//! policy may remember what it has seen, and is compared with others, and with the
//! best that there can be, by what the same traces cost in reads and writes of the
//! disk. Compare it at home:
//!
//! ```text
//! cargo lab run labs/08-replace/traces/NAME.trace --policy own --format summary
//! cargo lab run labs/08-replace/traces/NAME.trace --policy opt --format summary
//! ```
//!
//! What you can ask: [`Kernel::evictable`], all frames that may go, in the order in
//! which they came into use; [`Kernel::test_and_clear_accessed`]; [`Kernel::is_dirty`];
//! [`Kernel::frame`], what a frame holds; [`Kernel::mappers`], who maps it;
//! [`Kernel::now`], how many events have passed. A frame is given out again after its
//! page has gone: keep what you know of a page under [`Kernel::came_in`]. Everything
//! must be deterministic, so iterate over a `Vec` or a `BTreeMap` and not over a
//! `HashMap`.

use vmsim::prelude::*;
use vmsim::replacement::Policy;

/// Your policy. Give it fields for what it should remember.
#[derive(Default)]
pub struct Own {}

impl Policy for Own {
    /// Chooses the frame to evict, or none if there is nothing to choose.
    ///
    /// To begin with: whatever comes under the hand of the clock, used or not. That is
    /// easy to beat.
    fn victim(&mut self, k: &mut Kernel) -> Option<Pfn> {
        k.advance_clock()
    }

    /// A fault was repaired: a page has come into memory, or is mapped now. Nothing
    /// need be done here; a policy that counts does it here.
    fn repaired(&mut self, k: &mut Kernel, fault: &PageFault) {
        let _ = (k, fault);
    }
}
