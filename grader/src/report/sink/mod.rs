//! One function for each place that text of a student's may end up in.
//!
//! A submission's name, the names of its files, what the compiler quotes of it, what
//! it panics with and what it claims to have observed are written by somebody else. All
//! of it goes through the module of the place that it is written to, and there is no
//! other way into a report:
//!
//! - [`visible`]: what all have in common: nothing hides, and nothing is a command
//! - [`terminal`]: lines and cells of bounded length
//! - [`csv`]: cells that no spreadsheet computes
//! - [`xml`]: attributes and bodies that every parser takes
//! - [`html`]: a page without hidden letters, and its content security policy
//! - [`markdown`]: code, which is the only thing that Markdown leaves alone
//! - [`workflow`]: commands of CI systems, and text that is none
//! - [`json`]: JSON that can be looked at in a terminal, and says the same

pub mod visible;

pub mod csv;
pub mod html;
pub mod json;
pub mod markdown;
pub mod terminal;
pub mod workflow;
pub mod xml;
