//! How much of a source stands in macros, where tools do not look.
//!
//! JPlag makes no tokens of what a macro is called with (jplag/JPlag#519), and tree-sitter,
//! which Dolos uses, knows nothing of it but that it is there. Whoever puts a whole handler
//! into a macro is not compared.

use ra_ap_rustc_lexer::{FrontmatterAllowed, TokenKind, tokenize};

/// Shares of a source above which somebody should look: correct solutions of ours have
/// about none.
pub const SHARE_MAX: f64 = 0.2;

/// Tokens of a source, and how many of them stand in macros.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tokens {
    /// All, without comments and blanks.
    pub all: usize,
    /// Those between the brackets behind `name!`.
    pub in_macros: usize,
}

impl Tokens {
    /// Counts the tokens of a source.
    pub fn of(source: &str) -> Self {
        let mut scan = Scan::default();
        let mut rest = source;
        for token in tokenize(source, FrontmatterAllowed::No) {
            let (text, after) = rest.split_at(token.len as usize);
            rest = after;
            scan.see(token.kind, text);
        }
        scan.tokens
    }

    /// The same of two sources together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            all: self.all + other.all,
            in_macros: self.in_macros + other.in_macros,
        }
    }

    /// The share that stands in macros.
    pub fn share(self) -> f64 {
        match self.all {
            0 => 0.0,
            all => self.in_macros as f64 / all as f64,
        }
    }
}

/// Where in a call of a macro the last token was.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Before {
    #[default]
    Anything,
    Name,
    /// The `!` behind it, and the new macro's name behind `macro_rules!`.
    Bang,
}

#[derive(Default)]
struct Scan {
    tokens: Tokens,
    before: Before,
    /// Brackets that are open since the macro's own.
    depth: usize,
}

impl Scan {
    fn see(&mut self, kind: TokenKind, text: &str) {
        use TokenKind::{
            BlockComment, CloseBrace, CloseBracket, CloseParen, LineComment, OpenBrace,
            OpenBracket, OpenParen, Whitespace,
        };
        if matches!(kind, Whitespace | LineComment { .. } | BlockComment { .. }) {
            return;
        }
        self.tokens.all += 1;
        match kind {
            CloseBrace | CloseBracket | CloseParen if self.depth > 0 => self.depth -= 1,
            OpenBrace | OpenBracket | OpenParen
                if self.depth > 0 || self.before == Before::Bang =>
            {
                // The outermost brackets are the call's.
                self.tokens.in_macros += usize::from(self.depth > 0);
                self.depth += 1;
                self.before = Before::Anything;
                return;
            }
            _ => {}
        }
        self.tokens.in_macros += usize::from(self.depth > 0);
        self.before = match (self.before, kind) {
            (Before::Name, TokenKind::Bang) => Before::Bang,
            (Before::Bang, TokenKind::Ident) => Before::Bang,
            (_, TokenKind::Ident) if !comes_before_not(text) => Before::Name,
            _ => Before::Anything,
        };
    }
}

/// Words behind which `!` is a question and no macro: `if !(a && b)`.
fn comes_before_not(word: &str) -> bool {
    matches!(
        word,
        "if" | "while" | "match" | "return" | "in" | "break" | "else"
    )
}
