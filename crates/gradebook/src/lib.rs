//! What every attempt was graded with and came to, in SQLite.
