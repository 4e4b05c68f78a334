//! Who the process is, and who it dies with.
