//! The text form, which people read and write.
//!
//! In reading order: `lines` cuts a file into lines, `scan` a line into words,
//! `number` and `words` say what a word means, `statement` which words make an
//! event, `plain` reads the commonest lines in a hurry, and [`parser`] gives the
//! events out. [`mod@print`] goes the way back.

pub mod parser;
pub mod print;

mod lines;
mod nearest;
mod number;
mod plain;
mod scan;
mod statement;
mod words;
