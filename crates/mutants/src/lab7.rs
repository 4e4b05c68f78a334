//! Mistakes in lab 7.

use crate::Mutant;

pub(crate) const MUTANTS: &[Mutant] = &[];
