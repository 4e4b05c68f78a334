//! Results for people and spreadsheets.

pub mod csv;
pub mod page;
pub mod schema;
pub mod text;
