//! The roster, `class.toml`, and what being late costs.

mod class;
mod clock;
mod late;
mod points;
mod properties;
mod rows;
