//! Two runs side by side.

use browser::shown::show;
use film::scene::Outcome;

use crate::films::{Film, film, page_compared};

/// A kernel whose fork forgets to take the right to write away: the write that should be
/// copied hits.
fn without_copy() -> Film {
    let mut film = film("fork-write");
    let scene = film.line(8);
    scene.class = "hit".to_owned();
    scene.outcome = Outcome::Hit;
    scene.faults.clear();
    scene.cost.clear();
    scene.changes.clear();
    film
}

#[test]
fn runs_that_differ_are_opened_at_the_first_difference() {
    let (yours, expected) = (without_copy(), film("fork-write"));
    let both = page_compared(&yours.text(), &expected.text());
    show(&both, "", |page| {
        page.hear("Line 8:");
        assert!(
            page.text(".differences caption")
                .contains("The first difference")
        );
        let row = page.text(".differences tbody tr");
        assert_eq!(row, "the class\thit\tminor copy-on-write");
        assert_eq!(page.count(".picture"), 2);
        assert_eq!(page.text(".run-0 .whose"), "your run");
        assert_eq!(page.text(".run-1 .whose"), "expected");
        assert_eq!(page.count(".run-1 .steps li"), 7);
        assert_eq!(page.count(".run-0 .steps li"), 0);
    });
}

#[test]
fn both_runs_are_stepped_through_together() {
    let both = page_compared(&film("fork-write").text(), &film("fork-write").text());
    show(&both, "#line=8", |page| {
        page.press("ArrowRight");
        page.hear("Step 1 of 7");
        assert_eq!(page.count(".steps li[aria-current=step]"), 2);
        assert_eq!(page.count(".differences"), 0);
    });
}

#[test]
fn a_run_that_stops_early_says_where_and_why() {
    let mut yours = film("fork-write");
    yours.scenes.truncate(7);
    let why = "not written yet at labs/skeleton/src/lab5.rs:57: reuse";
    yours.stopped = Some(why.to_owned());
    let both = page_compared(&yours.text(), &film("fork-write").text());
    show(&both, "", |page| {
        page.hear("Line 9:");
        assert!(page.text(".run-0 .alert").contains(why));
        assert_eq!(page.count(".run-1 .alert"), 0);
        page.press("ArrowDown");
        page.hear("Line 10:");
        assert!(page.text(".run-0 .alert").contains(why));
    });
}
