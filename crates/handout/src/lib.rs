//! Turns the instructor's workspace into what students receive.
//!
//! # The skeleton
//!
//! The solution is the one source; the skeleton is generated from it, so the
//! two cannot drift apart. Markers in the solution's files say which lines stay
//! with the instructor:
//!
//! ```text
//! fn demand_zero(&self, kernel: &mut Kernel) -> Repair {
//!     // FAULTLINE-BEGIN demand_zero
//!     let frame = kernel.alloc()?;             removed
//!     kernel.zero(&frame);                     removed
//!     // FAULTLINE-HANDOUT
//!     // todo!("lab 2: give the page a frame of its own, zeroed")
//!     // FAULTLINE-END demand_zero
//! }
//! ```
//!
//! becomes
//!
//! ```text
//! fn demand_zero(&self, kernel: &mut Kernel) -> Repair {
//!     todo!("lab 2: give the page a frame of its own, zeroed")
//! }
//! ```
//!
//! Between `FAULTLINE-SOLUTION-ONLY-BEGIN name` and
//! `FAULTLINE-SOLUTION-ONLY-END name` stands what only the solution has, such as
//! a private function or an import; it is dropped. Everything outside is copied
//! as it is.
//!
//! # Why so strict
//!
//! A marker that is silently not recognised hands the solution to the students.
//! So a line either is a marker to the last byte or is refused as soon as it
//! resembles one: another case, another separator, up to two wrong letters, a
//! second marker on the line, code before it. The three markers of a hole stand
//! at one indentation, each line of handout text is a comment at the same
//! indentation, and regions neither nest nor share names. Tabs, carriage returns
//! and invisible characters are refused everywhere.
//!
//! What this cannot see is a hole whose markers were all removed: compare
//! [`Generated::holes`] with the holes that `lab.toml` promises.
//!
//! # The handout
//!
//! `cargo xtask handout` packs what one list ([`allow`]) allows, looks at every byte of it
//! in three ways ([`leaks`]), builds it ([`proof`]), and only then writes it. Whatever is
//! found leaves nothing behind.
//!
//! # Reading order
//!
//! The skeleton:
//!
//! - [`marker`]: is this line a marker?
//! - [`mod@generate`]: one solution file to one skeleton file
//! - [`skeleton`]: all files of the skeleton crate, written or checked
//! - [`error`]: every marker that is refused, with a remedy
//!
//! The handout:
//!
//! - [`make`]: from the workspace to the disk, step by step
//! - [`sources`], [`labs`]: what the instructor's workspace holds
//! - [`allow`]: what of it may be shipped
//! - [`pack`], [`parcel`], [`manifests`], [`films`]: what is shipped, in memory
//! - [`leaks`]: does it tell what it must not?
//! - [`history`], [`archive`], [`manifest`]: how it is written
//! - [`proof`]: does it build, and is it worth nothing, and can it be solved?
//! - [`refusal`]: why there is no handout

pub mod allow;
pub mod archive;
pub mod error;
pub mod films;
pub mod generate;
pub mod history;
pub mod labs;
pub mod leaks;
pub mod make;
pub mod manifest;
pub mod manifests;
pub mod marker;
pub mod pack;
pub mod parcel;
pub mod proof;
pub mod refusal;
pub mod skeleton;
pub mod sources;

pub use error::{MarkerError, Mistake};
pub use generate::{Generated, Hole, generate};
