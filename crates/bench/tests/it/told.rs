//! Tables and pictures of what was measured.

use bench::growth::measure::{Point, Unit};
use bench::growth::operation::Operation;
use bench::growth::setting::Dimension;
use bench::{picture, table};

/// Each operation takes a hundred nanoseconds at first, and twice that at each next size.
fn doubling() -> Vec<Point> {
    let of = |operation| {
        let sizes = Dimension::Vmas.sizes().iter().zip(0..);
        sizes.map(move |(&size, times)| Point {
            operation,
            size,
            cost: 100.0 * f64::from(1 << times),
        })
    };
    Operation::ALL.into_iter().flat_map(of).collect()
}

#[test]
fn a_table_tells_times_and_how_much_more_the_last_is() {
    let text = table::markdown(Unit::Nanoseconds, &doubling());
    let mut lines = text.lines();
    assert_eq!(
        lines.next(),
        Some("| nanoseconds | 1 | 10 | 100 | 1,000 | 10,000 | growth |")
    );
    assert_eq!(lines.next(), Some("|---|---:|---:|---:|---:|---:|---:|"));
    assert_eq!(
        lines.next(),
        Some("| hit | 100 | 200 | 400 | 800 | 1,600 | 16.0 |")
    );
    assert_eq!(lines.count(), Operation::ALL.len() - 1);
}

#[test]
fn names_with_commas_are_one_field() {
    let points: Vec<Point> = table::of(Operation::SwapIn, &doubling())
        .take(1)
        .copied()
        .collect();
    let mut out = Vec::new();
    table::csv(&mut out, Unit::Nanoseconds, &[(Dimension::Vmas, points)])
        .expect("memory takes everything");
    let expected = "dimension,size,operation,nanoseconds\nvmas,1,\"swap-in, evicting\",100.0\n";
    assert_eq!(String::from_utf8(out).expect("a text"), expected);
}

#[test]
fn thousands_are_apart() {
    assert_eq!(table::thousands(7), "7");
    assert_eq!(table::thousands(1_000), "1,000");
    assert_eq!(table::thousands(1_020_304), "1,020,304");
}

#[test]
fn a_picture_names_everything_and_can_be_read_by_night() {
    let svg =
        picture::svg(Dimension::Vmas, Unit::Nanoseconds, &doubling()).expect("it can be drawn");
    let document = roxmltree::Document::parse(&svg).expect("an SVG is XML");
    let texts: Vec<&str> = document
        .descendants()
        .filter(|node| node.has_tag_name("text"))
        .filter_map(|node| node.text())
        .map(str::trim)
        .collect();
    for operation in Operation::ALL {
        assert!(texts.contains(&operation.name()), "{texts:?}");
    }
    assert!(texts.contains(&Dimension::Vmas.axis()), "{texts:?}");
    assert!(svg.contains("prefers-color-scheme: dark"));
}
