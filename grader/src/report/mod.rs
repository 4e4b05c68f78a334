//! Results for people and spreadsheets.

pub mod csv;
pub mod schema;
pub mod text;
