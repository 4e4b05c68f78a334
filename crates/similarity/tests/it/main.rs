//! A class as tools for finding copies read it.

mod class;
mod exports;
mod names;
mod sources;
