//! A class and its students as pages.
