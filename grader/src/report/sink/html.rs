//! Pages that show what they are told, and can do nothing.
//!
//! `maud` escapes every text that is put into a page. What is left is done for the
//! finished page, so that no text can be forgotten.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};

use super::visible::hides;

/// A page in which nothing hides: no letter that ours is made of is changed.
pub fn visible(page: &str) -> String {
    let show = |letter: char| match hides(letter) && letter != '\n' {
        true => letter.escape_unicode().to_string(),
        false => letter.to_string(),
    };
    page.chars().map(show).collect()
}

/// The content security policy of a page whose only style and script these are: nothing is
/// loaded and nothing else runs, even if somebody's text became markup.
pub fn policy(style: &str, script: Option<&str>) -> String {
    let source = |text: &str| format!("'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(text)));
    let script = script.map(|script| format!("script-src {}; ", source(script)));
    format!(
        "default-src 'none'; {}style-src {}; base-uri 'none'; form-action 'none'",
        script.unwrap_or_default(),
        source(style)
    )
}
