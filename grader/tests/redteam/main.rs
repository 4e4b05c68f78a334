//! The red team: hostile submissions, the ends that they must come to, and what must
//! not turn up anywhere.
//!
//! `grader/redteam/*.toml` are the attacks. A scratch course is set up with secrets
//! where a real one has them ([`course`]), the attacks and a few honest submissions are
//! laid out as a class ([`lay_out`]), the class is graded in a process of its own
//! ([`grading`]), and everything that came of it is looked through. What stops an
//! attack is switched off once for each layer ([`layers`]): a harness that sees no
//! attack succeed then would see none ever.

mod archive;
mod attacks;
mod bounds;
mod class;
mod corpus;
mod course;
mod grading;
mod inside;
mod lay_out;
mod layers;
mod remains;
mod sinks;
mod toolchain;
