//! Builds the program that a set of handlers runs in.
//!
//! Cargo builds it ([`cargo`]), and what it did is written down as a recipe ([`recipe`]).
//! As long as nothing but the student's files has changed since, the compiler is called
//! directly ([`direct`]): cargo takes as long to find that out as the compiler does for
//! the student's crate. Whatever is not as it was, is cargo's business again.

mod cargo;
mod diagnostics;
mod direct;
mod recipe;
mod stamp;

use std::path::PathBuf;

use crate::report::Failure;

/// Whose handlers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Handlers {
    /// The ones in `labs/skeleton`.
    Skeleton,
    /// The reference. Only the instructor's workspace has it.
    Solution,
}

impl Handlers {
    fn package(self) -> &'static str {
        match self {
            Handlers::Skeleton => "skeleton",
            Handlers::Solution => "solution",
        }
    }
}

/// Builds the program and returns its path. The compiler's messages go to the
/// terminal.
pub(crate) fn build(handlers: Handlers, release: bool) -> Result<PathBuf, Failure> {
    let is_for_students = handlers == Handlers::Skeleton && !release;
    let Some(place) = direct::Place::of_this_workspace().filter(|_| is_for_students) else {
        return cargo::build(handlers, release).map(|built| built.program);
    };
    if let Some(built) = place.build() {
        return built;
    }
    let built = cargo::build(handlers, release)?;
    place.learn(&built);
    Ok(built.program)
}
