//! Sessions at a terminal, as a text shows them: commands and what they print.
//!
//! A session is a fenced block with the info string `console`. A line that begins with
//! `$ ` is a command; what follows, up to the next one, is what it prints, with `…` for
//! any text within a line, and on a line of its own for any lines. A command that is
//! followed by nothing prints what it likes. `console labs=1-2` says how far the student
//! is: only labs 1 and 2 are written. Without it all are.

use std::fmt;

use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};

/// A session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The line of the text that its first line stands on, from 1.
    pub line: usize,
    /// The last lab that is written; none if all are.
    pub written: Option<u8>,
    /// The commands, in order.
    pub commands: Vec<Command>,
}

/// A command of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// What is typed, without a comment behind it.
    pub typed: String,
    /// What it prints, if that is shown.
    pub prints: Option<String>,
}

/// A block that says it is a session and is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// The line of the text, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub why: &'static str,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.why)
    }
}

impl std::error::Error for Malformed {}

impl Command {
    /// Whether the text shows that it ends with an error.
    pub fn fails(&self) -> bool {
        let mut lines = self.prints.as_deref().unwrap_or_default().lines();
        lines.any(|line| line.starts_with("error: "))
    }
}

/// Finds the sessions of a Markdown text.
///
/// # Errors
///
/// If a block called `console` does not begin with a command, or its info string has
/// something else than `labs=`.
pub fn sessions(markdown: &str) -> Result<Vec<Session>, Malformed> {
    let mut found = Vec::new();
    let mut open: Option<(usize, String)> = None;
    let mut text = String::new();
    for (event, range) in Parser::new(markdown).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info)))
                if info.split(' ').next() == Some("console") =>
            {
                let line = markdown[..range.start].lines().count() + 2;
                open = Some((line, info.into_string()));
                text.clear();
            }
            Event::Text(part) if open.is_some() => text.push_str(&part),
            Event::End(TagEnd::CodeBlock) => {
                if let Some((line, info)) = open.take() {
                    found.push(session(line, &info, &text)?);
                }
            }
            _ => {}
        }
    }
    Ok(found)
}

fn session(line: usize, info: &str, text: &str) -> Result<Session, Malformed> {
    let malformed = |why| Malformed { line, why };
    let mut commands: Vec<Command> = Vec::new();
    for shown in text.lines() {
        match (shown.strip_prefix("$ "), commands.last_mut()) {
            (Some(typed), _) => commands.push(Command {
                typed: without_comment(typed).to_owned(),
                prints: None,
            }),
            (None, Some(command)) => {
                let prints = command.prints.get_or_insert_default();
                prints.push_str(shown);
                prints.push('\n');
            }
            (None, None) => return Err(malformed("a session begins with a command: `$ …`")),
        }
    }
    for command in &mut commands {
        command.prints = command.prints.take().filter(|text| !text.trim().is_empty());
    }
    Ok(Session {
        line,
        written: written(info).map_err(malformed)?,
        commands,
    })
}

/// The last lab of `console labs=1-3`.
fn written(info: &str) -> Result<Option<u8>, &'static str> {
    let help = "expected nothing or `labs=1-N` behind `console`";
    let Some(labs) = info.strip_prefix("console").map(str::trim) else {
        return Err(help);
    };
    if labs.is_empty() {
        return Ok(None);
    }
    let labs = labs.strip_prefix("labs=").ok_or(help)?;
    let last = labs.strip_prefix("1-").unwrap_or(labs);
    last.parse().map(Some).map_err(|_| help)
}

/// What stands before a comment; two blanks set it off.
fn without_comment(typed: &str) -> &str {
    typed.split("  #").next().unwrap_or(typed).trim_end()
}
