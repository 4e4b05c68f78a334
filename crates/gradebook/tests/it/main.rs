//! The gradebook.

mod overlay;
mod rules;
mod standing;
