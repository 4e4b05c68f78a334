//! The labs' handouts as a book, and the commands in them as sessions that tests run.
//!
//! - [`console`]: sessions at a terminal, as a text shows them

pub mod console;
