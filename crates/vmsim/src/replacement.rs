//! Replacement policies of one's own: who goes when no frame is free.
//!
//! [`Handlers::choose_victim`](crate::handlers::Handlers::choose_victim) is a
//! function without a memory of its own; whatever it knows of the past is in the
//! A bits and under the clock's hand. A [`Policy`] may remember more: when a page
//! came in, how often it was used, what was evicted lately. A
//! [`Machine::with_policy`](crate::machine::Machine::with_policy) asks it instead.

use std::cell::RefCell;
use std::rc::Rc;

use crate::addr::Pfn;
use crate::fault::PageFault;
use crate::kernel::Kernel;

/// Chooses victims, and may remember what it has seen.
///
/// It looks at the machine through [`Kernel`]'s questions and changes nothing but A
/// bits ([`Kernel::test_and_clear_accessed`]) and the clock's hand
/// ([`Kernel::advance_clock`]). The same trace must lead to the same victims: no
/// clock, no random number without a fixed seed, no order of a hash table.
///
/// A frame is given out again after its page has gone. What is remembered of a
/// *page* is kept under [`Kernel::came_in`], which no two pages share, and not
/// under the frame's number.
///
/// ```
/// use vmsim::prelude::*;
/// use vmsim::replacement::Policy;
///
/// /// First in, first out.
/// struct Fifo;
///
/// impl Policy for Fifo {
///     fn victim(&mut self, k: &mut Kernel) -> Option<Pfn> {
///         k.evictable().first().copied()
///     }
/// }
/// ```
pub trait Policy {
    /// Chooses the frame to evict, one of [`Kernel::evictable`]; none if there is
    /// none, and then the process that needs the frame is killed.
    fn victim(&mut self, k: &mut Kernel) -> Option<Pfn>;

    /// A fault was repaired: its page is in memory now ([`Kernel::entry`] tells in
    /// which frame), and the access is about to be tried again.
    ///
    /// This is the only time besides [`victim`](Policy::victim) at which a policy
    /// gets to run: nobody calls a kernel on a hit.
    fn repaired(&mut self, k: &mut Kernel, fault: &PageFault) {
        let _ = (k, fault);
    }
}

/// A frame came into use, or went out of it; see [`Kernel::take_moves`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// The frame came into use, as the one of this number ([`Kernel::came_in`]).
    In(Pfn, u64),
    /// The frame is out of use, or its page has gone to the end of the queue and is about
    /// to come in again.
    Out(Pfn),
}

/// The policy that a machine has besides its handlers, if it has one.
pub(crate) type Own = Option<Rc<RefCell<Box<dyn Policy>>>>;

/// Asks whoever chooses victims on this machine.
pub(crate) fn victim(k: &mut Kernel) -> Option<Pfn> {
    match k.policy.clone() {
        None => Rc::clone(&k.handlers).choose_victim(k),
        Some(policy) => match policy.try_borrow_mut() {
            Ok(mut policy) => policy.victim(k),
            Err(_) => k.bug("a replacement policy asked for memory itself".to_owned()),
        },
    }
}

/// Tells the policy of a fault that was repaired.
pub(crate) fn repaired(k: &mut Kernel, fault: &PageFault) {
    if let Some(policy) = k.policy.clone() {
        policy.borrow_mut().repaired(k, fault);
    }
}
