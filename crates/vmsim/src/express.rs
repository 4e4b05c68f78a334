//! The express lane: the fault that a machine short of memory takes again and again, in
//! one go.
//!
//! When a program has more private memory than there are frames, nearly all of its faults
//! are the same: one page goes to a swap slot, another one takes its frame. Handlers do
//! that by some twenty services, each of which looks its frame, slot and entry up, keeps
//! the reverse map and counts references, most of which are taken and given back within
//! the fault. Who knows in advance what all of them together come to may say so
//! ([`Express`]), and the machine lets the two pages trade places ([`Lane::trade`]).
//!
//! Nothing of the machine is different afterwards, down to the order of free slots and the
//! bill. Whatever is not as simple as that, the handlers do; and all of it, if anybody
//! watches ([`Machine::step`](crate::machine::Machine::step)).

use crate::addr::{Pfn, SwapSlot, Vpn};
use crate::event::UserAccess;
use crate::fault::{Access, FaultClass, Repair};
use crate::frames::Usage;
use crate::kernel::Kernel;
use crate::mm::Page;
use crate::mmu::{self, Running};
use crate::page_table::Spot;
use crate::pte::{Pte, Rights};
use crate::tlb::Asid;
use crate::vma::Vma;

/// What a kernel's handlers come to, for the commonest of faults.
pub trait Express {
    /// Has the fault handled ([`Lane::trade`]) as the machine's handlers would handle it;
    /// or changes nothing that they would not change before they do more, and returns none.
    fn handle(&self, fault: Fault<'_>) -> Option<Traded>;
}

/// A fault of a page that is not present, on a machine that nobody watches.
pub struct Fault<'a> {
    k: &'a mut Kernel,
    access: &'a UserAccess,
}

/// A fault on a machine with one CPU and no free frame.
pub struct Lane<'a> {
    k: &'a mut Kernel,
    access: &'a UserAccess,
    running: Running,
    /// Where the entry of the page stands, and what it says.
    spot: Spot,
    pte: Pte,
}

/// A fault that was handled, and whose access got through.
pub struct Traded {
    pub(crate) pfn: Pfn,
    pub(crate) class: FaultClass,
}

/// Where the bytes of the page of a fault come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// Nowhere: the page was never touched.
    Zeroes,
    /// A swap slot that nobody else needs.
    InSlot(SwapSlot),
}

/// A frame that one page of private memory maps, and that nothing else refers to: the
/// clock's hand has just passed it.
pub struct Candidate {
    pfn: Pfn,
    asid: Asid,
    vpn: Vpn,
    spot: Spot,
    was_used: bool,
}

impl Candidate {
    /// Whether the page was used since the hand passed it before; its A bit is clear now.
    #[inline]
    pub fn was_used(&self) -> bool {
        self.was_used
    }
}

impl<'a> Fault<'a> {
    #[inline]
    pub(crate) fn new(k: &'a mut Kernel, access: &'a UserAccess) -> Self {
        Self { k, access }
    }

    /// Whether the machine has a lane at all: one CPU, and its own handlers throughout.
    pub(crate) fn has_lane(k: &Kernel) -> bool {
        k.tlbs.len() == 1 && k.policy.is_none() && k.naive.is_none()
    }

    /// The lane, if memory is short.
    #[inline(always)]
    pub fn lane(self) -> Option<Lane<'a>> {
        let Self { k, access } = self;
        let crowded = k.frames.left() == 0 && k.swap.left() > 0;
        if !crowded || !k.frames.ring.arriving().is_empty() {
            return None;
        }
        let running = k.running(access.pid);
        let spot = Spot::in_table(k.walked?, running.root, access.addr.page());
        Some(Lane {
            access,
            running,
            spot,
            pte: k.tables.at(spot),
            k,
        })
    }
}

impl Lane<'_> {
    /// What was tried.
    pub fn access(&self) -> Access {
        self.access.kind
    }

    fn page(&self) -> Page {
        Page {
            pid: self.access.pid,
            vpn: self.access.addr.page(),
        }
    }

    /// The VMA that covers the page, if it was written before.
    #[inline(always)]
    pub fn vma(&self) -> Option<&Vma> {
        let Page { pid, vpn } = self.page();
        let vma = self.k.processes[&pid].vmas.find(vpn);
        vma.filter(|vma| vma.anon_vma.is_some())
    }

    /// Where the bytes of the page come from, if nothing else has to do with them.
    #[inline(always)]
    pub fn missing(&self) -> Option<Missing> {
        match self.pte.swap_slot() {
            None => self.pte.is_none().then_some(Missing::Zeroes),
            Some(at) => {
                let own = self.k.swap.has_one_user(at);
                own.then_some(Missing::InSlot(at))
            }
        }
    }

    /// Moves the clock's hand on, over a frame, and clears the A bit of its page; none, and
    /// nothing has moved, if more than one page and the frame must be looked at.
    #[inline(always)]
    pub fn advance_clock(&mut self) -> Option<Candidate> {
        let k = &mut *self.k;
        let (pfn, next) = k.frames.ring.at_hand()?;
        let frame = k.frames.get(pfn);
        if frame.count != 1 || !matches!(frame.usage, Usage::Anon { .. }) {
            return None;
        }
        // With one reference, and that a mapping, it is in no swap cache.
        let page = frame.mappers.only()?;
        let running = k.running(page.pid);
        let spot = k.tables.spot(running.root, page.vpn)?;
        k.frames.ring.move_hand(next);
        let mut was_used = false;
        if k.frames.forget_use(pfn) {
            let pte = k.tables.at(spot);
            if pte.accessed() {
                k.tables.put(spot, pte.aged());
                k.tlbs[0].invalidate(running.asid, page.vpn);
                was_used = true;
            }
        }
        Some(Candidate {
            pfn,
            asid: running.asid,
            vpn: page.vpn,
            spot,
            was_used,
        })
    }

    /// The victim's page goes to a swap slot, and the page of the fault takes its frame,
    /// with these rights; then the access is tried again. None, and nothing has changed, if
    /// the rights do not allow the access.
    #[inline(always)]
    pub fn trade(self, victim: Candidate, missing: Missing, rights: Rights) -> Option<Traded> {
        let (access, page) = (self.access, self.page());
        let k = self.k;
        let mapped = Pte::page(victim.pfn, rights);
        if !mmu::allows(mapped, access.kind) {
            return None;
        }
        k.frames.trade(victim.pfn, page);
        let (slot, class) = match missing {
            Missing::Zeroes => (k.swap.take_in(&mut k.frames, victim.pfn), DEMAND_ZERO),
            Missing::InSlot(from) => (k.swap.exchange(from, &mut k.frames, victim.pfn), SWAP_IN),
        };
        let slot = slot.expect("a slot was left when the lane was opened");
        k.evictions += 1;
        k.cost.disk_writes += 1;
        let noted = Pte::swap(slot);
        let before = k.tables.at(victim.spot);
        k.tables.put(victim.spot, noted);
        k.cost.local_flushes += 1;
        k.cost.needless_flushes += u64::from(!before.needs_flush(noted));
        // Its A bit is clear, so there is nothing to forget: what is remembered was used.
        debug_assert_eq!(k.tlbs[0].look_up(victim.asid, victim.vpn), None);
        let process = k.process(page.pid);
        if class.major {
            process.major_faults += 1;
            k.cost.disk_reads += 1;
        } else {
            process.minor_faults += 1;
            k.cost.zeroed += 1;
        }
        let used = mapped.used(access.kind == Access::Write);
        k.tables.put(self.spot, used);
        k.frames.note_use(victim.pfn);
        k.tlbs[0].add(self.running.asid, page.vpn, used);
        let pfn = victim.pfn;
        Some(Traded { pfn, class })
    }

    /// Makes the CPU forget the page of the fault, which it does not remember: for handlers
    /// that do so. Only the bill shows it.
    #[inline]
    pub fn flush(&mut self) {
        self.k.cost.local_flushes += 1;
        self.k.cost.needless_flushes += 1;
    }
}

const SWAP_IN: FaultClass = FaultClass {
    major: true,
    repair: Repair::SwapIn,
    copy: false,
};

const DEMAND_ZERO: FaultClass = FaultClass {
    major: false,
    repair: Repair::DemandZero,
    copy: false,
};
