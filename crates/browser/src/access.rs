//! Accessibility, as far as a program can judge it: axe-core.
//!
//! `FAULTLINE_AXE` is the path of `axe.min.js` of axe-core; without it these tests say so
//! and are skipped, unless `FAULTLINE_BROWSER=required`.

use crate::shown::Shown;

/// The source of axe-core, where there is one.
///
/// # Panics
///
/// If it is required and missing, or cannot be read.
pub fn axe() -> Option<String> {
    let path = std::env::var_os("FAULTLINE_AXE");
    let is_required = std::env::var_os("FAULTLINE_BROWSER").is_some_and(|it| it == "required");
    match path {
        Some(path) => Some(std::fs::read_to_string(path).expect("FAULTLINE_AXE is axe.min.js")),
        None if is_required => panic!("FAULTLINE_AXE must be the path of axe.min.js"),
        None => {
            eprintln!("skipped: FAULTLINE_AXE is not set to the path of axe-core's axe.min.js");
            None
        }
    }
}

/// What axe finds on a page, a line each; nothing on one that everybody can read.
pub fn violations(axe: &str, page: &Shown) -> String {
    page.eval(&format!("(() => {{ {axe} }})()"));
    page.eval(
        "axe.run({ preload: false }).then(({ violations }) => violations.map((violation) =>
           `${violation.id}: ${violation.nodes.map(({ html, failureSummary }) =>
             html.slice(0, 200) + ' ' + failureSummary).join('; ')}`).join('\\n'))",
    )
}
