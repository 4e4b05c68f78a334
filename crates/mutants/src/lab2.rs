//! Mistakes in lab 2.

use crate::Mutant;

pub(crate) const MUTANTS: &[Mutant] = &[];
