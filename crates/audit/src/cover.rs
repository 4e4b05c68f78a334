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

/// How often each mutant is exposed by these traces.
fn counts(kills: &Kills, traces: impl Iterator<Item = usize>) -> BTreeMap<usize, usize> {
    let mut counts = BTreeMap::new();
    for mutant in traces.flat_map(|trace| &kills[trace]) {
        *counts.entry(*mutant).or_default() += 1;
    }
    counts
}
