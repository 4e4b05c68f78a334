//! The trace language.
