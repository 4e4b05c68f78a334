//! Nothing here asks what time it is.

use std::fs;
use std::path::Path;

/// What asks a clock, or the machine for its time zone.
const CLOCKS: [&str; 6] = [
    "now(",
    "SystemTime",
    "Instant",
    "::system(",
    "tz::db(",
    "elapsed(",
];

#[test]
fn no_source_reads_a_clock_or_the_machines_time_zone() {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut read = 0;
    for entry in fs::read_dir(sources).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        for clock in CLOCKS {
            assert!(!text.contains(clock), "{} has `{clock}`", path.display());
        }
        read += 1;
    }
    assert!(read >= 9, "{read} sources are not all");
}
