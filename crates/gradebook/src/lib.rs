//! What every attempt was graded with and came to, in SQLite.

pub mod overlay;
pub mod rules;
pub mod standing;
