//! Sources without comments.

use ra_ap_rustc_lexer::{FrontmatterAllowed, TokenKind, tokenize};

/// A source without its comments, in which students like to sign. Lines stay where they are,
/// so that a finding names the line that the student has.
pub fn stripped(source: &str) -> String {
    let mut rest = source;
    let mut text = String::with_capacity(source.len());
    for token in tokenize(source, FrontmatterAllowed::No) {
        let (this, after) = rest.split_at(token.len as usize);
        rest = after;
        match token.kind {
            TokenKind::LineComment { .. } => {}
            TokenKind::BlockComment { .. } => {
                // What was two tokens stays two.
                text.push(' ');
                text.extend(this.chars().filter(|letter| *letter == '\n'));
            }
            _ => text.push_str(this),
        }
    }
    text
}
