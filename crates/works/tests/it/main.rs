//! The works are what they say, and a page of theirs is a frame of ours.

mod files;
mod misses;
mod sources;
