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
