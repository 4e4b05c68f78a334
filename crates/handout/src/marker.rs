//! Is this line a marker?
//!
//! A marker is a line of its own: spaces, `// `, the word, and for all words but
//! [`Word::Handout`] one space and a name. Nothing else is a marker, and nothing
//! that resembles one passes as ordinary text.

use crate::error::Mistake;

/// Wrong letters up to which a word still resembles a marker. Two catch every
/// single slip, transpositions included; three would catch English.
const WRONG_LETTERS_MAX: usize = 2;

/// Most parts into which a marker's word falls when its hyphens become spaces:
/// `FAULT LINE SOLUTION ONLY BEGIN`.
const WORD_PARTS_MAX: usize = 5;

/// The words of the marker language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// Opens a hole; solution text follows.
    Begin,
    /// Ends the solution text of a hole; handout text follows.
    Handout,
    /// Closes a hole.
    End,
    /// Opens a region that only the solution has.
    SolutionOnlyBegin,
    /// Closes a region that only the solution has.
    SolutionOnlyEnd,
}

impl Word {
    /// All words.
    pub const ALL: [Word; 5] = [
        Word::Begin,
        Word::Handout,
        Word::End,
        Word::SolutionOnlyBegin,
        Word::SolutionOnlyEnd,
    ];

    /// Returns the word as it is written.
    pub fn text(self) -> &'static str {
        match self {
            Word::Begin => "FAULTLINE-BEGIN",
            Word::Handout => "FAULTLINE-HANDOUT",
            Word::End => "FAULTLINE-END",
            Word::SolutionOnlyBegin => "FAULTLINE-SOLUTION-ONLY-BEGIN",
            Word::SolutionOnlyEnd => "FAULTLINE-SOLUTION-ONLY-END",
        }
    }

    /// Returns whether `name` can follow this word. A hole has the name of a Rust
    /// function; a solution-only region may use `-` as well.
    pub fn accepts(self, name: &str) -> bool {
        let hyphens = matches!(self, Word::SolutionOnlyBegin | Word::SolutionOnlyEnd);
        let letter = |c: char| c.is_ascii_lowercase();
        let other = |c: char| c.is_ascii_digit() || c == '_' || (hyphens && c == '-');
        name.starts_with(letter) && name.chars().all(|c| letter(c) || other(c))
    }

    /// Returns the word without its hyphens.
    fn letters(self) -> &'static str {
        match self {
            Word::Begin => "FAULTLINEBEGIN",
            Word::Handout => "FAULTLINEHANDOUT",
            Word::End => "FAULTLINEEND",
            Word::SolutionOnlyBegin => "FAULTLINESOLUTIONONLYBEGIN",
            Word::SolutionOnlyEnd => "FAULTLINESOLUTIONONLYEND",
        }
    }

    fn parse(text: &str) -> Option<Word> {
        Word::ALL.into_iter().find(|word| word.text() == text)
    }
}

/// A line that is a marker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Marker<'a> {
    /// What it says.
    pub word: Word,
    /// The hole or region it names; empty for [`Word::Handout`].
    pub name: &'a str,
    /// Spaces before it.
    pub indent: usize,
}

/// Why a line that looks like a marker is none, and at which column (from 1, in
/// characters).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Where in the line.
    pub column: usize,
    /// What is wrong.
    pub mistake: Mistake,
}

/// Reads one line, given without its line feed.
///
/// Returns the marker, or nothing if the line is ordinary text. A line that is
/// neither to the last byte is refused.
pub fn read(line: &str) -> Result<Option<Marker<'_>>, Refusal> {
    if let Some(column) = invisible(line) {
        let found = line.chars().nth(column - 1).unwrap_or_default();
        return Err(Refusal {
            column,
            mistake: Mistake::Invisible { found },
        });
    }
    match parse(line) {
        Some(marker) => marker.map(Some),
        None => refuse_lookalike(line).map(|()| None),
    }
}

/// Parses a line whose marker word is right; the name may still be refused.
fn parse(line: &str) -> Option<Result<Marker<'_>, Refusal>> {
    let comment = line.trim_start_matches(' ');
    let indent = line.len() - comment.len();
    let text = comment.strip_prefix("// ")?;
    let (word, rest) = match text.split_once(' ') {
        Some((word, rest)) => (word, Some(rest)),
        None => (text, None),
    };
    let word = Word::parse(word)?;
    let column = indent + "// ".len() + word.text().len() + 1 + usize::from(rest.is_some());
    let named = match (word, rest) {
        (Word::Handout, None) => Ok(""),
        (Word::Handout, Some(_)) => Err(Mistake::HandoutNamed),
        (_, None | Some("")) => Err(Mistake::Unnamed { word }),
        (_, Some(name)) if word.accepts(name) => Ok(name),
        (_, Some(name)) => Err(Mistake::BadName { name: name.into() }),
    };
    Some(match named {
        Ok(name) => Ok(Marker { word, name, indent }),
        Err(mistake) => Err(Refusal { column, mistake }),
    })
}

fn refuse_lookalike(line: &str) -> Result<(), Refusal> {
    match lookalike(line) {
        None => Ok(()),
        Some((column, found)) => Err(Refusal {
            column,
            mistake: Mistake::NotAMarker { found },
        }),
    }
}

/// Finds text that resembles a marker: its column and the text.
///
/// Punctuation, case and hyphens do not matter: the line's words are joined, up
/// to [`WORD_PARTS_MAX`] at a time, and compared letter by letter. Starting from
/// the right keeps words before the marker out of the message.
fn lookalike(line: &str) -> Option<(usize, String)> {
    let words = words(line);
    for first in (0..words.len()).rev() {
        let mut joined = String::new();
        for word in words[first..].iter().take(WORD_PARTS_MAX) {
            joined.push_str(&word.text.to_uppercase());
            if resembles_marker(&joined)
                || (joined.len() == word.text.len() && is_prefix(word, line))
            {
                let found = &line[words[first].start..word.start + word.text.len()];
                let column = line[..words[first].start].chars().count() + 1;
                return Some((column, found.to_owned()));
            }
        }
    }
    None
}

/// Returns whether a word ends as the prefix of all markers does, and the line
/// goes on as a marker would: `FAULTLINE-`, `faultline_`.
fn is_prefix(word: &Run<'_>, line: &str) -> bool {
    let rest = &line[word.start + word.text.len()..];
    word.text.to_uppercase().ends_with("FAULTLINE") && rest.starts_with(['-', '_'])
}

fn resembles_marker(letters: &str) -> bool {
    let count = letters.chars().count();
    Word::ALL.into_iter().any(|word| {
        let marker = word.letters();
        marker.len().abs_diff(count) <= WRONG_LETTERS_MAX
            && distance(marker, letters) <= WRONG_LETTERS_MAX
    })
}

/// A run of letters and digits.
struct Run<'a> {
    start: usize,
    text: &'a str,
}

fn words(line: &str) -> Vec<Run<'_>> {
    line.split(|c: char| !c.is_alphanumeric())
        .filter(|text| !text.is_empty())
        .map(|text| Run {
            start: text.as_ptr() as usize - line.as_ptr() as usize,
            text,
        })
        .collect()
}

/// Counts the letters to insert, delete or replace to make `b` from `a`
/// (Levenshtein), row by row.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, to) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(from != *to);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

/// Returns the column of the first character that an editor does not show, or
/// shows as something else: it could hide a difference from a marker.
fn invisible(line: &str) -> Option<usize> {
    line.chars().position(is_invisible).map(|index| index + 1)
}

fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}')
        || (c.is_whitespace() && c != ' ')
}
