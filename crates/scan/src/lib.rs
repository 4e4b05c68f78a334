//! Words of the source that no handler has a use for.
//!
//! `-F unsafe_code` is a lint, and the sandbox is the boundary; this is a layer between
//! them. It looks at the tokens that rustc's own lexer makes of a file, so that comments
//! and strings do not count, and the bodies of macros do. What it refuses gets a sentence
//! about why; what it only notices goes to the instructor, as evidence and never as a
//! verdict.
//!
//! A word that a macro glues together from parts gets through. So does a reader of files
//! under another name: the compiler's jail stops that one.

use ra_ap_rustc_lexer::{FrontmatterAllowed, TokenKind, strip_shebang, tokenize};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub mod keeps;

/// Flags of one submission; more tell an instructor nothing new.
const FLAGS_MAX: usize = 40;

/// Something in the source that an instructor may want to look at: evidence, and no
/// verdict.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Flag {
    /// The file.
    pub file: String,
    /// The line of its first occurrence there.
    pub line: usize,
    /// What the source does there: "names `std::fs`", "mentions `/proc`".
    pub what: String,
}

/// A word that is refused, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forbidden {
    /// The line.
    pub line: usize,
    /// The column, in characters.
    pub column: usize,
    /// The word as it stands there.
    pub word: String,
    /// Why it is refused.
    why: Why,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Why {
    Unsafe,
    Assembly,
    Foreign,
    Linker,
    Feature,
    OtherFile,
}

impl Why {
    fn sentence(self) -> &'static str {
        match self {
            Why::Unsafe => "handlers are safe Rust",
            Why::Assembly => "handlers are Rust, and not assembly",
            Why::Foreign => "handlers call Rust, and nothing that is linked from elsewhere",
            Why::Linker => "how the program is linked is not the submission's business",
            Why::Feature => "handlers are stable Rust",
            Why::OtherFile => "a file outside of the submission cannot be used",
        }
    }

    fn help(self) -> &'static str {
        match self {
            Why::Unsafe => {
                "everything that a handler may do to the machine is a method of `Kernel`, and \
                 none of them is unsafe"
            }
            Why::Assembly | Why::Foreign => {
                "the page faults are simulated: nothing of the real machine is needed to \
                 handle them"
            }
            Why::Linker => "leave the attribute away; the function works without it",
            Why::Feature => "there is a way in stable Rust",
            Why::OtherFile => {
                "write it into lab1.rs to lab8.rs: these files are modules of one crate, and \
                 may use each other (`use crate::lab2::…`)"
            }
        }
    }
}

impl Forbidden {
    /// The refusal as the compiler would say it.
    pub fn render(&self, file: &str) -> String {
        let Self {
            line,
            column,
            word,
            why,
        } = self;
        let (sentence, help) = (why.sentence(), why.help());
        format!(
            "error: `{word}` is not allowed: {sentence}\n --> {file}:{line}:{column}\n  \
             = help: {help}\n"
        )
    }
}

/// The first word of a file that is refused.
pub fn forbidden(text: &str) -> Option<Forbidden> {
    let tokens = tokens(text);
    let (at, why) = (0..tokens.len()).find_map(|at| Some((at, why(&tokens, at)?)))?;
    let token = &tokens[at];
    let before = &text[..token.start];
    let line_start = before.rfind('\n').map_or(0, |end| end + 1);
    Some(Forbidden {
        line: line_of(text, token.start),
        column: before[line_start..].chars().count() + 1,
        word: token.text.to_owned(),
        why,
    })
}

/// What an instructor may want to look at in a file.
pub fn flags(file: &str, text: &str) -> Vec<Flag> {
    let tokens = tokens(text);
    let mut flags: Vec<Flag> = Vec::new();
    for at in 0..tokens.len() {
        for what in noticed(&tokens, at) {
            let known = flags.iter().any(|flag| flag.what == what);
            if !known && flags.len() < FLAGS_MAX {
                let (file, line) = (file.to_owned(), line_of(text, tokens[at].start));
                flags.push(Flag { file, line, what });
            }
        }
    }
    flags
}

/// A token, without blanks and comments between.
#[derive(Clone, Copy, Debug)]
struct Token<'a> {
    kind: TokenKind,
    text: &'a str,
    start: usize,
    /// Whether it stands within the brackets of an attribute.
    in_attribute: bool,
}

impl<'a> Token<'a> {
    /// The name of an identifier, raw or not.
    fn name(&self) -> Option<&'a str> {
        match self.kind {
            TokenKind::Ident => Some(self.text),
            TokenKind::RawIdent => self.text.strip_prefix("r#"),
            _ => None,
        }
    }

    /// Whether it is this keyword. A raw identifier is none.
    fn is_keyword(&self, word: &str) -> bool {
        self.kind == TokenKind::Ident && self.text == word
    }
}

fn line_of(text: &str, at: usize) -> usize {
    text[..at].matches('\n').count() + 1
}

fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut start = strip_shebang(text).unwrap_or(0);
    let mut tokens: Vec<Token<'_>> = Vec::new();
    let mut depth = AttributeDepth::default();
    for lexed in tokenize(&text[start..], FrontmatterAllowed::No) {
        let end = start + lexed.len as usize;
        let is_blank = matches!(
            lexed.kind,
            TokenKind::Whitespace | TokenKind::LineComment { .. } | TokenKind::BlockComment { .. }
        );
        if !is_blank {
            let in_attribute = depth.step(lexed.kind, &tokens);
            let (kind, text) = (lexed.kind, &text[start..end]);
            tokens.push(Token {
                kind,
                text,
                start,
                in_attribute,
            });
        }
        start = end;
    }
    tokens
}

/// How many brackets of an attribute (`#[…]`, `#![…]`) are open.
#[derive(Default)]
struct AttributeDepth(usize);

impl AttributeDepth {
    fn step(&mut self, kind: TokenKind, before: &[Token<'_>]) -> bool {
        let was_inside = self.0 > 0;
        match kind {
            TokenKind::OpenBracket if was_inside || opens_attribute(before) => self.0 += 1,
            TokenKind::CloseBracket => self.0 = self.0.saturating_sub(1),
            _ => {}
        }
        was_inside
    }
}

fn opens_attribute(before: &[Token<'_>]) -> bool {
    let kinds = before.iter().rev().map(|token| token.kind);
    let mut kinds = kinds.skip_while(|kind| *kind == TokenKind::Bang);
    kinds.next() == Some(TokenKind::Pound)
}

/// Why the token at this place is refused, if it is.
fn why(tokens: &[Token<'_>], at: usize) -> Option<Why> {
    let token = &tokens[at];
    let follows = |kind| tokens.get(at + 1).is_some_and(|next| next.kind == kind);
    let name = token.name()?;
    match name {
        "unsafe" if token.is_keyword("unsafe") => Some(Why::Unsafe),
        "global_asm" | "naked_asm" => Some(Why::Assembly),
        // An address space may be called so.
        "asm" if follows(TokenKind::Bang) || is_behind_colons(tokens, at) => Some(Why::Assembly),
        "naked" if token.in_attribute => Some(Why::Assembly),
        "extern" if token.is_keyword("extern") => {
            let next = tokens.get(at + 1);
            let is_crate = next.is_some_and(|next| next.is_keyword("crate"));
            (!is_crate).then_some(Why::Foreign)
        }
        "no_mangle" | "export_name" | "link_section" | "link_name" | "link_ordinal"
        | "global_allocator" | "panic_handler" => Some(Why::Linker),
        "link" | "used" if token.in_attribute => Some(Why::Linker),
        // A `cfg(feature = "…")` is another thing.
        "feature" if token.in_attribute && follows(TokenKind::OpenParen) => Some(Why::Feature),
        "include_str" | "include_bytes" => Some(Why::OtherFile),
        // `Range::include(…)` is a function of the student's.
        "include" if follows(TokenKind::Bang) => Some(Why::OtherFile),
        "include" if is_behind_colons(tokens, at) && !follows(TokenKind::OpenParen) => {
            Some(Why::OtherFile)
        }
        "path" if token.in_attribute && follows(TokenKind::Eq) => Some(Why::OtherFile),
        // `mod name;` is another file, `mod name { … }` is not.
        "mod" if token.is_keyword("mod") => {
            // In a macro the name is a variable: `mod $name;`.
            let name = at + 1 + usize::from(follows(TokenKind::Dollar));
            let is_file = tokens
                .get(name + 1)
                .is_some_and(|t| t.kind == TokenKind::Semi);
            is_file.then_some(Why::OtherFile)
        }
        _ => None,
    }
}

fn is_behind_colons(tokens: &[Token<'_>], at: usize) -> bool {
    at > 0 && tokens[at - 1].kind == TokenKind::Colon
}

/// Folders of the real machine.
const FOLDERS: [&str; 7] = ["/proc", "/sys", "/dev", "/etc", "/home", "/root", "/tmp"];

/// Tokens between the braces of a path that are looked at: there may be as many braces
/// in braces as there are bytes, and each would be read to the end of the file.
const GROUP_TOKENS_MAX: usize = 500;

/// Modules of `std` that lead out of the simulation.
const DOORS: [&str; 7] = ["fs", "net", "process", "env", "os", "thread", "io"];

/// What there is to notice about the token at this place.
fn noticed(tokens: &[Token<'_>], at: usize) -> Vec<String> {
    let token = &tokens[at];
    let follows = |kind| tokens.get(at + 1).is_some_and(|next| next.kind == kind);
    if matches!(token.kind, TokenKind::Literal { .. }) {
        let mentioned = FOLDERS.iter().filter(|folder| token.text.contains(*folder));
        return mentioned
            .map(|folder| format!("mentions `{folder}`"))
            .collect();
    }
    match token.name() {
        Some("std" | "core") => doors_behind(&tokens[at + 1..]),
        Some("cfg") if follows(TokenKind::Bang) || token.in_attribute => {
            vec!["asks how it is compiled (`cfg`)".to_owned()]
        }
        Some("cfg_attr") => vec!["asks how it is compiled (`cfg_attr`)".to_owned()],
        Some(name @ ("env" | "option_env")) if follows(TokenKind::Bang) => {
            vec![format!("reads the environment (`{name}!`)")]
        }
        Some(name @ ("catch_unwind" | "set_hook" | "take_hook")) => {
            vec![format!("handles panics (`{name}`)")]
        }
        _ => Vec::new(),
    }
}

/// The modules of `std` that a path behind it leads to: one, or those in braces.
fn doors_behind(rest: &[Token<'_>]) -> Vec<String> {
    let is = |at: usize, kind| rest.get(at).is_some_and(|token| token.kind == kind);
    if !(is(0, TokenKind::Colon) && is(1, TokenKind::Colon)) {
        return Vec::new();
    }
    let mut depth = 0;
    let group = rest[2..].iter().take(GROUP_TOKENS_MAX).take_while(|token| {
        match token.kind {
            TokenKind::OpenBrace => depth += 1,
            TokenKind::CloseBrace => depth -= 1,
            _ => {}
        }
        depth > 0
    });
    let named: Vec<&str> = match is(2, TokenKind::OpenBrace) {
        true => group.filter_map(Token::name).collect(),
        false => rest.get(2).and_then(Token::name).into_iter().collect(),
    };
    let doors = named.into_iter().filter(|name| DOORS.contains(name));
    doors.map(|name| format!("names `std::{name}`")).collect()
}
