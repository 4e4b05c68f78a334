//! A phone, the dark, and paper.

use browser::shown::{DESKTOP, PHONE, show, show_on};

use crate::films::{film, page, page_compared};

fn cow() -> Vec<u8> {
    page(&film("fork-write").text())
}

/// What makes a page of 360 pixels scroll sideways; nothing, if it does not.
const TOO_WIDE: &str = "document.documentElement.scrollWidth <= 360 ? '' :
    [...document.querySelectorAll('body *')]
        .filter((element) => element.getBoundingClientRect().right > 360)
        .map(({ tagName, className, textContent }) => `${tagName}.${className} ${textContent.slice(0, 40)}`)
        .join('; ')";

#[test]
fn on_a_phone_nothing_scrolls_sideways_and_buttons_fit_a_thumb() {
    for hash in ["#line=8", "#line=8&step=4"] {
        show_on(PHONE, &cow(), hash, |page| {
            page.wait("document.querySelector('.picture')");
            assert_eq!(page.eval(TOO_WIDE), "");
            let smallest = "Math.min(...[...document.querySelectorAll('nav button')]
                .map((button) => button.getBoundingClientRect())
                .map(({ width, height }) => Math.min(width, height)))";
            assert!(page.eval(smallest).parse::<f64>().expect("a number") >= 44.0);
        });
    }
}

#[test]
fn two_runs_fit_a_phone() {
    let both = page_compared(&film("fork-write").text(), &film("fork-write").text());
    show_on(PHONE, &both, "#line=8", |page| {
        page.wait("document.querySelectorAll('.picture').length === 2");
        assert_eq!(page.eval(TOO_WIDE), "");
    });
}

#[test]
fn the_page_is_dark_where_the_system_is_and_the_switch_overrides_it() {
    let background = "getComputedStyle(document.documentElement).backgroundColor";
    show_on(DESKTOP.dark(), &cow(), "", |page| {
        assert_eq!(page.eval(background), "rgb(20, 23, 28)");
        page.press("t");
        page.press("t");
        page.wait(&format!("{background} === 'rgb(247, 246, 243)'"));
    });
    show(&cow(), "", |page| {
        assert_eq!(page.eval(background), "rgb(247, 246, 243)");
    });
}

#[test]
fn it_prints() {
    show(&cow(), "#line=8&step=4", |page| {
        page.hear("Step 4 of 7");
        let pdf = page.pdf();
        assert!(pdf.starts_with(b"%PDF-"));
        assert!(pdf.len() > 10_000, "{} bytes", pdf.len());
    });
}
