//! What a key asks for.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::place::Way;

/// What somebody asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wish {
    Leave,
    Help,
    Event(Way),
    Step(Way),
    Fault(Way),
    Trouble(Way),
    Start,
    End,
    /// To the line whose number was typed, or to the start.
    Line,
    Digit(char),
    Search,
    Focus(Way),
    Scroll(Way),
    OtherFilm,
}

/// The keys, as the help tells them.
pub(crate) const HELP: [(&str, &str); 15] = [
    ("right  l", "next event"),
    ("left   h", "event before"),
    (
        "down   j",
        "next of the seven steps, and on into the next event",
    ),
    ("up     k", "step before"),
    ("n   N", "next fault, fault before"),
    (
        "s   S",
        "next signal or other trouble; with --compare, next difference",
    ),
    (
        "/ text",
        "search events, classes, addresses; Enter alone: again",
    ),
    ("12 g", "to line 12 of the trace"),
    ("g   G", "to the start, to the end"),
    ("Tab", "next pane (Shift-Tab: the one before)"),
    ("PgDn PgUp", "scroll the pane"),
    ("c", "with --compare: your film or the expected one"),
    ("?", "this help"),
    ("q  Esc", "leave (Ctrl-C as well)"),
    (
        "signs",
        "> here   + new   ~ changed   - gone   ! not as expected",
    ),
];

/// What a key asks for; none if nothing.
pub(crate) fn wish(key: KeyEvent) -> Option<Wish> {
    if key.modifiers.contains(KeyModifiers::CONTROL) {
        return match key.code {
            KeyCode::Char('c') => Some(Wish::Leave),
            KeyCode::Char('f') => Some(Wish::Scroll(Way::On)),
            KeyCode::Char('b') => Some(Wish::Scroll(Way::Back)),
            _ => None,
        };
    }
    Some(match key.code {
        KeyCode::Char('q') | KeyCode::Esc => Wish::Leave,
        KeyCode::Char('?') => Wish::Help,
        KeyCode::Right | KeyCode::Char('l') => Wish::Event(Way::On),
        KeyCode::Left | KeyCode::Char('h') => Wish::Event(Way::Back),
        KeyCode::Down | KeyCode::Char('j') => Wish::Step(Way::On),
        KeyCode::Up | KeyCode::Char('k') => Wish::Step(Way::Back),
        KeyCode::Char('n') => Wish::Fault(Way::On),
        KeyCode::Char('N') => Wish::Fault(Way::Back),
        KeyCode::Char('s') => Wish::Trouble(Way::On),
        KeyCode::Char('S') => Wish::Trouble(Way::Back),
        KeyCode::Char('/') => Wish::Search,
        KeyCode::Char('g') => Wish::Line,
        KeyCode::Home => Wish::Start,
        KeyCode::Char('G') | KeyCode::End => Wish::End,
        KeyCode::Tab => Wish::Focus(Way::On),
        KeyCode::BackTab => Wish::Focus(Way::Back),
        KeyCode::PageDown => Wish::Scroll(Way::On),
        KeyCode::PageUp => Wish::Scroll(Way::Back),
        KeyCode::Char('c') => Wish::OtherFilm,
        KeyCode::Char(digit) if digit.is_ascii_digit() => Wish::Digit(digit),
        _ => return None,
    })
}
