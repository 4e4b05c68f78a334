//! Jumping to a line, searching, and links.

use browser::shown::show;

use crate::films::{film, page};

/// More events than fit into one chunk, so that others must be unpacked.
fn long() -> Vec<u8> {
    page(&film("fork-write").repeated(12_345).text())
}

#[test]
fn g_goes_to_a_line_far_away() {
    show(&long(), "", |page| {
        page.press("g");
        page.type_text("9000");
        page.press("Enter");
        page.hear("Line 9000:");
        page.wait("location.hash === '#line=9000'");
    });
}

#[test]
fn a_link_leads_to_a_line_and_a_step() {
    show(&long(), "#line=5608&step=4", |page| {
        page.hear("Step 4 of 7, the kernel investigates");
        assert!(page.text("#event-title").contains("line 5608"));
        page.eval("void (location.hash = '#line=3')");
        page.hear("Line 3:");
    });
}

#[test]
fn search_finds_a_class_and_goes_on_behind_it() {
    show(&page(&film("fork-write").text()), "#line=2", |page| {
        page.press("/");
        page.type_text("copy-on-write");
        page.press("Enter");
        page.hear("Line 8:");
        page.press("Enter");
        page.hear("No other event has “copy-on-write”.");
    });
}

#[test]
fn search_unpacks_what_is_far_away() {
    let mut far = film("fork-write").repeated(5000);
    far.line(4800).text = "read 1 0xdecade".to_owned();
    show(&page(&far.text()), "", |page| {
        page.press("/");
        page.type_text("decade");
        page.press("Enter");
        page.hear("Line 4800: read 1 0xdecade");
    });
}

#[test]
fn of_many_events_only_those_in_sight_are_in_the_list() {
    show(&long(), "#line=6000", |page| {
        page.hear("Line 6000:");
        assert!(page.count("[role=option]") < 60);
        page.wait("document.querySelectorAll('[role=option][aria-selected=true]').length === 1");
        assert_eq!(page.text("[role=option] .badge").chars().count(), 1);
    });
}

#[test]
fn help_opens_and_closes() {
    show(&long(), "", |page| {
        page.press("?");
        page.wait("document.querySelector('dialog').open");
        page.press("Escape");
        page.wait("!document.querySelector('dialog').open");
    });
}
