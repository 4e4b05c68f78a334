//! What course systems export, as attempts of students.
//!
//! - [`attempt`]: what is handed on to be graded

pub mod attempt;
