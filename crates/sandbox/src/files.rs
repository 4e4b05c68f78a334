//! Which files may be read, written and executed (landlock).
