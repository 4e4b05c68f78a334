//! The archive that Gradescope grades with.
