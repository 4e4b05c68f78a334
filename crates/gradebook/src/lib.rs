//! What every attempt was graded with and came to, in SQLite.
//!
//! In reading order:
//!
//! - [`book`]: one file, and whoever has it open; `lock` and `schema` are what that needs
//! - [`error`]: why a book cannot be used
//! - [`key`]: what a result depends on
//! - [`shard`]: a part of a class
//! - [`sittings`]: under which conditions which class was graded
//! - [`entry`]: what stands in a book of one attempt
//! - [`attempts`], [`gradings`]: how it comes to stand there; `stored` has its form
//! - [`grade`]: a class, graded into a book; `parallel`, several at a time
//! - [`rules`]: what a course decides, and which attempt counts; [`best`], where that is
//!   known when all are graded
//! - [`course`]: with which class.toml a class was graded
//! - [`overlay`]: what people say of a grade; [`sayings`] is how it comes to stand there
//! - [`standing`]: what a student gets; [`standings`], what all get
//! - [`shown`]: the class as reports read it, one submission after the other
//! - [`dossier`]: all that a book knows of one student's grade; [`explanation`], how it is
//!   told, and [`told`], where
//! - [`canonical`]: a book as text that can be compared; [`merge`]: several books as one
//! - [`moved`]: who has other points than before, and why

pub mod book;
pub mod error;
mod lock;
mod schema;

pub mod key;
pub mod shard;

pub mod sittings;

pub mod attempts;
pub mod entry;
pub mod gradings;
mod stored;

pub mod grade;
mod parallel;

pub mod best;
pub mod course;
pub mod overlay;
pub mod rules;
pub mod sayings;
pub mod shown;
pub mod standing;
pub mod standings;

pub mod dossier;
pub mod explanation;
pub mod told;

pub mod moved;

pub mod canonical;
pub mod merge;
