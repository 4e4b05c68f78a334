//! Mistakes in lab 4.

use crate::Mutant;

pub(crate) const MUTANTS: &[Mutant] = &[];
