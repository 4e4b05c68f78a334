//! Two thousand students on one page.

use browser::shown::{Shown, show};
use report::options::Options;

use crate::made::{careless, perfect, shown};

const STUDENTS: usize = 2000;

fn report() -> String {
    let submission = |number: usize| {
        let id = format!("u{number:04}");
        let mut submission = if number.is_multiple_of(3) {
            careless(&id)
        } else {
            perfect(&id)
        };
        submission.labs[0].score =
            f64::from(u32::try_from(number * 7 % 1200).expect("small")) / 100.0;
        submission.labs[0].parts[0].score = submission.labs[0].score;
        submission
    };
    let shown = shown((0..STUDENTS).map(submission).collect());
    report::class::render(&shown, &Options::default())
}

/// Rows that one can see if one scrolls to them.
fn drawn(page: &Shown) -> String {
    page.eval("[...document.querySelectorAll('#class tbody tr')].filter((row) => row.offsetHeight > 0).length")
}

/// Milliseconds until something is done and drawn.
fn took(page: &Shown, what: &str, action: &str) {
    let took = page.eval(&format!(
        "new Promise((yes) => {{
           const start = performance.now();
           {action};
           requestAnimationFrame(() => setTimeout(() => yes(Math.round(performance.now() - start))));
         }})"
    ));
    println!("{STUDENTS} students, {what}: {took} ms");
}

#[test]
fn two_thousand_students_are_all_there_and_drawn_as_somebody_gets_to_them() {
    show(report().as_bytes(), "", |page| {
        let usable =
            page.eval("Math.round(performance.getEntriesByType('navigation')[0].domComplete)");
        println!("{STUDENTS} students, from navigation to a table in use: {usable} ms");
        page.hear("2000 students");
        assert_eq!(page.count("#class tbody tr"), STUDENTS);
        assert_eq!(drawn(page), "100");
        assert_eq!(page.text("#more"), "Show the other 1900");
        took(
            page,
            "sort",
            "document.querySelector('#class thead th:nth-child(2) button').click()",
        );
        page.hear("by points, from the top down");
        let input = "document.querySelector('#search').dispatchEvent(new Event('input', { bubbles: true }))";
        took(
            page,
            "search",
            &format!("document.querySelector('#search').value = 'u19'; {input}"),
        );
        page.hear("100 of 2000 students");
        assert_eq!(drawn(page), "100");
        took(
            page,
            "show all again",
            "document.querySelector('#clear').click()",
        );
        page.hear("2000 students");
        took(page, "draw all", "document.querySelector('#more').click()");
        assert_eq!(drawn(page), "2000");
    });
}

#[test]
fn whoever_goes_on_gets_more() {
    show(report().as_bytes(), "", |page| {
        page.eval("(() => { const frame = document.querySelector('#class').parentElement; frame.scrollTop = frame.scrollHeight; })()");
        page.wait("document.querySelectorAll('#class tbody tr:not(.later)').length === 200");
        page.eval("document.querySelector('#class tbody a').focus()");
        page.press("End");
        assert_eq!(page.eval("document.activeElement.textContent"), "u1999");
    });
}
