//! Where works come from.

use std::fs;

use works::recording::read;
use works::scan::scan;
use works::work::{Access, Reference};
use works::zipf::zipf;

#[test]
fn the_same_seed_gives_the_same_references() {
    assert_eq!(zipf(100, 10, 1_000, 7), zipf(100, 10, 1_000, 7));
    assert_ne!(zipf(100, 10, 1_000, 7), zipf(100, 10, 1_000, 8));
}

/// Of n pages the most used has 1 / H(n) of all references, and the k-th 1 / k of its.
#[test]
fn the_second_page_is_used_half_as_often_as_the_first() {
    let work = zipf(1_000, 10, 100_000, 1);
    let mut counts = vec![0_u32; 1_000];
    for reference in work.references() {
        counts[reference.page as usize] += 1;
    }
    counts.sort_unstable_by(|a, b| b.cmp(a));
    let harmonic: f64 = (1..=1_000).map(|k| 1.0 / f64::from(k)).sum();
    let expected = |k: f64| 100_000.0 / harmonic / k;
    for k in 1..=4 {
        let (seen, expected) = (f64::from(counts[k - 1]), expected(k as f64));
        assert!(
            (seen / expected - 1.0).abs() < 0.05,
            "{k}: {seen}, {expected}"
        );
    }
}

#[test]
fn a_scan_goes_through_all_pages_again_and_again() {
    let pages: Vec<u32> = scan(3, 2, 2).references().map(|seen| seen.page).collect();
    assert_eq!(pages, [0, 1, 2, 0, 1, 2]);
}

#[test]
fn the_beginning_of_a_work_is_of_its_first_round() {
    let pages = |count| {
        let work = scan(3, 2, 2).beginning(count);
        work.references().map(|seen| seen.page).collect::<Vec<_>>()
    };
    assert_eq!(pages(2), [0, 1]);
    assert_eq!(pages(9), [0, 1, 2]);
}

#[test]
fn pages_of_a_log_are_numbered_by_address_and_two_at_once_are_two() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    fs::write(
        &log,
        "==7== Lackey\n==7== Command: true\n==7== \n\
         I  04001000,3\n S 1ffefff000,8\n L 04005ffc,8\n M 04001008,4\n",
    )
    .unwrap();
    let seen = |page, access| Reference { page, access };
    let work = read(log, 50, 1).unwrap();
    assert_eq!(work.pages, 4);
    assert_eq!(
        work.round,
        [
            seen(0, Access::Exec),
            seen(3, Access::Write),
            seen(1, Access::Read),
            seen(2, Access::Read),
            seen(0, Access::Write),
        ]
    );
}
