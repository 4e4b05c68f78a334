//! Colours and borders, or none. Whatever they tell, words and signs tell as well.

use std::env;

use film::scene::Outcome;
use ratatui::style::{Color, Modifier, Style};
use ratatui::symbols::border;

use crate::rows::Sign;

/// How things look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// Whether there are colours.
    pub colours: Colours,
    /// Which characters there are.
    pub characters: Characters,
}

/// Whether there are colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colours {
    /// Bold and reversed text only.
    None,
    /// Eight colours, as every terminal has them.
    Eight,
}

/// Which characters a terminal can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Characters {
    /// Those on a keyboard.
    Ascii,
    /// Lines and arrows as well.
    Unicode,
}

/// Borders of what is on a keyboard.
const ASCII: border::Set<'static> = border::Set {
    top_left: "+",
    top_right: "+",
    bottom_left: "+",
    bottom_right: "+",
    vertical_left: "|",
    vertical_right: "|",
    horizontal_top: "-",
    horizontal_bottom: "-",
};

impl Look {
    /// What the environment asks for: NO_COLOR (no-color.org), TERM, and the locale.
    pub fn of_environment() -> Self {
        let set = |name| env::var(name).ok().filter(|value| !value.is_empty());
        let terminal = set("TERM").unwrap_or_default();
        let plain = set("NO_COLOR").is_some() || terminal.starts_with("vt") || terminal == "dumb";
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(set);
        let locale = locale.unwrap_or_default().to_lowercase();
        let unicode = locale.contains("utf-8") || locale.contains("utf8");
        Self {
            colours: match plain {
                true => Colours::None,
                false => Colours::Eight,
            },
            characters: match unicode {
                true => Characters::Unicode,
                false => Characters::Ascii,
            },
        }
    }

    /// The same without colours.
    pub fn without_colours(self) -> Self {
        Self {
            colours: Colours::None,
            ..self
        }
    }

    pub(crate) fn border(self) -> border::Set<'static> {
        match self.characters {
            Characters::Ascii => ASCII,
            Characters::Unicode => border::PLAIN,
        }
    }

    /// The better of two ways to write something.
    pub(crate) fn write(self, unicode: &'static str, ascii: &'static str) -> &'static str {
        match self.characters {
            Characters::Unicode => unicode,
            Characters::Ascii => ascii,
        }
    }

    pub(crate) fn outcome(self, outcome: Outcome) -> Style {
        let plain = Style::new();
        match outcome {
            Outcome::Call | Outcome::Hit => plain,
            Outcome::Minor => self.colour(plain, Color::Green),
            Outcome::Major => self.colour(plain, Color::Yellow),
            Outcome::Failed => self.colour(plain, Color::Magenta),
            Outcome::Signal | Outcome::Oom | Outcome::Livelock | Outcome::Stopped => {
                self.colour(plain.add_modifier(Modifier::BOLD), Color::Red)
            }
        }
    }

    pub(crate) fn sign(self, sign: Sign) -> Style {
        let strong = Style::new().add_modifier(Modifier::BOLD);
        match sign {
            Sign::None | Sign::Title => Style::new(),
            Sign::Here => strong,
            Sign::New => self.colour(strong, Color::Green),
            Sign::Changed => self.colour(strong, Color::Yellow),
            Sign::Gone | Sign::Differs => self.colour(strong, Color::Red),
        }
    }

    fn colour(self, style: Style, colour: Color) -> Style {
        match self.colours {
            Colours::None => style,
            Colours::Eight => style.fg(colour),
        }
    }
}
