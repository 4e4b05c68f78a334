//! Commands of GitHub's workflows: ours, and how a student's text is none.
//!
//! The escapes are those of `@actions/core` (`command.ts`, `escapeData` and
//! `escapeProperty`).

use std::fs::File;
use std::io::{self, Read, Write};

use super::visible;

/// A text as what a command says.
pub fn data(text: &str) -> String {
    visible::lines(text)
        .replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// A text as the value of a command's property.
pub fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// Lets something write lines that the log shows and obeys nowhere, whatever stands in them:
/// commands stop until a word is said that no student can know. The last line must end.
///
/// # Errors
///
/// If `out` does not take it, `lines` fails, or the system has no random numbers.
pub fn while_stopped<W: Write>(
    out: &mut W,
    lines: impl FnOnce(&mut W) -> io::Result<()>,
) -> io::Result<()> {
    let token = token()?;
    writeln!(out, "::stop-commands::{token}")?;
    lines(out)?;
    writeln!(out, "::{token}::")
}

fn token() -> io::Result<String> {
    let mut bytes = [0; 16];
    File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
