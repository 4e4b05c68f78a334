//! Durations and counts, for people.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::SignedDuration;
use jiff::fmt::friendly::SpanPrinter;

/// Below this, parts of a second matter.
const TENTHS_BELOW: Duration = Duration::from_secs(10);

/// A duration: `1m 20s`, or `1.5s`.
pub fn duration(duration: Duration) -> String {
    if duration < TENTHS_BELOW {
        return format!("{:.1}s", duration.as_secs_f64());
    }
    let whole = i64::try_from(duration.as_secs()).unwrap_or(i64::MAX);
    SpanPrinter::new().duration_to_string(&SignedDuration::from_secs(whole))
}

/// Milliseconds, as a duration.
pub fn millis(millis: u64) -> String {
    duration(Duration::from_millis(millis))
}

/// How many came to what: `290 graded, 10 refused`.
pub fn outcomes(outcomes: &BTreeMap<String, u64>) -> String {
    let parts: Vec<String> = outcomes
        .iter()
        .map(|(outcome, count)| format!("{count} {outcome}"))
        .collect();
    parts.join(", ")
}
