//! The harness's own blind spots.
