//! How long it will take.

use std::time::Duration;

/// What a stage has done so far, as far as that says how long the rest will take.
#[derive(Clone, Copy, Debug, Default)]
pub struct Pace {
    worked: u64,
}

impl Pace {
    /// Notes a thing that took work. What was known already took none, and says nothing of
    /// the others.
    pub fn work(&mut self, things: u64) {
        self.worked += things;
    }

    /// How long that many more will take, if they take as long as those before; none
    /// while nothing has been done.
    pub fn left(&self, since: Duration, things: u64) -> Option<Duration> {
        let each = since.checked_div(u32::try_from(self.worked).ok()?)?;
        Some(each * u32::try_from(things).ok()?)
    }
}
