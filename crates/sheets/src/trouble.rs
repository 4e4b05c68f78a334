//! Why a sheet cannot be filled in.

/// Why a sheet cannot be filled in, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// It is in another encoding.
    #[error(
        "line {line}: this is no UTF-8\nhelp: export the sheet anew, as UTF-8; a spreadsheet may have changed it"
    )]
    NoUtf8 {
        /// The line.
        line: usize,
    },
    /// Nothing is in it.
    #[error("the sheet has no rows\nhelp: export it anew")]
    Empty,
    /// It is another one.
    #[error("this is no {system}: {why}\nhelp: {help}")]
    OtherSheet {
        /// What was expected.
        system: &'static str,
        /// What is missing.
        why: String,
        /// What to do.
        help: String,
    },
    /// The column for the points is not one.
    #[error("{what}\nhelp: {help}")]
    Column {
        /// Why.
        what: String,
        /// What to do.
        help: String,
    },
    /// Points cannot be turned into points of the course system.
    #[error(
        "the sheet does not say how many points there are, so that nothing can be scaled\nhelp: {0}"
    )]
    NoMaximum(&'static str),
}
