//! Markdown that stays text: code, which has no links, images, tags, mentions or
//! references to issues in it.
//!
//! A backslash would do for Markdown itself; but GitHub looks for `@name` and `#12` in
//! what has been rendered already, and only in code it does not.

use super::visible;

/// The shortest fence of a block.
const FENCE_MIN: usize = 3;

/// A text as code within a line. A bar would end the cell of a table.
pub fn inline(text: &str) -> String {
    let text = visible::line(text).replace('|', "\\u{7c}");
    let fence = "`".repeat(longest_run(&text) + 1);
    // One blank on each side belongs to the fence, so that the text may begin with one.
    match text.trim().is_empty() {
        true => "` `".to_owned(),
        false => format!("{fence} {text} {fence}"),
    }
}

/// A text as a block of code, which begins and ends with lines of its own.
pub fn fenced(text: &str) -> String {
    let text = visible::lines(text);
    let fence = "`".repeat(FENCE_MIN.max(longest_run(&text) + 1));
    format!("{fence}text\n{text}\n{fence}\n")
}

fn longest_run(text: &str) -> usize {
    text.split(|letter| letter != '`')
        .map(str::len)
        .max()
        .unwrap_or(0)
}
