//! Reads a text trace, line by line.

use std::io::BufRead;

use vmsim::event::{Config, Event};

use crate::Line;
use crate::error::{ParseError, Problem, ReadError, Wanted};
use crate::names::Names;
use crate::plain::Plain;
use crate::text::lines::{Lines, Next};
use crate::text::plain;
use crate::text::scan::{Mistake, Scanner};
use crate::text::statement;
use crate::text::words::{VERBS, Verb};

/// The events of a text trace.
///
/// A malformed line is an error, and the line after it comes next: a caller may
/// stop or collect. After an error of the reader, or a line that is too long,
/// there is nothing more.
///
/// Line ends are LF or CR LF, the last one may be missing, and a UTF-8 byte order
/// mark at the start is skipped.
#[derive(Debug)]
pub struct Parser<R> {
    lines: Lines<R>,
    config: Config,
    names: Names,
    comment: String,
    /// The event that was read while looking for the `machine` line.
    first: Option<Event>,
    ended: bool,
}

/// What a line that is not empty says.
enum Statement {
    Machine(Config),
    Event(Event),
}

/// Where a line stands: the first one may describe the machine.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    First,
    Later,
}

impl<R: BufRead> Parser<R> {
    /// Reads up to the first line that is not empty, and its `machine`, if it is one.
    ///
    /// If that line is malformed, there is no machine to run the trace on, and so
    /// no parser.
    pub fn new(reader: R) -> Result<Self, ReadError> {
        let mut parser = Self {
            lines: Lines::new(reader),
            config: Config::default(),
            names: Names::default(),
            comment: String::new(),
            first: None,
            ended: false,
        };
        match parser.statement(Place::First).transpose()? {
            Some(Statement::Machine(config)) => parser.config = config,
            Some(Statement::Event(event)) => parser.first = Some(event),
            None => {}
        }
        Ok(parser)
    }

    /// The machine that the trace runs on.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The files named so far.
    pub fn names(&self) -> &Names {
        &self.names
    }

    /// The comment on the line of the last event, without `#` and blanks around
    /// it; empty if there is none.
    pub fn comment(&self) -> &str {
        &self.comment
    }

    /// The outcome that the comment on the line of the last event notes, as
    /// `minor` in `read 1 0x10000000  # => minor`.
    pub fn outcome(&self) -> Option<&str> {
        outcome(&self.comment)
    }

    /// Hands on the plain accesses that come next, as far as the reader's buffer holds them:
    /// for whoever reads millions of them. [`next`](Iterator::next) gives whatever was not
    /// taken.
    ///
    /// # Errors
    ///
    /// If the reader fails.
    #[inline(always)]
    pub fn plain<T>(
        &mut self,
        take: impl FnOnce(&mut plain::Lines<'_>) -> T,
    ) -> Result<T, ReadError> {
        let before = self.lines.number();
        let bytes = match self.ended || self.first.is_some() {
            true => &[],
            false => {
                self.comment.clear();
                self.lines.ahead().inspect_err(|_| self.ended = true)?
            }
        };
        let mut lines = plain::Lines::new(bytes, self.config.cpus, before);
        let taken = take(&mut lines);
        let (len, number) = (lines.len(), lines.number());
        if len > 0 {
            self.lines.skip(len, number - before);
        }
        Ok(taken)
    }

    /// Reads the next line that is not empty, plain or not.
    fn statement(&mut self, place: Place) -> Option<Result<Statement, ReadError>> {
        while !self.ended {
            let line = match self.lines.advance() {
                Ok(Next::Line(line)) => line,
                Ok(Next::End) => break,
                Ok(Next::TooLong) => return Some(Err(self.too_long())),
                Err(error) => {
                    self.ended = true;
                    return Some(Err(error.into()));
                }
            };
            let scope = (place, self.config.cpus, &mut self.names);
            match parse_line(line, scope, &mut self.comment) {
                Ok(None) => {}
                Ok(Some(statement)) => return Some(Ok(statement)),
                Err(mistake) => return Some(Err(self.locate(mistake))),
            }
        }
        self.ended = true;
        None
    }

    /// Gives the next event, whatever its line looks like.
    #[inline(never)]
    fn next_of_any(&mut self) -> Option<Result<Line, ReadError>> {
        let event = match self.first.take() {
            Some(event) => event,
            None => match self.statement(Place::Later)? {
                Ok(Statement::Event(event)) => event,
                Ok(Statement::Machine(_)) => unreachable!("only the first line is a machine"),
                Err(error) => return Some(Err(error)),
            },
        };
        Some(Ok(Line {
            number: self.lines.number(),
            event,
        }))
    }

    #[cold]
    fn too_long(&mut self) -> ReadError {
        self.ended = true;
        let problem = Box::new(Problem::LineTooLong);
        self.locate(Mistake {
            at: crate::limits::LINE_LEN_MAX,
            problem,
        })
    }

    #[cold]
    fn locate(&self, Mistake { at, problem }: Mistake) -> ReadError {
        ParseError {
            line: self.lines.number(),
            column: at + 1,
            problem,
        }
        .into()
    }
}

impl<R: BufRead> Iterator for Parser<R> {
    type Item = Result<Line, ReadError>;

    #[inline(always)]
    fn next(&mut self) -> Option<Self::Item> {
        match self.plain(|lines| lines.next()) {
            Ok(Some(access)) => Some(Ok(Line {
                number: self.lines.number(),
                event: access.into(),
            })),
            Ok(None) => self.next_of_any(),
            Err(error) => Some(Err(error)),
        }
    }
}

/// The outcome that a comment notes after `=>`.
pub(crate) fn outcome(comment: &str) -> Option<&str> {
    comment.strip_prefix("=>").map(str::trim)
}

#[inline]
fn parse_line(
    line: &[u8],
    (place, cpus, names): (Place, u8, &mut Names),
    comment: &mut String,
) -> Result<Option<Statement>, Mistake> {
    let mut line = Scanner::new(line);
    let word = line.word();
    comment.clear();
    let statement = match word.is_empty() {
        true => None,
        false => Some(match word.one_of(&VERBS, Wanted::Event)? {
            Verb::Machine if place == Place::First => {
                Statement::Machine(statement::machine(&mut line)?)
            }
            Verb::Machine => return Err(word.mistake(Problem::MachineNotFirst)),
            verb => Statement::Event(statement::event(verb, &mut line, cpus, names)?),
        }),
    };
    if let Some(text) = line.comment()? {
        comment.push_str(text.trim());
    }
    Ok(statement)
}
