//! Times as course systems write them.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// A time without a zone, in any of the ways that names and tables have.
const CIVIL: [&str; 5] = [
    "%Y-%m-%d-%H-%M-%S",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d_%H-%M-%S",
    "%Y%m%d-%H%M%S",
];

/// A time, with its zone or without, or seconds since 1970.
pub fn any(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(seconds) = text.parse::<i64>() {
        return Timestamp::from_second(seconds).ok();
    }
    with_zone(text).or_else(|| {
        let mut read = CIVIL.iter().filter_map(|form| civil(form, text, zone));
        read.next()
    })
}

/// A time with its zone: RFC 3339, or as Ruby writes it, with a space before the zone.
pub fn with_zone(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let glued = match text.rsplit_once(' ') {
        Some((time, zone)) if zone == "Z" || zone == "UTC" => format!("{time}Z"),
        Some((time, zone)) if zone.starts_with(['+', '-']) => format!("{time}{zone}"),
        _ => text.to_owned(),
    };
    glued.parse().ok()
}

/// A time of this form, in this zone.
pub fn civil(form: &str, text: &str, zone: &TimeZone) -> Option<Timestamp> {
    let time = DateTime::strptime(form, text).ok()?;
    zone.to_timestamp(time).ok()
}

/// `Nov 20, 2026 903 PM`.
pub fn brightspace(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    let mut words = text.split_whitespace();
    let (month, day, year) = (words.next()?, words.next()?, words.next()?);
    let (clock, half) = (words.next()?, words.next()?);
    let clock = clock.replace(':', "");
    let text = format!("{month} {day} {year} {clock:0>4} {half}");
    civil("%b %d, %Y %I%M %p", &text, zone)
}
