//! How late a hand-in is, and what that costs: tables made by hand.

use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use roster::cost::Cents;
use roster::late::{Allowance, HandedIn, Late, LatePolicy, MarkedLate, Worth};
use roster::moment;

/// Due on a Friday at 23:59 in Berlin, a quarter of an hour of grace, three slip days, 10 %
/// a day, closed after a week.
fn policy() -> LatePolicy {
    LatePolicy {
        due: "2026-11-20T23:59:00+01:00".parse().unwrap(),
        zone: moment::zone("Europe/Berlin").unwrap(),
        grace: moment::span("15m").unwrap(),
        slip_days: 3,
        per_day: "10%".parse().unwrap(),
        closes: Some(moment::span("7d").unwrap()),
        marked_late: MarkedLate::OneDay,
    }
}

/// The policy without slip days and grace, due at this time.
fn strict(due: &str, zone: TimeZone) -> LatePolicy {
    LatePolicy {
        due: due.parse().unwrap(),
        zone,
        grace: Span::new(),
        slip_days: 0,
        closes: None,
        ..policy()
    }
}

const WORTH: Worth = Worth {
    raw: Cents(7_150),
    max: Cents(10_000),
};

fn at(policy: &LatePolicy, time: &str, allowance: Allowance) -> Late {
    let handed_in = HandedIn {
        at: Some(time.parse().unwrap()),
        marked_late: false,
    };
    policy.judge(handed_in, allowance, WORTH)
}

fn used(slip_used: u32) -> Allowance {
    Allowance {
        due: None,
        slip_used,
    }
}

fn until(due: &str) -> Allowance {
    Allowance {
        due: Some(due.parse().unwrap()),
        slip_used: 0,
    }
}

/// `seconds days slip penalty`.
fn numbers(late: &Late) -> String {
    let closed = if late.closed { " closed" } else { "" };
    format!(
        "{} {} {} {}{closed}",
        late.seconds, late.days, late.slip_days, late.penalty
    )
}

#[test]
fn a_begun_day_is_a_day_after_grace() {
    let policy = policy();
    for (time, expected) in [
        ("2026-11-01T00:00:00+01:00", "0 0 0 0"),
        ("2026-11-20T23:59:00+01:00", "0 0 0 0"),
        ("2026-11-20T23:59:01+01:00", "1 0 0 0"),
        ("2026-11-21T00:14:00+01:00", "900 0 0 0"),
        ("2026-11-21T00:14:01+01:00", "901 0 1 0"),
        ("2026-11-22T00:14:00+01:00", "87300 0 1 0"),
        ("2026-11-22T00:14:01+01:00", "87301 0 2 0"),
        ("2026-11-24T00:14:00+01:00", "260100 0 3 0"),
        ("2026-11-24T00:14:01+01:00", "260101 1 3 10"),
        ("2026-11-28T00:14:00+01:00", "605700 4 3 40"),
        ("2026-11-28T00:14:01+01:00", "605701 8 0 71.5 closed"),
        ("2027-11-28T00:14:01+01:00", "32141701 373 0 71.5 closed"),
    ] {
        assert_eq!(numbers(&at(&policy, time, used(0))), expected, "{time}");
    }
}

#[test]
fn half_a_second_late_is_late() {
    let policy = strict("2026-11-20T22:59:00Z", TimeZone::UTC);
    let late = at(&policy, "2026-11-20T22:59:00.5Z", used(0));
    assert_eq!(numbers(&late), "0 1 0 10");
    assert!(
        late.because
            .starts_with("handed in less than a second after "),
        "{}",
        late.because
    );
}

#[test]
fn slip_days_that_are_gone_help_nobody() {
    let policy = policy();
    let two_days_and_three_hours = "2026-11-23T02:59:00+01:00";
    for (slip_used, expected) in [
        (0, "183600 0 3 0"),
        (1, "183600 1 2 10"),
        (2, "183600 2 1 20"),
        (3, "183600 3 0 30"),
        (9, "183600 3 0 30"),
    ] {
        let late = at(&policy, two_days_and_three_hours, used(slip_used));
        assert_eq!(numbers(&late), expected, "{slip_used} used");
    }
}

#[test]
fn as_few_slip_days_are_used_as_make_it_cheapest() {
    let policy = policy();
    let five_days_late = HandedIn {
        at: Some("2026-11-25T12:00:00+01:00".parse().unwrap()),
        marked_late: false,
    };
    // Begun days: 5. Two that are left cost 20, three 30, four 40, five 50.
    for (raw, slip, penalty) in [
        (7_150, 3, 2_000),
        (2_001, 3, 2_000),
        (2_000, 0, 2_000),
        (500, 0, 500),
        (0, 0, 0),
    ] {
        let worth = Worth {
            raw: Cents(raw),
            ..WORTH
        };
        let late = policy.judge(five_days_late, used(0), worth);
        assert_eq!(
            (late.slip_days, late.penalty),
            (slip, Cents(penalty)),
            "{raw}"
        );
    }
    let free = LatePolicy {
        per_day: "0%".parse().unwrap(),
        ..policy
    };
    let late = free.judge(five_days_late, used(0), WORTH);
    assert_eq!(
        numbers(&late),
        "388860 5 0 0",
        "what costs nothing needs no slip days"
    );
}

#[test]
fn an_extension_moves_everything_and_never_back() {
    let policy = policy();
    let monday = until("2026-11-23T12:00:00+01:00");
    for (time, expected) in [
        ("2026-11-23T12:00:00+01:00", "0 0 0 0"),
        ("2026-11-23T12:15:00+01:00", "900 0 0 0"),
        ("2026-11-23T12:15:01+01:00", "901 0 1 0"),
        ("2026-11-30T12:15:00+01:00", "605700 4 3 40"),
        ("2026-11-30T12:15:01+01:00", "605701 8 0 71.5 closed"),
    ] {
        assert_eq!(numbers(&at(&policy, time, monday)), expected, "{time}");
    }
    let earlier = until("2026-11-19T12:00:00+01:00");
    assert_eq!(
        numbers(&at(&policy, "2026-11-20T23:59:00+01:00", earlier)),
        "0 0 0 0"
    );
}

#[test]
fn a_day_ends_at_the_same_time_of_day_where_clocks_are_turned() {
    let berlin = moment::zone("Europe/Berlin").unwrap();
    // The last Sunday of October has 25 hours, that of March has 23.
    let autumn = strict("2026-10-24T23:59:00+02:00", berlin.clone());
    let spring = strict("2026-03-28T23:59:00+01:00", berlin.clone());
    for (policy, time, expected) in [
        (&autumn, "2026-10-25T23:59:00+01:00", "90000 1 0 10"),
        (&autumn, "2026-10-25T23:59:01+01:00", "90001 2 0 20"),
        (&spring, "2026-03-29T23:59:00+02:00", "82800 1 0 10"),
        (&spring, "2026-03-29T23:59:01+02:00", "82801 2 0 20"),
    ] {
        assert_eq!(numbers(&at(policy, time, used(0))), expected, "{time}");
    }
    // 02:30 is no time on that Sunday: the day ends an hour later by the clock.
    let gap = strict("2026-03-28T02:30:00+01:00", berlin);
    for (time, expected) in [
        ("2026-03-29T03:30:00+02:00", "86400 1 0 10"),
        ("2026-03-29T03:30:01+02:00", "86401 2 0 20"),
        ("2026-03-30T02:30:00+02:00", "169200 2 0 20"),
        ("2026-03-30T02:30:01+02:00", "169201 3 0 30"),
    ] {
        assert_eq!(numbers(&at(&gap, time, used(0))), expected, "{time}");
    }
}

#[test]
fn without_a_zone_a_day_has_24_hours() {
    let offset = TimeZone::fixed(jiff::tz::offset(2));
    let policy = strict("2026-10-24T23:59:00+02:00", offset);
    for (time, expected) in [
        ("2026-10-25T22:59:00+01:00", "86400 1 0 10"),
        ("2026-10-25T22:59:01+01:00", "86401 2 0 20"),
    ] {
        let late = at(&policy, time, used(0));
        assert_eq!(numbers(&late), expected, "{time}");
        assert!(
            late.because.contains("after 2026-10-24 23:59 +02:00"),
            "{}",
            late.because
        );
    }
}

#[test]
fn grace_of_hours_is_measured_and_closing_in_hours_too() {
    let policy = LatePolicy {
        grace: moment::span("1h").unwrap(),
        closes: Some(moment::span("36h").unwrap()),
        slip_days: 0,
        ..strict(
            "2026-10-24T23:59:00+02:00",
            moment::zone("Europe/Berlin").unwrap(),
        )
    };
    for (time, expected) in [
        ("2026-10-25T00:59:00+02:00", "3600 0 0 0"),
        ("2026-10-25T00:59:01+02:00", "3601 1 0 10"),
        ("2026-10-26T11:59:00+01:00", "133200 2 0 20"),
        ("2026-10-26T11:59:01+01:00", "133201 2 0 71.5 closed"),
    ] {
        assert_eq!(numbers(&at(&policy, time, used(0))), expected, "{time}");
    }
}

/// A hand-in without a time, which the course system calls late or does not.
fn marked(marked_late: bool, rule: MarkedLate, allowance: Allowance) -> Late {
    let policy = LatePolicy {
        marked_late: rule,
        ..policy()
    };
    let handed_in = HandedIn {
        at: None,
        marked_late,
    };
    let late = policy.judge(handed_in, allowance, WORTH);
    assert_eq!(policy.is_closed(handed_in, allowance), late.closed);
    late
}

#[test]
fn a_mark_without_a_time_is_what_the_course_says() {
    use MarkedLate::{InTime, NoPoints, OneDay};
    for rule in [InTime, OneDay, NoPoints] {
        assert_eq!(numbers(&marked(false, rule, used(3))), "0 0 0 0");
        // The course system measured at a due date that is not the student's.
        let extension = until("2026-11-23T12:00:00+01:00");
        assert_eq!(numbers(&marked(true, rule, extension)), "0 0 0 0");
    }
    assert_eq!(numbers(&marked(true, InTime, used(3))), "0 0 0 0");
    assert_eq!(numbers(&marked(true, OneDay, used(3))), "0 1 0 10");
    assert_eq!(numbers(&marked(true, OneDay, used(2))), "0 0 1 0");
    assert_eq!(
        numbers(&marked(true, NoPoints, used(0))),
        "0 1 0 71.5 closed"
    );
}

#[test]
fn a_time_counts_more_than_a_mark() {
    let handed_in = HandedIn {
        at: Some("2026-11-20T20:00:00Z".parse().unwrap()),
        marked_late: true,
    };
    assert_eq!(
        numbers(&policy().judge(handed_in, used(0), WORTH)),
        "0 0 0 0"
    );
}

#[test]
fn a_student_is_told_every_number() {
    let policy = policy();
    let of_points = LatePolicy {
        per_day: "10% of points".parse().unwrap(),
        ..policy.clone()
    };
    let by_points = LatePolicy {
        per_day: "50 points".parse().unwrap(),
        slip_days: 0,
        ..policy.clone()
    };
    for (policy, time, allowance, expected) in [
        (
            &policy,
            "2026-11-20T21:03:11+01:00",
            used(0),
            "handed in 2026-11-20 21:03:11 CET, due 2026-11-20 23:59 CET: in time",
        ),
        (
            &policy,
            "2026-11-21T00:09:00+01:00",
            used(0),
            "handed in 10 minutes after 2026-11-20 23:59 CET; 15 minutes of grace: in time",
        ),
        (
            &policy,
            "2026-11-21T12:00:00+01:00",
            used(1),
            "handed in 12 hours and 1 minute after 2026-11-20 23:59 CET; 15 minutes of grace; \
             1 slip day used, 1 left; nothing to pay",
        ),
        (
            &policy,
            "2026-11-23T02:59:00+01:00",
            used(1),
            "handed in 2 days and 3 hours after 2026-11-20 23:59 CET; 15 minutes of grace; \
             2 slip days used, 0 left; 1 day late costs 10 % of 100 points: 10 points",
        ),
        (
            &policy,
            "2026-11-23T02:59:01+01:00",
            used(3),
            "handed in 2 days, 3 hours and 1 second after 2026-11-20 23:59 CET; 15 minutes of \
             grace; 0 slip days used, 0 left; 3 days late cost 10 % of 100 points each: 30 points",
        ),
        (
            &policy,
            "2026-11-28T00:14:01+01:00",
            used(0),
            "handed in 7 days, 15 minutes and 1 second after 2026-11-20 23:59 CET; no points for \
             what comes after 2026-11-28 00:14 CET",
        ),
        (
            &policy,
            "2026-11-23T12:00:00+01:00",
            until("2026-11-23T12:00:00+01:00"),
            "handed in 2026-11-23 12:00 CET, due 2026-11-23 12:00 CET, the date of an extension: \
             in time",
        ),
        (
            &policy,
            "2026-11-27T12:00:00+01:00",
            until("2026-11-23T12:00:00+01:00"),
            "handed in 4 days after 2026-11-23 12:00 CET, the date of an extension; 15 minutes \
             of grace; 3 slip days used, 0 left; 1 day late costs 10 % of 100 points: 10 points",
        ),
        (
            &of_points,
            "2026-11-23T02:59:00+01:00",
            used(3),
            "handed in 2 days and 3 hours after 2026-11-20 23:59 CET; 15 minutes of grace; \
             0 slip days used, 0 left; 3 days late cost 10 % of the 71.5 points that it earned \
             each: 21.45 points",
        ),
        (
            &by_points,
            "2026-11-23T02:59:00+01:00",
            used(0),
            "handed in 2 days and 3 hours after 2026-11-20 23:59 CET; 15 minutes of grace; \
             3 days late cost 50 points each, but no more than the 71.5 points that it earned",
        ),
    ] {
        assert_eq!(at(policy, time, allowance).because, expected);
    }
    assert_eq!(
        marked(true, MarkedLate::OneDay, used(3)).because,
        "the course system calls it late and does not say when it was handed in: taken as one \
         day; 0 slip days used, 0 left; 1 day late costs 10 % of 100 points: 10 points"
    );
}

#[test]
fn closing_is_told_as_it_is_judged() {
    let policy = policy();
    let closing = policy.closing_for(used(0)).unwrap();
    assert_eq!(
        closing,
        "2026-11-28T00:14:00+01:00".parse::<Timestamp>().unwrap()
    );
    let open = LatePolicy {
        closes: None,
        ..policy
    };
    assert_eq!(open.closing_for(used(0)), None);
    let years_later = at(&open, "2036-11-20T23:59:00+01:00", used(0));
    assert!(!years_later.closed);
    assert_eq!(years_later.penalty, WORTH.raw);
}
