//! Results for people and spreadsheets.

pub mod csv;
pub mod leaderboard;
pub mod page;
pub mod schema;
pub mod text;
