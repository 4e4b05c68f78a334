//! Mistakes in lab 6.

use crate::Mutant;

pub(crate) const MUTANTS: &[Mutant] = &[];
