//! A phone, the dark, and paper.

use browser::shown::{DESKTOP, PHONE, Screen, show, show_on};
use report::options::Options;

use crate::made::{careless, page, perfect, shown};

fn report() -> Vec<u8> {
    let shown = shown(vec![perfect("u1"), careless("u2")]);
    report::class::render(&shown, &Options::default()).into_bytes()
}

fn both() -> [Vec<u8>; 2] {
    [report(), page(careless("u2")).into_bytes()]
}

#[test]
fn on_a_phone_nothing_but_tables_scrolls_sideways() {
    for page in both() {
        show_on(PHONE, &page, "", |page| {
            let width = page.eval("document.documentElement.scrollWidth");
            assert_eq!(width, PHONE.width.to_string());
        });
    }
}

#[test]
fn a_page_is_dark_where_the_system_is() {
    let background = |screen: Screen, page: &[u8]| {
        let mut found = String::new();
        show_on(screen, page, "", |page| {
            found = page.eval("getComputedStyle(document.body).backgroundColor");
        });
        found
    };
    if !browser::shown::is_there() {
        return;
    }
    for page in both() {
        assert_eq!(background(DESKTOP, &page), "rgb(255, 255, 255)");
        assert_eq!(background(DESKTOP.dark(), &page), "rgb(21, 24, 30)");
    }
}

#[test]
fn pages_print_and_the_class_is_on_paper_as_a_whole() {
    for page in both() {
        show(&page, "", |page| {
            let pdf = page.pdf();
            assert!(pdf.starts_with(b"%PDF-"));
            assert!(pdf.len() > 10_000, "{} bytes", pdf.len());
        });
    }
}
