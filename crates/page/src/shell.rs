//! The markup around the data.

use maud::{DOCTYPE, Markup, PreEscaped, html};
use serde::Serialize;

use crate::assets;
use crate::index::Class;
use crate::write::Summary;

/// What the page begins with, up to the data.
pub fn head(title: &str) -> String {
    let head = html! {
        head {
            meta charset="utf-8";
            meta http-equiv="Content-Security-Policy" content=(assets::policy());
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="color-scheme" content="light dark";
            meta name="referrer" content="no-referrer";
            title { (title) " – Faultline" }
            @for style in assets::STYLES {
                style { (PreEscaped(style)) }
            }
        }
    };
    let start = html! {
        div #app {
            header.top {
                h1 { (title) }
            }
            main {
                p.loading { "The page is being read." }
            }
        }
    };
    format!(
        "{}<html lang=\"en\">{}<body>\n{}\n",
        DOCTYPE.into_string(),
        head.into_string(),
        start.into_string()
    )
}

/// What the page ends with, behind the data.
pub fn tail(summary: &Summary) -> String {
    let tail = html! {
        noscript { (without_script(summary)) }
        (data("summary", summary))
        @for script in assets::SCRIPTS {
            script { (PreEscaped(script)) }
        }
    };
    format!("{}\n</body></html>\n", tail.into_string())
}

/// JSON in an element that nothing runs. No text can end the element early.
fn data(id: &str, value: &impl Serialize) -> Markup {
    let json = serde_json::to_string(value).unwrap_or_default();
    html! {
        script type="application/json" id=(id) { (PreEscaped(json.replace('<', "\\u003c"))) }
    }
}

/// What can be told without a script.
fn without_script(summary: &Summary) -> Markup {
    html! {
        section.sheet {
            h2 { "All events" }
            p {
                "Stepping through the events needs JavaScript, which is switched off. "
                "This is the sum of all " (summary.events) " events."
            }
            table {
                thead {
                    tr { th scope="col" { "class" } th scope="col" { "events" } }
                }
                tbody {
                    @for Class { name, count } in &summary.classes {
                        tr {
                            th scope="row" {
                                @if name.is_empty() { "no access" } @else { (name) }
                            }
                            td { (count) }
                        }
                    }
                }
            }
            @for run in &summary.runs {
                @if let Some(stopped) = &run.stopped {
                    p { "The run “" (run.name) "” stopped: " (stopped) }
                }
            }
        }
    }
}
