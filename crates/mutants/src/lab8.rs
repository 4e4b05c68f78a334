//! Mistakes in lab 8.

use crate::Mutant;

pub(crate) const MUTANTS: &[Mutant] = &[];
