//! Accessibility, as far as a program can judge it: axe-core.
//!
//! `FAULTLINE_AXE` is the path of `axe.min.js` of axe-core; without it these tests say so
//! and are skipped, unless `FAULTLINE_BROWSER=required`.

use crate::films::film;
use crate::shown::{DESKTOP, PHONE, Screen, page, page_compared, show_on};

fn axe() -> Option<String> {
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

/// Asserts that axe finds nothing on a page.
fn has_no_violation(screen: Screen, bytes: &[u8], hash: &str) {
    let Some(axe) = axe() else { return };
    show_on(screen, bytes, hash, |page| {
        page.wait("document.querySelector('.picture')");
        page.eval("document.querySelectorAll('details').forEach((it) => { it.open = true })");
        page.wait("document.querySelectorAll('details table').length > 3");
        page.eval(&format!("(() => {{ {axe} }})()"));
        let found = page.eval(
            "axe.run({ preload: false }).then(({ violations }) => violations.map((violation) =>
               `${violation.id}: ${violation.nodes.map(({ html, failureSummary }) =>
                 html.slice(0, 200) + ' ' + failureSummary).join('; ')}`).join('\\n'))",
        );
        assert_eq!(found, "");
    });
}

#[test]
fn axe_finds_nothing_in_light_and_dark_on_desktop_and_phone() {
    let cow = page(&film("fork-write").text());
    for screen in [DESKTOP, DESKTOP.dark(), PHONE, PHONE.dark()] {
        has_no_violation(screen, &cow, "#line=8");
        has_no_violation(screen, &cow, "#line=8&step=4");
    }
}

#[test]
fn axe_finds_nothing_on_a_page_of_signals_and_swap() {
    for name in ["on-four-cpus", "three-need-the-slot"] {
        has_no_violation(DESKTOP, &page(&film(name).text()), "#line=11");
    }
}

#[test]
fn axe_finds_nothing_where_runs_are_compared() {
    let mut yours = film("fork-write");
    yours.line(8).class = "hit".to_owned();
    let both = page_compared(&yours.text(), &film("fork-write").text());
    for screen in [DESKTOP, PHONE.dark()] {
        has_no_violation(screen, &both, "");
    }
}
