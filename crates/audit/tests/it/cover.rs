//! The fewest traces that expose all mutants.

use std::collections::BTreeSet;

use audit::cover::{greedy, smallest, without_spares};

fn kills(traces: &[&[usize]]) -> Vec<BTreeSet<usize>> {
    traces
        .iter()
        .map(|kills| kills.iter().copied().collect())
        .collect()
}

#[test]
fn greed_drops_what_became_needless() {
    // The first is taken first, and the other two do without it.
    let kills = kills(&[&[1, 2, 3, 4], &[1, 2, 5], &[3, 4, 6]]);
    assert_eq!(greedy(&kills, 1), [1, 2]);
}

#[test]
fn of_equal_traces_the_first_is_taken() {
    assert_eq!(greedy(&kills(&[&[1], &[1, 2], &[1, 2], &[]]), 1), [1]);
}

#[test]
fn every_mutant_can_be_wanted_twice() {
    let kills = kills(&[&[1, 2], &[1, 2], &[1, 2], &[3]]);
    assert_eq!(greedy(&kills, 2), [0, 1, 3]);
    assert_eq!(without_spares(&kills, &[0, 1, 2, 3], 2), [0, 1, 3]);
}

#[test]
fn the_search_finds_what_greed_does_not() {
    // Greed takes 0, 1 and 2, none of which is needless then.
    let kills = kills(&[
        &[1, 2, 3, 4, 8, 9, 10, 11],
        &[5, 6, 12, 13],
        &[7, 14],
        &[1, 2, 3, 4, 5, 6, 7],
        &[8, 9, 10, 11, 12, 13, 14],
    ]);
    assert_eq!(greedy(&kills, 1), [0, 1, 2]);
    let cover = smallest(&kills);
    assert_eq!((cover.traces, cover.is_minimum), (vec![3, 4], true));
}

#[test]
fn nothing_to_expose_takes_no_trace() {
    assert!(greedy(&kills(&[&[], &[]]), 1).is_empty());
    assert!(smallest(&[]).traces.is_empty());
}

/// All courses of four traces and three mutants.
#[test]
fn no_smaller_set_exposes_the_same() {
    for number in 0..8_usize.pow(4) {
        let kills: Vec<BTreeSet<usize>> = (0..4)
            .map(|trace| {
                let bits = number / 8_usize.pow(trace) % 8;
                (0..3).filter(|mutant| bits >> mutant & 1 == 1).collect()
            })
            .collect();
        let all: BTreeSet<usize> = kills.iter().flatten().copied().collect();
        let covers = |traces: &[usize]| {
            let killed: BTreeSet<usize> = traces.iter().flat_map(|&t| &kills[t]).copied().collect();
            killed == all
        };
        let least = (0..16_usize)
            .map(|bits| {
                (0..4)
                    .filter(|trace| bits >> trace & 1 == 1)
                    .collect::<Vec<usize>>()
            })
            .filter(|traces| covers(traces))
            .map(|traces| traces.len())
            .min();
        let cover = smallest(&kills);
        assert!(
            covers(&cover.traces) && covers(&greedy(&kills, 1)),
            "{kills:?}"
        );
        assert_eq!(Some(cover.traces.len()), least, "{kills:?}");
    }
}
