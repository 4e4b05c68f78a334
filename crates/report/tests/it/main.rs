//! Reports: what stands in them, what does not, and what a browser makes of them.

mod access;
mod class;
mod hostile;
mod looks;
mod made;
mod markdown;
mod picture;
mod student;
mod table;
mod thousands;
