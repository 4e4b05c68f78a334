//! The audit for people, and the form of its JSON.

pub mod html;
pub mod schema;
pub mod text;

use crate::trial::Witness;

/// What a letter of the results stands for.
fn witness(letter: char) -> Option<Witness> {
    Witness::ALL
        .into_iter()
        .find(|witness| witness.letter() == letter)
}
