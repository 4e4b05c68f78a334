// Ada's policy: pages that were used once only go first, so that a long scan does not push
// out what is in use. Second chance among the others.

use std::collections::BTreeSet;

use vmsim::prelude::*;
use vmsim::replacement::Policy;

#[derive(Default)]
pub struct Own {
    // by came_in: pages whose first use, the fault itself, has been taken note of ...
    seen: BTreeSet<u64>,
    // ... and pages that were used again after that
    proven: BTreeSet<u64>,
}

impl Own {
    fn forget_those_gone(&mut self, k: &Kernel, all: &[Pfn]) {
        let here: BTreeSet<u64> = all.iter().map(|&pfn| k.came_in(pfn)).collect();
        self.seen.retain(|page| here.contains(page));
        self.proven.retain(|page| here.contains(page));
    }

    fn is_newcomer(&mut self, k: &mut Kernel, pfn: Pfn) -> bool {
        let page = k.came_in(pfn);
        let used = k.test_and_clear_accessed(pfn);
        let first_time = self.seen.insert(page);
        if used && !first_time {
            self.proven.insert(page);
        }
        !self.proven.contains(&page)
    }

    fn second_chance(k: &mut Kernel) -> Option<Pfn> {
        for _ in 0..=2 * k.clock_size() {
            let pfn = k.advance_clock()?;
            if !k.test_and_clear_accessed(pfn) {
                return Some(pfn);
            }
        }
        None
    }
}

impl Policy for Own {
    fn victim(&mut self, k: &mut Kernel) -> Option<Pfn> {
        let all = k.evictable();
        self.forget_those_gone(k, &all);
        // The proven ones may fill three quarters of the memory, no more.
        if self.proven.len() * 4 >= all.len() * 3 {
            return Own::second_chance(k);
        }
        let mut newcomers = Vec::new();
        for pfn in all {
            if self.is_newcomer(k, pfn) {
                newcomers.push(pfn);
            }
        }
        // The oldest comes first.
        newcomers.first().copied().or_else(|| Own::second_chance(k))
    }
}
