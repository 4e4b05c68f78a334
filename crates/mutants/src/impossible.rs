//! Mistakes that the compiler does not let a student write.
//!
//! Each is an attempt to make the mistake, in a file of `impossible/`, and the
//! error that stops it.

/// An attempt, and what the compiler says to it.
#[derive(Clone, Copy, Debug)]
pub struct Impossible {
    /// Its number in the catalogue of mistakes.
    pub id: &'static str,
    /// What would be wrong.
    pub mistake: &'static str,
    /// The file of the student's that the attempt stands for, such as `lab5.rs`.
    pub file: &'static str,
    /// The attempt: that file.
    pub source: &'static str,
    /// The compiler's error code, such as `E0382`.
    pub error: &'static str,
}

/// All of them.
pub const IMPOSSIBLE: &[Impossible] = &[];
