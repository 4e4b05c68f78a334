//! A film in the terminal: event by event, and through the seven steps of each fault.
//!
//! In reading order:
//!
//! The film
//! - [`reel`]: a film while it is written: found again, scene by scene, and state by state
//! - [`place`]: where in a film somebody is, and the ways from there
//! - [`moment`]: what there is to see at a place
//! - [`difference`]: in what a scene differs from the expected one
//!
//! The screen
//! - [`rows`]: rows of a pane, each with a mark that needs no colour
//! - [`panes`]: what each pane shows
//! - [`layout`]: which panes have room, and where
//! - [`draw`]: all of it on the screen
//! - [`look`]: colours and borders, or none
//!
//! Whoever sits before it
//! - [`keys`]: what a key asks for
//! - [`viewer`]: what a viewer has asked for so far
//! - [`terminal`]: the terminal, which is left as it was

pub mod difference;
pub mod moment;
pub mod place;
pub mod reel;

mod draw;
mod layout;
pub mod look;
mod panes;
mod rows;

mod keys;
mod terminal;
mod viewer;

use std::io::Write;

use look::Look;

/// Whoever writes a film, line by line, and says how it ended, if not with the trace. It
/// runs on a thread of its own, while the film is looked at.
pub type Feed = Box<dyn FnOnce(&mut dyn Write) -> Result<(), String> + Send>;

/// What to show.
pub struct Show {
    /// What stands at the top: the trace.
    pub title: String,
    /// The film.
    pub own: Feed,
    /// The film that it is compared with.
    pub expected: Option<Feed>,
    /// Colours and borders.
    pub look: Look,
    /// A key that makes the program panic, for the test that the terminal survives it.
    pub panics_at: Option<char>,
}

/// How a show ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Left {
    /// The viewer has seen enough.
    Quit,
    /// A signal, by its number: SIGINT, SIGTERM or SIGHUP.
    Signalled(i32),
}

/// Shows a film until the viewer leaves, and leaves the terminal as it was.
///
/// # Errors
///
/// If the terminal cannot be read or written.
pub fn show(show: Show) -> std::io::Result<Left> {
    terminal::run(show)
}
