//! Who is in a class, and what being late costs.
//!
//! - [`student`]: a student, and the key that everything else uses

pub mod student;
