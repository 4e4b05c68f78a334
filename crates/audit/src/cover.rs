//! The smallest set of traces that exposes all mutants: set cover.
//!
//! `kills[t]` is what trace `t` exposes, as [`Matrix::kills`](crate::matrix::Matrix::kills)
//! tells it. A mutant that no trace exposes is left out of account.

use std::collections::{BTreeMap, BTreeSet};

/// What each trace exposes.
pub type Kills = [BTreeSet<usize>];

/// Takes the trace that exposes most of what is still to be exposed, until every
/// mutant is exposed `times` times, or as often as all traces together expose it.
/// Of equal traces the first is taken. Then [drops](without_spares) what later
/// traces made needless.
pub fn greedy(kills: &Kills, times: usize) -> Vec<usize> {
    let mut missing = counts(kills, 0..kills.len());
    missing.retain(|_, count| {
        *count = (*count).min(times);
        *count > 0
    });
    let mut chosen = Vec::new();
    while !missing.is_empty() {
        let gain = |&trace: &usize| {
            kills[trace]
                .iter()
                .filter(|m| missing.contains_key(m))
                .count()
        };
        let rest = (0..kills.len()).filter(|trace| !chosen.contains(trace));
        // `max_by_key` takes the last of equals.
        let Some(best) = rest.rev().max_by_key(gain) else {
            break;
        };
        for mutant in &kills[best] {
            if let Some(count) = missing.get_mut(mutant) {
                *count -= 1;
                if *count == 0 {
                    missing.remove(mutant);
                }
            }
        }
        chosen.push(best);
    }
    without_spares(kills, &chosen, times)
}

/// Drops each trace, the last first, without which every mutant is exposed `times`
/// times all the same, or as often as before.
pub fn without_spares(kills: &Kills, chosen: &[usize], times: usize) -> Vec<usize> {
    let mut kept = chosen.to_vec();
    for &trace in chosen.iter().rev() {
        let now = counts(kills, kept.iter().copied());
        if kills[trace].iter().all(|mutant| now[mutant] > times) {
            kept.retain(|&other| other != trace);
        }
    }
    kept.sort_unstable();
    kept
}

/// Branches of the search for the smallest set that are looked at before greed has to
/// do: a lab takes a few hundred.
const BRANCHES_MAX: usize = 100_000;

/// A set of traces that exposes all mutants once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cover {
    /// The traces, in order.
    pub traces: Vec<usize>,
    /// Whether no smaller set does; otherwise it is not known.
    pub is_minimum: bool,
}

/// The smallest set of traces that exposes every mutant once: that of greed, unless
/// a search through all others, which is given up in time, finds a smaller one.
pub fn smallest(kills: &Kills) -> Cover {
    let mut search = Search {
        kills,
        best: greedy(kills, 1),
        branches: 0,
    };
    let missing = kills.iter().flatten().copied().collect();
    search.branch(&missing, &mut Vec::new());
    search.best.sort_unstable();
    Cover {
        traces: search.best,
        is_minimum: search.branches < BRANCHES_MAX,
    }
}

/// Branch and bound.
struct Search<'a> {
    kills: &'a Kills,
    best: Vec<usize>,
    branches: usize,
}

impl Search<'_> {
    /// Extends what was chosen by each trace that exposes the rarest missing mutant:
    /// one of them is in every cover.
    fn branch(&mut self, missing: &BTreeSet<usize>, chosen: &mut Vec<usize>) {
        if missing.is_empty() {
            if chosen.len() < self.best.len() {
                self.best.clone_from(chosen);
            }
            return;
        }
        let by_mutant = self.exposed_by(missing);
        if chosen.len() + needed(&by_mutant) >= self.best.len() {
            return;
        }
        let rarest = by_mutant.values().min_by_key(|traces| traces.len());
        let mut traces: Vec<usize> = rarest.into_iter().flatten().copied().collect();
        traces.sort_by_key(|&trace| {
            std::cmp::Reverse(self.kills[trace].intersection(missing).count())
        });
        for trace in traces {
            self.branches += 1;
            if self.branches >= BRANCHES_MAX {
                return;
            }
            chosen.push(trace);
            self.branch(&(missing - &self.kills[trace]), chosen);
            chosen.pop();
        }
    }

    /// The traces that expose each missing mutant.
    fn exposed_by(&self, missing: &BTreeSet<usize>) -> BTreeMap<usize, BTreeSet<usize>> {
        let mut by_mutant: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
        for (trace, kills) in self.kills.iter().enumerate() {
            for &mutant in kills.intersection(missing) {
                by_mutant.entry(mutant).or_default().insert(trace);
            }
        }
        by_mutant
    }
}

/// At least so many traces are needed: mutants of which no trace exposes two.
fn needed(by_mutant: &BTreeMap<usize, BTreeSet<usize>>) -> usize {
    let mut rare: Vec<&BTreeSet<usize>> = by_mutant.values().collect();
    rare.sort_by_key(|traces| traces.len());
    let mut apart: Vec<&BTreeSet<usize>> = Vec::new();
    for traces in rare {
        if apart.iter().all(|other| other.is_disjoint(traces)) {
            apart.push(traces);
        }
    }
    apart.len()
}

/// How often each mutant is exposed by these traces.
fn counts(kills: &Kills, traces: impl Iterator<Item = usize>) -> BTreeMap<usize, usize> {
    let mut counts = BTreeMap::new();
    for mutant in traces.flat_map(|trace| &kills[trace]) {
        *counts.entry(*mutant).or_default() += 1;
    }
    counts
}
