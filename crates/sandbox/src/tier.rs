//! Which layers were in force.
