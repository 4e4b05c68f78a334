//! The files that are handed in: what whoever packs a submission and whoever takes it in
//! must agree on.

/// Where a submission may have its files: handed in flat, as a crate, or as the whole
/// workspace of the handout.
pub const PLACES: [&str; 3] = ["", "src", "labs/skeleton/src"];

/// The handler files: `lab1.rs` to `lab8.rs`.
pub const HANDLER_FILES: [&str; 8] = [
    "lab1.rs", "lab2.rs", "lab3.rs", "lab4.rs", "lab5.rs", "lab6.rs", "lab7.rs", "lab8.rs",
];

/// A replacement policy of the student's own: for the leaderboard, and for no points.
pub const POLICY_FILE: &str = "policy.rs";

/// The predictions of lab 1.
pub const PREDICTIONS: &str = "predict.toml";

/// The trace of lab 8 that shows Belady's anomaly.
pub const BELADY_TRACE: &str = "belady.trace";

/// The ending of the traces of labs 8 and 9.
pub const TRACE_ENDING: &str = ".trace";

/// The largest file that is taken, in bytes. A lab's file is a few KiB; what the
/// compiler is given a thousand times as much of, it takes minutes for.
pub const SOURCE_BYTES_MAX: u64 = 256 << 10;

/// Lines of a source file, most of which the compiler may complain about.
pub const SOURCE_LINES_MAX: usize = 5_000;

/// Files of exercises that are taken from a submission; more are ignored.
pub const ATTACHMENTS_MAX: usize = 40;

/// Bytes of the name of a source file or trace, which is shown in many places.
pub const SOURCE_NAME_BYTES_MAX: usize = 100;

/// Whether the compiler gets a file of this name.
pub fn is_code(name: &str) -> bool {
    HANDLER_FILES.contains(&name) || name == POLICY_FILE
}

/// Whether a file of this name counts.
pub fn counts(name: &str) -> bool {
    is_code(name) || name == PREDICTIONS || name.ends_with(TRACE_ENDING)
}

/// The text of a file.
///
/// # Errors
///
/// If it is not taken: why.
pub fn text_of<'a>(name: &str, bytes: &'a [u8]) -> Result<&'a str, String> {
    if bytes.len() as u64 > SOURCE_BYTES_MAX {
        return Err(too_large());
    }
    if let Some(at) = bytes.iter().position(|byte| *byte == 0) {
        return Err(format!("a NUL byte at byte {at}"));
    }
    let text = std::str::from_utf8(bytes)
        .map_err(|error| format!("not UTF-8 at byte {}", error.valid_up_to()))?;
    // The compiler is slow where there are many lines; nobody compiles a trace.
    if is_code(name) && text.lines().count() > SOURCE_LINES_MAX {
        return Err(format!("more than {SOURCE_LINES_MAX} lines"));
    }
    Ok(text)
}

/// Why a file is not read to its end.
pub fn too_large() -> String {
    format!("more than {SOURCE_BYTES_MAX} bytes")
}
