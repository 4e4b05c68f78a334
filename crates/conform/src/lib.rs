//! Does the kit do what Linux does?
pub mod compare;
pub mod twin;
