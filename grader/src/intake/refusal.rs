//! Why a submission is refused.

use std::fmt;

use unicode_normalization::char::is_combining_mark;

/// The longest name that is shown in full, in characters.
const SHOWN_CHARS_MAX: usize = 120;

/// Characters that take no room, or that change how others are shown, and that Rust
/// takes for printable.
const INVISIBLE: [std::ops::RangeInclusive<char>; 7] = [
    '\u{034f}'..='\u{034f}',
    '\u{115f}'..='\u{1160}',
    '\u{17b4}'..='\u{17b5}',
    '\u{3164}'..='\u{3164}',
    '\u{fe00}'..='\u{fe0f}',
    '\u{ffa0}'..='\u{ffa0}',
    '\u{e0100}'..='\u{e01ef}',
];

/// A submission is refused: which entry, why, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct Refusal {
    /// The entry's name, as it may be shown anywhere; none if it is the whole.
    pub entry: Option<String>,
    /// Why.
    pub why: String,
    /// What to do.
    pub help: &'static str,
}

impl Refusal {
    /// An entry is to blame.
    pub(super) fn of(name: &[u8], why: impl Into<String>, help: &'static str) -> Self {
        Self {
            entry: Some(shown(name)),
            why: why.into(),
            help,
        }
    }

    /// The whole is.
    pub(super) fn whole(why: impl Into<String>, help: &'static str) -> Self {
        Self {
            entry: None,
            why: why.into(),
            help,
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(entry) = &self.entry {
            write!(f, "`{entry}`: ")?;
        }
        write!(f, "{}\nhelp: {}", self.why, self.help)
    }
}

/// A name for messages: one line, of bearable length, in which nothing is invisible
/// and nothing turns the text around.
pub fn shown(name: &[u8]) -> String {
    let mut text = String::new();
    for chunk in name.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '\\' => text.push_str("\\\\"),
                '`' => text.push_str("\\`"),
                c if is_hidden(c) => text.extend(c.escape_default()),
                c => text.push(c),
            }
        }
        text.extend(chunk.invalid().iter().map(|byte| format!("\\x{byte:02x}")));
    }
    match text.char_indices().nth(SHOWN_CHARS_MAX) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// The words of a library's error, which may quote what stands in the archive.
pub(super) fn words(error: &impl fmt::Display) -> String {
    shown(error.to_string().as_bytes())
}

/// Whether a character is not seen where it stands: controls, those that change the
/// direction of the text, and those of no width.
pub(super) fn is_hidden(c: char) -> bool {
    let unprintable = c.escape_debug().nth(1) == Some('u') && !is_combining_mark(c);
    c.is_control() || unprintable || INVISIBLE.iter().any(|range| range.contains(&c))
}
