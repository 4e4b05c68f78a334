//! The labs' handouts as a book, and the commands in them as sessions that tests run.
//!
//! - [`console`]: sessions at a terminal, as a text shows them
//! - [`assemble`]: the handouts, put together as the source of an mdBook

pub mod assemble;
pub mod console;
