//! Points to the hundredth, and what a day costs.

use roster::cost::{Cents, PerDay};

fn cents(text: &str) -> Cents {
    text.parse().unwrap()
}

/// `10%, 3 days, 71.5 of 100` → what that costs.
fn cost(per_day: &str, days: u32, raw: &str, max: &str) -> String {
    let per_day: PerDay = per_day.parse().unwrap();
    per_day.cost(days, cents(raw), cents(max)).to_string()
}

#[test]
fn every_hundredth_is_read_and_written() {
    for number in -1_100..=1_100 {
        let number = Cents(number);
        assert_eq!(number.to_string().parse(), Ok(number));
        assert_eq!(Cents::of(number.points()), number);
        assert!(number.0 != 0 || number.points().is_sign_positive(), "no -0");
    }
}

#[test]
fn points_are_written_with_as_few_decimals_as_they_need() {
    let written = [0, 1, 10, 100, 250, 1_025, -5, -150].map(|number| Cents(number).to_string());
    assert_eq!(
        written,
        ["0", "0.01", "0.1", "1", "2.5", "10.25", "-0.05", "-1.5"]
    );
}

#[test]
fn what_people_write_as_points_is_read() {
    for (text, expected) in [
        ("+2.5", 250),
        ("-0.25", -25),
        ("12", 1_200),
        (".5", 50),
        ("3.", 300),
        ("-0", 0),
    ] {
        assert_eq!(text.parse(), Ok(Cents(expected)), "{text}");
    }
    for text in [
        "",
        "+",
        ".",
        "1.234",
        "1,5",
        "1e3",
        "--1",
        "+-1",
        "NaN",
        "1 000",
        "9999999999",
    ] {
        assert!(text.parse::<Cents>().is_err(), "{text}");
    }
}

#[test]
fn a_half_of_a_hundredth_is_a_whole_one() {
    for (points, expected) in [
        (0.125, 13),
        (-0.125, -12),
        (1.005, 101),
        (2.675, 268),
        (0.124, 12),
        (-0.0, 0),
        (-0.001, 0),
        (f64::NAN, 0),
    ] {
        assert_eq!(Cents::of(points), Cents(expected), "{points}");
    }
}

#[test]
fn a_day_costs_a_share_of_the_maximum_or_of_the_points_or_points() {
    assert_eq!(cost("10%", 1, "71.5", "100"), "10");
    assert_eq!(cost("10 % of max", 3, "71.5", "100"), "30");
    assert_eq!(cost("10% of points", 1, "71.5", "100"), "7.15");
    assert_eq!(cost("10% of points", 10, "71.5", "100"), "71.5");
    assert_eq!(cost("2.5 points", 3, "71.5", "100"), "7.5");
    assert_eq!(cost("0%", 40, "71.5", "100"), "0");
    assert_eq!(cost("0.5%", 1, "71.5", "100"), "0.5");
}

#[test]
fn never_more_is_taken_than_there_is() {
    assert_eq!(cost("10%", 8, "71.5", "100"), "71.5");
    assert_eq!(cost("50% of points", 3, "71.5", "100"), "71.5");
    assert_eq!(cost("99999 points", u32::MAX, "0", "100"), "0");
    assert_eq!(cost("100%", u32::MAX, "0.01", "100"), "0.01");
    assert_eq!(
        cost("10%", 1, "-3", "100"),
        "0",
        "nothing is taken of less than nothing"
    );
}

#[test]
fn half_of_a_hundredth_is_the_students() {
    // 10 % of 87.35 is 8.735, so that 41.265 of 50 are left: 41.27.
    assert_eq!(cost("10%", 1, "50", "87.35"), "8.73");
    assert_eq!(cost("10%", 1, "50", "87.36"), "8.74");
    assert_eq!(cost("10%", 2, "50", "87.35"), "17.47");
    // 0.5 % of 0.99 is 0.00495, of 1.01 is 0.00505.
    assert_eq!(cost("0.5%", 1, "1", "0.99"), "0");
    assert_eq!(cost("0.5%", 1, "1", "1.01"), "0.01");
}

#[test]
fn what_does_not_say_what_a_day_costs_is_refused() {
    for text in [
        "",
        "10",
        "ten %",
        "-10%",
        "101%",
        "10% of everything",
        "10.123%",
        "-1 points",
        "points",
        "10%%",
    ] {
        assert!(text.parse::<PerDay>().is_err(), "{text}");
    }
}
