//! Rows of a pane, each with a sign, so that what changed is seen without colour.

use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};

use crate::look::Look;

/// What is told of a row besides its text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Sign {
    /// Nothing.
    #[default]
    None,
    /// It is a title for the rows below.
    Title,
    /// The one that all is about.
    Here,
    /// It was not there before.
    New,
    /// It was another one before.
    Changed,
    /// It is not there any more.
    Gone,
    /// It is not what was expected.
    Differs,
}

impl Sign {
    fn letter(self) -> char {
        match self {
            Sign::None | Sign::Title => ' ',
            Sign::Here => '>',
            Sign::New => '+',
            Sign::Changed => '~',
            Sign::Gone => '-',
            Sign::Differs => '!',
        }
    }

    /// Compares what a table has now with what it had.
    pub fn of<T: PartialEq>(before: Option<&T>, now: Option<&T>) -> Self {
        match (before, now) {
            (None, Some(_)) => Sign::New,
            (Some(_), None) => Sign::Gone,
            (Some(a), Some(b)) if a != b => Sign::Changed,
            _ => Sign::None,
        }
    }
}

/// A row of a pane.
#[derive(Clone, Debug, Default)]
pub(crate) struct Row {
    pub sign: Sign,
    pub text: String,
    /// How the text looks, besides its sign.
    pub style: Style,
}

impl Row {
    pub fn new(sign: Sign, text: impl Into<String>) -> Self {
        Self {
            sign,
            text: text.into(),
            style: Style::new(),
        }
    }

    pub fn plain(text: impl Into<String>) -> Self {
        Self::new(Sign::None, text)
    }

    pub fn title(text: impl Into<String>) -> Self {
        Self {
            style: Style::new().add_modifier(Modifier::BOLD),
            ..Self::new(Sign::Title, text)
        }
    }

    /// The row as a line: its sign, a blank, its text.
    pub fn line(&self, look: Look) -> Line<'static> {
        let style = self.style.patch(look.sign(self.sign));
        let text = match self.sign {
            Sign::New | Sign::Changed | Sign::Differs => style.add_modifier(Modifier::REVERSED),
            _ => style,
        };
        Line::from(vec![
            Span::styled(format!("{} ", self.sign.letter()), style),
            Span::styled(self.text.clone(), text),
        ])
    }
}

/// The rows of a pane, and the one that should be in sight.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rows {
    pub rows: Vec<Row>,
    pub focus: usize,
}

impl Rows {
    /// Rows of which the first that has something to tell should be in sight.
    pub fn of(rows: Vec<Row>) -> Self {
        let focus = rows
            .iter()
            .position(|row| !matches!(row.sign, Sign::None | Sign::Title));
        Self {
            focus: focus.unwrap_or_default(),
            rows,
        }
    }

    /// The first row that is shown, if there is room for so many, and the viewer has
    /// scrolled by so many from where it would be.
    pub fn first(&self, room: usize, scrolled: i32) -> usize {
        let last = self.rows.len().saturating_sub(room);
        let start = match self.focus < room {
            true => 0,
            false => self.focus.saturating_sub(room / 2),
        };
        let moved = start.min(last) as i64 + i64::from(scrolled);
        moved.clamp(0, last as i64) as usize
    }
}
