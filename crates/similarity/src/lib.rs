//! A class as tools for finding copies read it, under pseudonyms.
