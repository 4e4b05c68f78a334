//! Mistakes that are known, and which of them the sample class makes.

mod samples;
mod symptoms;
