//! XML that every parser takes.
//!
//! Whoever writes the file escapes `<` and `&`. No escape helps for what XML 1.0 has no
//! room for (section 2.2, `Char`): most controls, U+FFFE and U+FFFF. These are among
//! what is made [`visible`].

use super::visible;

/// A text as the value of an attribute; a parser would make blanks of its line breaks.
pub fn attribute(text: &str) -> String {
    visible::line(text)
}

/// A text as the body of an element.
pub fn body(text: &str) -> String {
    visible::lines(text)
}
