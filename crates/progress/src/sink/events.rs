//! For programs: a JSON object a line.

use std::io::Write;
use std::time::Duration;

use grader::report::sink::json;

use super::Sink;
use crate::event::Told;

/// Writes each event as a line, as soon as it is told.
pub struct Events<W> {
    out: Option<W>,
}

impl<W: Write + Send> Events<W> {
    /// Events go there.
    pub fn to(out: W) -> Self {
        Self { out: Some(out) }
    }
}

impl<W: Write + Send> Sink for Events<W> {
    fn hear(&mut self, told: &Told, _elapsed: Duration) {
        let Some(out) = &mut self.out else { return };
        let written = json::line(told)
            .map_err(std::io::Error::from)
            .and_then(|line| out.write_all(line.as_bytes()))
            .and_then(|()| out.flush());
        // Half a line may be there: whatever followed would be no line either.
        if written.is_err() {
            self.out = None;
        }
    }
}
