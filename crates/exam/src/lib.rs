//! Next year's hidden traces, made from a seed and audited before they are accepted.
pub mod candidate;
pub mod choose;
pub mod crew;
pub mod draw;
pub mod prune;
pub mod script;
pub mod shape;
pub mod sight;
pub mod syllabus;
pub mod variant;

/// Why there is no exam.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// A trace of this year cannot be used.
    #[error("{0}: {1}")]
    Scenario(String, String),
}
