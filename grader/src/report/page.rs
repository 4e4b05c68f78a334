//! What all HTML reports have in common: one file that needs no other and no network, in
//! light or dark as the reader likes it.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::sink;

/// Colours, type and the parts that reports share: tiles, tables, scrolling matrices.
const STYLE: &str = include_str!("page.css");

/// A page. `style` is what this report needs besides the style that all share.
///
/// Whatever text is in it, nothing in it hides, and a browser loads and runs nothing.
pub fn page(title: &str, style: &str, body: &Markup) -> String {
    whole(title, style, None, body)
}

/// A page with a script, which is run when the page is read. It and the style are named by
/// their hashes, and a browser loads and runs nothing else.
pub fn page_with_script(title: &str, style: &str, script: &str, body: &Markup) -> String {
    whole(title, style, Some(script), body)
}

fn whole(title: &str, style: &str, script: Option<&str>, body: &Markup) -> String {
    let style = format!("{STYLE}{style}");
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(sink::html::policy(&style, script));
                meta name="referrer" content="no-referrer";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) }
                style { (PreEscaped(&style)) }
            }
            body {
                (body)
                @if let Some(script) = script { script { (PreEscaped(script)) } }
            }
        }
    };
    sink::html::visible(&page.into_string())
}

/// A number and what it counts, in a tile.
pub fn tile(count: impl std::fmt::Display, what: &str, mood: Mood) -> Markup {
    html! {
        div class={ "tile " (mood.class()) } {
            div.count { (count) }
            div.what { (what) }
        }
    }
}

/// Text with code between backticks, as messages have it.
pub fn prose(text: &str) -> Markup {
    html! {
        @for (index, part) in text.split('`').enumerate() {
            @if index % 2 == 1 { code { (part) } } @else { (part) }
        }
    }
}

/// How good or bad something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    /// As it should be.
    Good,
    /// Not as it should be.
    Bad,
    /// Neither.
    Plain,
}

impl Mood {
    /// The class of the style.
    pub fn class(self) -> &'static str {
        match self {
            Mood::Good => "good",
            Mood::Bad => "bad",
            Mood::Plain => "plain",
        }
    }

    /// Good if it holds.
    pub fn good_if(holds: bool) -> Self {
        if holds { Mood::Good } else { Mood::Bad }
    }
}
