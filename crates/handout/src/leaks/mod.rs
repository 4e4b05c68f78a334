//! Does anything that is about to be shipped tell what it must not?
//!
//! Three checks look at every byte, each in its own way, and none relies on another or
//! on what made the parcel:
//!
//! - [`solution`]: what stands between the solution's markers, line by line and word by
//!   word
//! - [`canary`]: what instructor-only files are called and say, whatever they are
//! - [`holes`]: as many holes as the labs promise, and nothing but a hole in each
//!
//! All three read text, in the way that [`reading`] says. So what cannot be read as text
//! is refused as well: [`opaque`]. And nothing may say whose computer it was made on:
//! [`place`].

pub mod canary;
pub mod holes;
pub mod opaque;
pub mod place;
pub mod reading;
pub mod solution;

use crate::allow::Allow;
use crate::labs::Lab;
use crate::parcel::Parcel;
use crate::refusal::{Finding, Refusal};
use crate::sources::Sources;

/// What the checks look at.
#[derive(Clone, Copy)]
pub struct Look<'a> {
    /// The instructor's workspace.
    pub sources: &'a Sources,
    /// What may be shipped, and what is allowed to be alike.
    pub allow: &'a Allow,
    /// All labs of the workspace, shipped or not.
    pub labs: &'a [Lab],
    /// What is about to be shipped.
    pub parcel: &'a Parcel,
}

/// Runs all checks and returns what they found.
pub fn check(look: Look<'_>) -> Result<Vec<Finding>, Refusal> {
    let mut found = solution::check(look)?;
    found.extend(canary::check(look)?);
    found.extend(holes::check(look)?);
    found.extend(opaque::check(look));
    found.extend(place::check(look)?);
    Ok(found)
}
