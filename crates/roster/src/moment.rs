//! Times and spans as people write them, and time zones.
//!
//! The zones are those that the kit was built with, not those of the machine: a grade must
//! not depend on which computer it is asked for.

use jiff::civil::DateTime;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use jiff::{Span, Timestamp, ZonedDateTime};

/// What was written is no time, no span or no zone.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}\nhelp: {help}")]
pub struct NoMoment {
    /// What is wrong.
    pub what: String,
    /// What to write.
    pub help: String,
}

fn no_moment<T>(what: String, help: &str) -> Result<T, NoMoment> {
    Err(NoMoment {
        what,
        help: help.to_owned(),
    })
}

/// A zone by its name, `Europe/Berlin`.
///
/// # Errors
///
/// If there is none of the name.
pub fn zone(name: &str) -> Result<TimeZone, NoMoment> {
    TimeZoneDatabase::bundled().get(name).or_else(|_| {
        no_moment(
            format!("there is no time zone `{name}`"),
            "continent and city, as in `Europe/Berlin` or `America/New_York`, or `UTC`",
        )
    })
}

/// A time: with an offset, `2026-11-20T23:59:00+01:00`, or without, as a clock shows it in
/// the zone.
///
/// # Errors
///
/// If it is none, has no offset where there is no zone, or is a time that the zone's clocks
/// show never or twice, when they are turned forward or back.
pub fn read(text: &str, zone: Option<&TimeZone>) -> Result<Timestamp, NoMoment> {
    if let Ok(timestamp) = text.parse::<Timestamp>() {
        return Ok(timestamp);
    }
    let has_time = text.contains(':');
    let Some(local) = text.parse::<DateTime>().ok().filter(|_| has_time) else {
        return no_moment(
            format!("`{text}` is no time"),
            "date and time of day, as in `2026-11-20T23:59:00+01:00`",
        );
    };
    let Some(zone) = zone else {
        return no_moment(
            format!("`{text}` does not say of which time zone"),
            "add the offset, as in `2026-11-20T23:59:00+01:00`, or say `timezone = \
             \"Europe/Berlin\"` in class.toml",
        );
    };
    let ambiguous = zone.to_ambiguous_timestamp(local);
    ambiguous.unambiguous().or_else(|_| {
        no_moment(
            format!("clocks are turned at `{text}`: they show it twice, or never"),
            "add the offset that is meant, as in `2026-10-25T02:30:00+02:00`",
        )
    })
}

/// A span: `15m`, `36h`, `7d`, `1d 12h`. Days and weeks are those of a calendar.
///
/// # Errors
///
/// If it is none, goes back in time, or has months in it, whose length nobody can say.
pub fn span(text: &str) -> Result<Span, NoMoment> {
    let help = "a number with a unit, as in `15m`, `36h`, `7d` or `1d 12h`";
    let Ok(span) = text.parse::<Span>() else {
        return no_moment(format!("`{text}` is no span of time"), help);
    };
    if span.is_negative() || span.get_years() != 0 || span.get_months() != 0 {
        return no_moment(
            format!("`{text}` is no span of minutes, hours and days"),
            help,
        );
    }
    Ok(span)
}

/// A time as a student reads it: `2026-11-20 23:59 CET`, with seconds where there are any.
pub fn shown(moment: &ZonedDateTime) -> String {
    let format = match (moment.second(), moment.time_zone().iana_name()) {
        (0, Some(_)) => "%Y-%m-%d %H:%M %Z",
        (0, None) => "%Y-%m-%d %H:%M %:z",
        (_, Some(_)) => "%Y-%m-%d %H:%M:%S %Z",
        (_, None) => "%Y-%m-%d %H:%M:%S %:z",
    };
    moment.strftime(format).to_string()
}

/// The days after a time, as a calendar counts them: at the same time of day, also where
/// clocks are turned in between.
///
/// A time that no clock can show is so far away that it is never reached: the last one.
pub fn after(moment: &ZonedDateTime, span: Span) -> Timestamp {
    let later = moment.checked_add(span);
    later.map_or(Timestamp::MAX, |later| later.timestamp())
}
