//! Mistakes in lab 1.

use crate::Mutant;

pub(crate) const MUTANTS: &[Mutant] = &[];
