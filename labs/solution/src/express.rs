//! What the reference's methods come to, for the commonest fault of a machine that is short
//! of memory: `classify`, `choose_victim`, `swap_out` and `swap_in` or `demand_zero`.
//!
//! They are the reference; this is a shorter way to the same, and a property holds it to
//! them (`tests/it/express.rs`).

use vmsim::express::{Express, Fault, Missing, Traded};
use vmsim::prelude::*;

use crate::Reference;

impl Express for Reference {
    fn handle(&self, fault: Fault<'_>) -> Option<Traded> {
        let mut lane = fault.lane()?;
        let access = lane.access();
        let vma = lane.vma().filter(|vma| vma.is_private())?;
        let (rights, is_anonymous) = (vma.rights(), vma.object().is_none());
        let allowed = match access {
            Access::Read => !vma.prot.is_none(),
            Access::Write => vma.prot.write(),
            Access::Exec => vma.prot.exec(),
        };
        let missing = lane.missing().filter(|_| allowed)?;
        if missing == Missing::Zeroes && (access != Access::Write || !is_anonymous) {
            return None;
        }
        // A page that was used since the hand last passed is spared once.
        let victim = loop {
            let candidate = lane.advance_clock()?;
            if !candidate.was_used() {
                break candidate;
            }
        };
        if missing == Missing::Zeroes {
            // As `demand_zero` does, whether the zero page was there or nothing.
            lane.flush();
        }
        lane.trade(victim, missing, rights)
    }
}
