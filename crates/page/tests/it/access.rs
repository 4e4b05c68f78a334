//! Accessibility, as far as a program can judge it: axe-core.

use browser::access::{axe, violations};
use browser::shown::{DESKTOP, PHONE, Screen, show_on};

use crate::films::{film, page, page_compared};

/// Asserts that axe finds nothing on a page.
fn has_no_violation(screen: Screen, bytes: &[u8], hash: &str) {
    let Some(axe) = axe() else { return };
    show_on(screen, bytes, hash, |page| {
        page.wait("document.querySelector('.picture')");
        page.eval("document.querySelectorAll('details').forEach((it) => { it.open = true })");
        page.wait("document.querySelectorAll('details table').length > 3");
        assert_eq!(violations(&axe, page), "");
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
