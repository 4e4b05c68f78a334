//! Mistakes in lab 3.

use crate::Mutant;

pub(crate) const MUTANTS: &[Mutant] = &[];
