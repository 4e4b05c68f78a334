//! Whether code can keep something from one of its runs to the next in the same process.
//!
//! Safe Rust keeps things in a `static`, or where std keeps them for a process: a panic
//! hook, a thread's token. What it keeps by accident, leaked memory, it could tell by
//! addresses, by how much memory is left, and by the time that something takes. So this
//! knows what a handler may use and have nothing of all that, and believes nothing of
//! anything else: whoever says something unusual is run in a process for each run, and
//! loses nothing by it.

use ra_ap_rustc_lexer::TokenKind;

use crate::{GROUP_TOKENS_MAX, Token, tokens};

/// Modules of `std` that keep nothing, and tell no address and no time.
const FORGETFUL: [&str; 22] = [
    "array",
    "borrow",
    "cell",
    "char",
    "clone",
    "cmp",
    "collections",
    "convert",
    "default",
    "fmt",
    "iter",
    "marker",
    "mem",
    "num",
    "ops",
    "option",
    "rc",
    "result",
    "slice",
    "str",
    "string",
    "vec",
];

/// Words that are needed to keep something, or to see what was kept; and those that could
/// make such words of others.
const REMEMBERING: [&str; 12] = [
    "static",
    "thread_local",
    "extern",
    // Code that runs when the handlers themselves are given up.
    "Drop",
    "Submission",
    // Addresses.
    "Pointer",
    "addr_of",
    "addr_of_mut",
    // A format may be put together of parts, and a macro's words.
    "concat",
    "stringify",
    "macro_rules",
    "macro",
];

/// Parts of such words: `as_ptr`, `into_raw`, `try_reserve_exact`.
const PARTS: [&str; 4] = ["ptr", "raw", "try_reserve", "try_with_capacity"];

/// What a format may ask for behind its colon; `p` asks for an address.
const FORMATS: &str = "?#xXbo0123456789<>^+-.";

/// Whether nothing that this file says could keep anything from one run to the next, or
/// learn of what another file of the same kind has kept.
pub fn keeps_nothing(text: &str) -> bool {
    let tokens = tokens(text);
    (0..tokens.len()).all(|at| is_forgetful(&tokens, at))
}

fn is_forgetful(tokens: &[Token<'_>], at: usize) -> bool {
    let token = &tokens[at];
    match token.kind {
        TokenKind::Literal { .. } => is_plain(token.text),
        // `*const u8`
        TokenKind::Star => !tokens.get(at + 1).is_some_and(is_pointer),
        _ => match token.name() {
            Some("std" | "core") => leads_nowhere_else(&tokens[at + 1..]),
            Some(name) => {
                let has = |part: &&str| name.contains(*part);
                !REMEMBERING.contains(&name) && !PARTS.iter().any(has)
            }
            None => true,
        },
    }
}

fn is_pointer(token: &Token<'_>) -> bool {
    token.is_keyword("const") || token.is_keyword("mut")
}

/// Whether a literal, used as a format, shows no address. Letters that are written as
/// numbers are not looked up.
fn is_plain(literal: &str) -> bool {
    let spelt = ["\\x", "\\u"].iter().any(|escape| literal.contains(escape));
    let mut braces = literal.split('{').skip(1);
    let asks_little = braces.all(|inside| {
        let Some((inside, _)) = inside.split_once('}') else {
            return inside.is_empty();
        };
        let format = inside.split_once(':').map_or("", |(_, format)| format);
        format.chars().all(|letter| FORMATS.contains(letter))
    });
    !spelt && asks_little
}

/// Whether the path behind `std`, or each path in braces, goes on into a forgetful module.
fn leads_nowhere_else(rest: &[Token<'_>]) -> bool {
    let is = |at: usize, kind| rest.get(at).is_some_and(|token| token.kind == kind);
    let is_module = |token: &Token<'_>| token.name().is_some_and(|it| FORGETFUL.contains(&it));
    let is_path = is(0, TokenKind::Colon) && is(1, TokenKind::Colon);
    match is(2, TokenKind::OpenBrace) {
        true => is_path && group(&rest[3..]).is_some_and(|group| heads(group).all(is_module)),
        false => is_path && rest.get(2).is_some_and(is_module),
    }
}

/// What stands before the brace that closes, if it is not far away: there may be as many
/// braces in braces as there are bytes, and each would be read to the end of the file.
fn group<'a, 'b>(inside: &'b [Token<'a>]) -> Option<&'b [Token<'a>]> {
    let mut depth = 1;
    let mut near = inside.iter().take(GROUP_TOKENS_MAX);
    let end = near.position(|token| {
        depth = depth_behind(token, depth);
        depth == 0
    })?;
    Some(&inside[..end])
}

/// What the paths of a group begin with.
fn heads<'a, 'b>(group: &'b [Token<'a>]) -> impl Iterator<Item = &'b Token<'a>> {
    let mut depth = 0;
    let paths = group.split(move |token| {
        depth = depth_behind(token, depth);
        depth == 0 && token.kind == TokenKind::Comma
    });
    paths.filter_map(|path| path.first())
}

fn depth_behind(token: &Token<'_>, depth: usize) -> usize {
    match token.kind {
        TokenKind::OpenBrace => depth + 1,
        TokenKind::CloseBrace => depth.saturating_sub(1),
        _ => depth,
    }
}

#[cfg(test)]
mod tests {
    use super::keeps_nothing;

    #[track_caller]
    fn keep_nothing(texts: &[&str]) {
        for text in texts {
            assert!(keeps_nothing(text), "{text}");
        }
    }

    #[track_caller]
    fn may_keep(texts: &[&str]) {
        for text in texts {
            assert!(!keeps_nothing(text), "{text}");
        }
    }

    #[test]
    fn a_handler_in_plain_words_keeps_nothing() {
        keep_nothing(&[
            "pub fn demand_zero(k: &mut Kernel, fault: &PageFault) -> Repaired { k.alloc()?; }",
            "fn name() -> &'static str { \"frame\" } // a static joke, std::thread, {:p}",
            "use std::collections::BTreeSet; let pages = std::collections::HashMap::new();",
            "use std::{cmp::{max, min}, collections::{BTreeMap, VecDeque}, rc::Rc};",
            "println!(\"{} {page:?} {:#x} {0:>4} {{}}\\n\", frame);",
            "let area = 2 * width; let x = *frame; const LIMIT: usize = 4;",
        ]);
    }

    #[test]
    fn what_outlives_a_run_is_noticed() {
        may_keep(&[
            "static COUNT: AtomicU64 = AtomicU64::new(0);",
            "fn f() { static ONCE: OnceLock<u8> = OnceLock::new(); }",
            "thread_local! { }",
            "std::thread_local! { }",
            "std::panic::set_hook(Box::new(|_| ()));",
            "use std::{cmp, panic};",
            "use std::{cmp::{max, min}, thread};",
            "use std::thread::current;",
            "use std as s;",
            "use std::{self as s};",
            "use std::{cmp::{max, min}, collections::BTreeMap, {thread}};",
            "use std::*;",
            "use ::std::{*};",
            "use ::{std as s};",
            "use core::sync::atomic::AtomicU8;",
            "extern crate std as s;",
            "impl Drop for crate::Submission { }",
            "use r#std::thread;",
        ]);
    }

    #[test]
    fn what_could_see_that_something_outlived_a_run_is_noticed() {
        may_keep(&[
            "let at = &frame as *const _ as usize;",
            "let at = &mut frame as *mut u8;",
            "let at = &raw const frame;",
            "let at = text.as_ptr();",
            "let at = Box::into_raw(frame);",
            "println!(\"{:p}\", &frame);",
            "println!(\"{frame:p}\");",
            "println!(\"{:#018p }\", &frame);",
            "println!(r#\"{:p}\"#, &frame);",
            "println!(\"{:\\u{70}}\", &frame);",
            "println!(\"\\x7b:p\\x7d\", &frame);",
            "println!(concat!(\"{:\", \"p}\"), &frame);",
            "println!(\"{:\", &frame);",
            "let left = Vec::<u8>::new().try_reserve(1 << 28);",
            "std::time::Instant::now();",
            "use std::fmt::Pointer;",
            "macro_rules! word { ($a:tt) => { & $a frame } }",
        ]);
    }
}
