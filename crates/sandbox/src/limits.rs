//! How much time, memory and output (rlimits).
