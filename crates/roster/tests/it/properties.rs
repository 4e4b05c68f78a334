//! What must hold of every late policy.

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use proptest::prelude::*;
use roster::cost::{Cents, PerDay};
use roster::late::{Allowance, HandedIn, Late, LatePolicy, MarkedLate, Worth};
use roster::moment;

/// Ten days before clocks are turned in Berlin, in spring and in autumn, in seconds.
const STARTS: [i64; 2] = [1_773_882_000, 1_792_026_000];

/// Twenty days, in seconds.
const WINDOW: i64 = 20 * 86_400;

fn per_day() -> impl Strategy<Value = PerDay> {
    prop_oneof![
        (0..=10_000_i64).prop_map(|share| PerDay::OfMaximum(Cents(share))),
        (0..=10_000_i64).prop_map(|share| PerDay::OfPoints(Cents(share))),
        (0..=5_000_i64).prop_map(|points| PerDay::Points(Cents(points))),
    ]
}

fn zone() -> impl Strategy<Value = TimeZone> {
    let names = [
        "Europe/Berlin",
        "America/New_York",
        "Australia/Lord_Howe",
        "UTC",
    ];
    let named = prop::sample::select(names.to_vec()).prop_map(|name| moment::zone(name).unwrap());
    prop_oneof![named, Just(TimeZone::fixed(jiff::tz::offset(-7)))]
}

fn policy() -> impl Strategy<Value = LatePolicy> {
    let due = (prop::sample::select(&STARTS[..]), 0..WINDOW);
    let due = due.prop_map(|(start, after)| Timestamp::from_second(start + after).unwrap());
    let marked = [MarkedLate::InTime, MarkedLate::OneDay, MarkedLate::NoPoints];
    (
        due,
        zone(),
        0..7_200_i64,
        0..5_u32,
        per_day(),
        prop::option::of(0..9_i64),
        prop::sample::select(marked.to_vec()),
    )
        .prop_map(
            |(due, zone, grace, slip_days, per_day, closes, marked_late)| LatePolicy {
                due,
                zone,
                grace: grace.seconds(),
                slip_days,
                per_day,
                closes: closes.map(|days| days.days()),
                marked_late,
            },
        )
}

fn worth() -> impl Strategy<Value = Worth> {
    (0..=10_000_i64, 0..=10_000_i64).prop_map(|(raw, more)| Worth {
        raw: Cents(raw),
        max: Cents(raw + more),
    })
}

/// Seconds around the due date: also before it, and long after.
fn around() -> impl Strategy<Value = i64> {
    prop_oneof![
        -86_400..WINDOW,
        -2..8_000_i64,
        (0..12_i64).prop_map(|day| day * 86_400)
    ]
}

fn handed_in(policy: &LatePolicy, after: i64) -> HandedIn {
    HandedIn {
        at: Some(policy.due + after.seconds()),
        marked_late: false,
    }
}

fn allowance(policy: &LatePolicy, extension: Option<i64>, slip_used: u32) -> Allowance {
    Allowance {
        due: extension.map(|after| policy.due + after.seconds()),
        slip_used,
    }
}

fn is_bounded(late: &Late, worth: Worth) -> bool {
    late.penalty >= Cents(0) && late.penalty <= worth.raw
}

proptest! {
    #[test]
    fn later_is_never_better(
        policy in policy(), worth in worth(), times in (around(), around()),
        own in prop::option::of(around()), slip_used in 0..5_u32,
    ) {
        let own = allowance(&policy, own, slip_used);
        let (early, late) = (times.0.min(times.1), times.0.max(times.1));
        let early = policy.judge(handed_in(&policy, early), own, worth);
        let late = policy.judge(handed_in(&policy, late), own, worth);
        prop_assert!(early.penalty <= late.penalty, "{early:?}\n{late:?}");
        prop_assert!(early.closed <= late.closed);
        prop_assert!(is_bounded(&early, worth) && is_bounded(&late, worth));
    }

    #[test]
    fn more_slip_days_are_never_worse(
        policy in policy(), worth in worth(), after in around(), slip_used in (0..6_u32, 0..6_u32),
    ) {
        let judge = |used| policy.judge(handed_in(&policy, after), allowance(&policy, None, used), worth);
        let (more, fewer) = (judge(slip_used.0.min(slip_used.1)), judge(slip_used.0.max(slip_used.1)));
        prop_assert!(more.penalty <= fewer.penalty, "{more:?}\n{fewer:?}");
    }

    #[test]
    fn no_slip_day_is_used_for_nothing(policy in policy(), worth in worth(), after in around()) {
        let all = policy.judge(handed_in(&policy, after), Allowance::default(), worth);
        prop_assert!(all.slip_days <= policy.slip_days);
        if all.slip_days > 0 {
            // With one day fewer to use, it costs more.
            let left = policy.slip_days - (all.slip_days - 1);
            let fewer = allowance(&policy, None, left);
            let fewer = policy.judge(handed_in(&policy, after), fewer, worth);
            prop_assert!(fewer.penalty > all.penalty, "{all:?}\n{fewer:?}");
        }
    }

    #[test]
    fn an_extension_never_hurts(
        policy in policy(), worth in worth(), after in prop::option::of(around()),
        marked_late: bool, own in around(), slip_used in 0..5_u32,
    ) {
        let handed_in = HandedIn {
            at: after.map(|after| policy.due + after.seconds()),
            marked_late,
        };
        let without = policy.judge(handed_in, allowance(&policy, None, slip_used), worth);
        let with = policy.judge(handed_in, allowance(&policy, Some(own), slip_used), worth);
        prop_assert!(with.penalty <= without.penalty, "{with:?}\n{without:?}");
        prop_assert!(with.closed <= without.closed);
    }

    #[test]
    fn a_begun_day_is_a_day_and_no_more(policy in policy(), after in around()) {
        let strict = LatePolicy { slip_days: 0, closes: None, grace: 0.seconds(), ..policy };
        let worth = Worth { raw: Cents(0), max: Cents(0) };
        let late = strict.judge(handed_in(&strict, after), Allowance::default(), worth);
        // By the clock a day has up to an hour more or less, and only once within the window.
        let days = i64::from(late.days);
        prop_assert!(after <= days * 86_400 + 3_600, "{late:?}");
        prop_assert!(days == 0 || after > (days - 1) * 86_400 - 3_600, "{late:?}");
    }

    #[test]
    fn what_is_closed_is_told_by_both(
        policy in policy(), worth in worth(), after in prop::option::of(around()),
        marked_late: bool, own in prop::option::of(around()),
    ) {
        let handed_in = HandedIn {
            at: after.map(|after| policy.due + after.seconds()),
            marked_late,
        };
        let own = allowance(&policy, own, 0);
        let late = policy.judge(handed_in, own, worth);
        prop_assert_eq!(late.closed, policy.is_closed(handed_in, own));
        prop_assert!(!late.closed || late.penalty == worth.raw);
    }
}
