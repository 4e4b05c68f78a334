//! Scripts and styles, and the policy that allows them and nothing else.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

/// The styles, in order.
pub const STYLES: [&str; 2] = [
    include_str!("../assets/vendor/uPlot.min.css"),
    include_str!("../assets/page.css"),
];

/// The scripts, in the order in which they are read: each may use those above it. They
/// share one scope, as scripts of a page do.
pub const SCRIPTS: [&str; 13] = [
    include_str!("../assets/vendor/htm-preact.standalone.umd.js"),
    include_str!("../assets/vendor/uPlot.iife.min.js"),
    include_str!("../assets/words.js"),
    include_str!("../assets/state.js"),
    include_str!("../assets/reader.js"),
    include_str!("../assets/place.js"),
    include_str!("../assets/layout.js"),
    include_str!("../assets/picture.js"),
    include_str!("../assets/steps.js"),
    include_str!("../assets/tables.js"),
    include_str!("../assets/list.js"),
    include_str!("../assets/charts.js"),
    include_str!("../assets/app.js"),
];

/// The content security policy: these scripts and styles, pictures in the page itself, and
/// nothing else; nothing is loaded and nothing is sent.
pub fn policy() -> String {
    let scripts = sources(&SCRIPTS);
    let styles = sources(&STYLES);
    format!(
        "default-src 'none'; script-src {scripts}; style-src {styles}; img-src data:; \
         base-uri 'none'; form-action 'none'"
    )
}

fn sources(texts: &[&str]) -> String {
    let hashes: Vec<String> = texts
        .iter()
        .map(|text| format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text))))
        .collect();
    hashes.join(" ")
}
