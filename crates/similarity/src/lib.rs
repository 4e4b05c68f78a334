//! A class as tools for finding copies read it, under pseudonyms.
//!
//! JPlag, Dolos and compare50 compare sources. Here are the sources that count, without what
//! was handed out, in the layout of each, and nobody's name on them. What they find is a
//! reason to look, and no verdict.
//!
//! In reading order, along the data's way:
//!
//! - [`work`]: what a student wrote, of all that they handed in
//! - [`skeleton`]: what they were given
//! - [`comments`]: sources without them
//! - [`hidden`]: how much of a source stands in macros, where tools do not look
//! - [`key`]: names for those who must not be known
//! - [`private`]: the instructor's folder, with the key and who is who
//! - [`tool`]: the tools, and how each is called
//! - [`export`]: the folder for one of them
//! - `readme`: what stands in it for people
//! - [`trouble`]: why there is no such folder

pub mod work;

pub mod skeleton;

pub mod comments;
pub mod hidden;

pub mod key;
pub mod private;

pub mod tool;

pub mod export;

mod readme;

pub mod trouble;
