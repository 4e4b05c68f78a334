//! What this computer offers, and what follows for the kit.
//!
//! Each question is asked of the machine, not of a list of versions. Nothing is changed,
//! and nothing is repaired: an answer says what to do. In reading order:
//!
//! - [`answer`]: an answer, and how bad it is
//! - [`walls`]: what keeps student code in: landlock, seccomp, users, limits
//! - [`toolchain`]: the compiler that submissions meet
//! - [`tools`]: programs that some chores need and most users do not
//! - [`examination`]: all questions, and what their answers come to

pub mod answer;
pub mod examination;
pub mod toolchain;
pub mod tools;
pub mod walls;
