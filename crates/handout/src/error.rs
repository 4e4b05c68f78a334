//! Everything that is refused, with where, what and what to do.

use std::path::PathBuf;

use crate::marker::Word;

/// A solution file whose markers cannot be trusted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}:{line}:{column}: {mistake}\n  {}", path.display(), mistake.remedy())]
pub struct MarkerError {
    /// The file, as it was named to [`generate`](crate::generate()).
    pub path: PathBuf,
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1, in characters.
    pub column: usize,
    /// What is wrong there.
    pub mistake: Mistake,
}

/// What is wrong with a marker, or with the text around it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Mistake {
    /// Text that resembles a marker but is none.
    #[error("`{found}` resembles a marker and is none")]
    NotAMarker {
        /// The text.
        found: String,
    },
    /// A marker that needs a name has none.
    #[error("`{}` without a name", word.text())]
    Unnamed {
        /// The marker's word.
        word: Word,
    },
    /// A name that no hole, or no region, can have.
    #[error("`{name}` cannot be a name here")]
    BadName {
        /// The name.
        name: String,
    },
    /// The handout marker names its hole, which only its neighbours do.
    #[error("`FAULTLINE-HANDOUT` takes no name and nothing after it")]
    HandoutNamed,
    /// A hole or region opened inside another one.
    #[error("`{name}` begins inside `{outer}` of line {line}")]
    Nested {
        /// The inner one.
        name: String,
        /// The outer one.
        outer: String,
        /// Where the outer one begins.
        line: usize,
    },
    /// A hole or region that is still open at the end of the file.
    #[error("`{name}` is never closed")]
    Unclosed {
        /// Its name.
        name: String,
    },
    /// A closing or handout marker with nothing open.
    #[error("`{}` without a matching begin", word.text())]
    NothingOpen {
        /// The marker's word.
        word: Word,
    },
    /// A closing marker with another name than the opening one.
    #[error("`{name}` ends here, but `{open}` of line {line} is open")]
    OtherName {
        /// The name at the end.
        name: String,
        /// The name at the beginning.
        open: String,
        /// Where it begins.
        line: usize,
    },
    /// A region closed, or given handout text, by the other kind's marker.
    #[error("`{}` does not belong to `{open}` of line {line}", word.text())]
    OtherKind {
        /// The marker's word.
        word: Word,
        /// What is open.
        open: String,
        /// Where it begins.
        line: usize,
    },
    /// A name used before in the same file.
    #[error("`{name}` exists already, at line {line}")]
    Duplicate {
        /// The name.
        name: String,
        /// Where it was used first.
        line: usize,
    },
    /// A hole that ends without its handout marker.
    #[error("hole `{name}` has no `FAULTLINE-HANDOUT`")]
    NoHandout {
        /// The hole.
        name: String,
    },
    /// A second handout marker in one hole.
    #[error("hole `{name}` has a second `FAULTLINE-HANDOUT`")]
    SecondHandout {
        /// The hole.
        name: String,
    },
    /// A hole without solution text, or a region without any.
    #[error("`{name}` holds no solution")]
    NoSolution {
        /// The hole or region.
        name: String,
    },
    /// A hole without handout text.
    #[error("hole `{name}` hands out nothing")]
    EmptyHandout {
        /// The hole.
        name: String,
    },
    /// A marker that stands further left or right than the one that opened.
    #[error("indented by {found} spaces, but `{name}` by {expected}")]
    Indentation {
        /// The hole or region.
        name: String,
        /// Spaces before the marker that opened it.
        expected: usize,
        /// Spaces before this one.
        found: usize,
    },
    /// A line of handout text that is not a comment at the marker's indentation.
    #[error("not a line of handout text: no `// ` after {indent} spaces")]
    NotHandoutText {
        /// Spaces before the marker.
        indent: usize,
    },
    /// Spaces at the end of a line of handout text.
    #[error("handout text ends in a space")]
    TrailingSpace,
    /// A tab, a carriage return, or another character that is not seen.
    #[error("invisible character `{}`", found.escape_default())]
    Invisible {
        /// The character.
        found: char,
    },
    /// A file whose last line is not ended.
    #[error("the last line has no line feed")]
    NoFinalLineFeed,
}

impl Mistake {
    /// Returns what to do about it.
    pub fn remedy(&self) -> &'static str {
        match self {
            Mistake::NotAMarker { .. } => {
                "write the marker alone on its line, as in `// FAULTLINE-BEGIN name`, or reword the text"
            }
            Mistake::Unnamed { .. } => "add the hole's name after one space",
            Mistake::BadName { .. } => {
                "use lower-case letters, digits and `_`, a letter first, and nothing after it"
            }
            Mistake::HandoutNamed => "end the line after `FAULTLINE-HANDOUT`",
            Mistake::Nested { .. } => "close the outer one first",
            Mistake::Unclosed { .. } => "add its END marker",
            Mistake::NothingOpen { .. } => "add the BEGIN marker above it, or remove this one",
            Mistake::OtherName { .. } => "give both ends the same name",
            Mistake::OtherKind { .. } => {
                "close a hole with FAULTLINE-END, a region with FAULTLINE-SOLUTION-ONLY-END"
            }
            Mistake::Duplicate { .. } => "give each hole and region a name of its own",
            Mistake::NoHandout { .. } => {
                "add `// FAULTLINE-HANDOUT` and the handout text before this line"
            }
            Mistake::SecondHandout { .. } => "keep one",
            Mistake::NoSolution { .. } => "put the solution into it, or remove the markers",
            Mistake::EmptyHandout { .. } => {
                "hand out a `todo!(…)`, or use a SOLUTION-ONLY region instead"
            }
            Mistake::Indentation { .. } => "align the markers",
            Mistake::NotHandoutText { .. } => {
                "start the line with `// ` below the marker's `//`, or write `//` for an empty line"
            }
            Mistake::TrailingSpace => "remove it; an empty line is `//`",
            Mistake::Invisible { .. } => {
                "save the file with spaces and Unix line ends, without invisible characters"
            }
            Mistake::NoFinalLineFeed => "end the file with a line feed",
        }
    }
}
