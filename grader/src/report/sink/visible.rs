//! Text in which nothing hides: what a reader does not see is written as `\u{202e}`.
//!
//! That goes for controls, which terminals obey; for what turns the direction of
//! writing, so that a line reads as something else than it is (CVE-2021-42574); for
//! letters without a width; and for what is no letter at all. So does what a CI system
//! takes for a command when it stands in a log, whoever wrote it.

use std::fmt::Write;

use unicode_normalization::char::is_combining_mark;

/// Marks that may stand on one letter. Hebrew and Vietnamese need three; a hundred of
/// them paint over the lines above.
const MARKS_MAX: usize = 4;

/// A text as one line.
pub fn line(text: &str) -> String {
    no_command(&plain(text))
}

/// A text with its line breaks, each line by itself.
pub fn lines(text: &str) -> String {
    let shown: Vec<String> = text.split('\n').map(without_return).map(line).collect();
    shown.join("\n")
}

/// A line break of Windows is a line break.
fn without_return(line: &str) -> &str {
    line.strip_suffix('\r').unwrap_or(line)
}

fn plain(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut marks = 0;
    for letter in text.chars() {
        marks = match is_combining_mark(letter) {
            true => marks + 1,
            false => 0,
        };
        if hides(letter) || marks > MARKS_MAX {
            let _infallible = write!(shown, "{}", letter.escape_unicode());
        } else {
            shown.push(letter);
        }
    }
    shown
}

/// Whether a letter is none that can be seen where it stands: controls, and Unicode's
/// `Default_Ignorable_Code_Point`, separators of lines, and noncharacters.
pub fn hides(letter: char) -> bool {
    letter.is_control()
        || u32::from(letter) & 0xfffe == 0xfffe
        || matches!(letter,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fdd0}'..='\u{fdef}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// A line that is no command of a CI system: GitHub takes `::` at the start of a line,
/// behind blanks, and `##[` anywhere in it; Azure and TeamCity take `##vso[` and
/// `##teamcity[`. (GitLab's sections need control characters, which are gone.)
fn no_command(line: &str) -> String {
    let blanks = line.len() - line.trim_start().len();
    let (blanks, text) = line.split_at(blanks);
    let mut quiet = blanks.to_owned();
    if text.starts_with("::") {
        quiet += "\\u{3a}";
    }
    let rest = text.strip_prefix("::").map_or(text, |_| &text[1..]);
    let mut letters = rest.chars().peekable();
    let mut last = ' ';
    while let Some(letter) = letters.next() {
        let begins = |next: &char| *next == '[' || next.is_ascii_alphabetic();
        match letter {
            '#' if last == '#' && letters.peek().is_some_and(begins) => quiet += "\\u{23}",
            _ => quiet.push(letter),
        }
        last = letter;
    }
    quiet
}

/// The first letters of a text, and how many more there were.
pub fn cut(text: &str, letters: usize) -> String {
    match text.char_indices().nth(letters) {
        None => text.to_owned(),
        Some((at, _)) => {
            let more = text[at..].chars().count();
            format!("{}… and {more} more letters", &text[..at])
        }
    }
}
