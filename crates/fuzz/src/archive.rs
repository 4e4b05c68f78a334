//! Archives: whatever comes back keeps to the limits.

use course::handed_in::SOURCE_BYTES_MAX;
use grader::intake::archive::{Kind, read};
use grader::intake::limits::ENTRIES_MAX;

/// Reads any bytes as an archive of a kind.
///
/// # Panics
///
/// If more comes back than may, or a name that leads out of the archive.
pub fn keeps_to_the_limits(bytes: &[u8], kind: Kind) {
    let Ok(files) = read(bytes, kind) else {
        return;
    };
    assert!(files.len() as u64 <= ENTRIES_MAX as u64);
    for (name, content) in files {
        assert!(content.len() as u64 <= SOURCE_BYTES_MAX, "{name}");
        let is_plain = |part: &str| !matches!(part, "" | "." | "..");
        assert!(name.split('/').all(is_plain), "{name:?}");
        assert!(!name.contains(['\\', ':', '\0']), "{name:?}");
    }
}
