//! Results for people and spreadsheets.
//!
//! A report takes what may be shown ([`crate::feedback`]), and writes the texts of
//! students through [`sink`].

pub mod account;
pub mod autolab;
pub mod classroom50;
pub mod csv;
pub mod github;
pub mod gradescope;
pub mod json;
pub mod junit;
pub mod leaderboard;
pub mod page;
pub mod schema;
pub mod sink;
pub mod standing;
mod summary;
mod table;
pub mod text;
