//! A film in the terminal.
