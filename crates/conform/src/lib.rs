//! Does the kit do what Linux does?
pub mod compare;
pub mod screen;
pub mod shrink;
pub mod twin;
