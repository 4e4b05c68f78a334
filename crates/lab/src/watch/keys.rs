//! The terminal, so that a key counts when it is pressed.

use std::io;

use rustix::termios::{LocalModes, OptionalActions, Termios, isatty, tcgetattr, tcsetattr};

/// Keys come one by one and are not shown, as long as this is held.
pub(super) struct Unbuffered(Termios);

/// Sets the terminal so, if there is one. Ctrl-C stays what it is.
pub(super) fn unbuffered() -> Option<Unbuffered> {
    let terminal = io::stdin();
    if !isatty(&terminal) {
        return None;
    }
    let before = tcgetattr(&terminal).ok()?;
    let mut modes = before.clone();
    modes.local_modes -= LocalModes::ICANON | LocalModes::ECHO;
    tcsetattr(&terminal, OptionalActions::Now, &modes).ok()?;
    Some(Unbuffered(before))
}

impl Drop for Unbuffered {
    fn drop(&mut self) {
        let _gone = tcsetattr(io::stdin(), OptionalActions::Now, &self.0);
    }
}
