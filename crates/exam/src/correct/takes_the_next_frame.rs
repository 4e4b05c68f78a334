//! `grader/shortcuts/takes-the-next-frame`.

#[path = "../../../../grader/shortcuts/takes-the-next-frame/lab8.rs"]
mod lab8;

use solution::{lab1, lab2, lab3, lab4, lab5, lab6, lab7};

/// Its methods.
pub(crate) struct TakesTheNextFrame;

vmsim::handlers_from_labs!(TakesTheNextFrame);
