//! The book says what is true: its sessions, read and run.

mod assembled;
mod console;
mod tour;
mod typed;
