//! How the cost of an operation grows with what there is besides.
//!
//! [`Setting`](setting::Setting) says how much there is of what; an
//! [`Operation`](operation::Operation) makes a plan for it; [`measure`] tells what it
//! took.

pub mod crowd;
pub mod measure;
pub mod operation;
pub mod setting;
