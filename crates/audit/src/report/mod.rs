//! The audit for people, and the form of its JSON.

pub mod html;
pub mod schema;
pub mod text;
