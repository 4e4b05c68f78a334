//! Results for people and spreadsheets.

pub mod csv;
pub mod page;
pub mod leaderboard;
pub mod schema;
pub mod text;
