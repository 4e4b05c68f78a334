//! Results for people and spreadsheets.

pub mod csv;
pub mod leaderboard;
pub mod schema;
pub mod text;
