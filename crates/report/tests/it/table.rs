//! The table of students in a browser: sort, search, filter, keys, links.

use browser::shown::{DESKTOP, Shown, show, show_file};
use diagnosis::diagnose::Likeness;
use grader::feedback::ShownClass;
use report::options::Options;

use crate::made::{careless, diagnosis, not_graded, perfect, shown, standing, student, written};

/// Four students: a perfect one, a late and careless one, one that was not graded, and Björn.
fn class() -> ShownClass {
    let mut other = careless("u10");
    other.labs[0].parts[0].score = 4.0;
    let shown = shown(vec![perfect("u1"), careless("u2"), not_graded("u3"), other]);
    shown.with_standings(|it| {
        let mut standing = standing(it, u32::from(it.id == "u2"), "");
        standing.points = standing.points.filter(|_| it.max > 0.0);
        standing.adjustments.retain(|_| it.id == "u1");
        standing
    })
}

fn with_table(act: impl FnOnce(&Shown)) {
    let roster = [
        student("u1", "Ada Lovelace", "OS-01"),
        student("u2", "Grace Hopper", "OS-02"),
        student("u3", "Zoë Ångström", "OS-01"),
        student("u10", "Björn Berg", "OS-02"),
    ];
    let diagnoses = [diagnosis("u2", Likeness::Same)];
    let options = Options {
        roster: &roster,
        diagnoses: &diagnoses,
        ..Options::default()
    };
    show(
        report::class::render(&class(), &options).as_bytes(),
        "",
        act,
    );
}

/// The ids of the rows that one sees, in their order.
fn seen(page: &Shown) -> String {
    page.eval(
        "[...document.querySelectorAll('#class tbody tr')].filter((row) => row.offsetHeight > 0)
            .map((row) => row.querySelector('a').textContent).join(' ')",
    )
}

/// Presses the head of a column.
fn sort(page: &Shown, head: &str) {
    page.eval(&format!(
        "[...document.querySelectorAll('#class thead button')]
            .find((button) => button.textContent.startsWith('{head}')).click()"
    ));
}

fn choose(page: &Shown, select: &str, value: &str) {
    page.eval(&format!(
        "(() => {{ const select = document.querySelector('#{select}'); select.value = '{value}';
            select.dispatchEvent(new Event('input', {{ bubbles: true }})); }})()"
    ));
}

#[test]
fn a_head_sorts_numbers_from_the_top_and_text_from_the_front_and_turns_when_pressed_again() {
    with_table(|page| {
        assert_eq!(seen(page), "u1 u2 u3 u10");
        // Points: 21, 15, none, 10: what is missing is last either way.
        sort(page, "points");
        page.hear("4 students, by points, from the top down");
        assert_eq!(seen(page), "u1 u2 u10 u3");
        sort(page, "points");
        assert_eq!(seen(page), "u10 u2 u1 u3");
        sort(page, "name");
        assert_eq!(seen(page), "u1 u10 u2 u3");
        assert_eq!(page.text("#class th[aria-sort=ascending]"), "name");
        assert_eq!(page.count("#class th[aria-sort]"), 1);
        sort(page, "student");
        sort(page, "student");
        assert_eq!(seen(page), "u10 u3 u2 u1");
    });
}

#[test]
fn a_search_finds_names_without_their_accents_and_all_words_must_be_there() {
    with_table(|page| {
        page.press("/");
        page.type_text("angstrom os-01");
        page.hear("1 of 4 students");
        assert_eq!(seen(page), "u3");
        page.eval("document.querySelector('#clear').click()");
        page.hear("4 students");
        page.press("/");
        page.type_text("nobody");
        page.hear("0 of 4 students");
        assert_eq!(seen(page), "");
    });
}

#[test]
fn filters_are_by_section_end_mistake_and_standing_and_go_together() {
    with_table(|page| {
        choose(page, "section", "OS-02");
        assert_eq!(seen(page), "u2 u10");
        choose(page, "mistake", "C01");
        assert_eq!(seen(page), "u2");
        page.eval("document.querySelector('#clear').click()");
        page.hear("4 students");
        for (value, ids) in [("late", "u2"), ("adjusted", "u1"), ("not graded", "u3")] {
            choose(page, "note", value);
            assert_eq!(seen(page), ids, "{value}");
        }
        choose(page, "note", "");
        choose(page, "end", "failed");
        assert_eq!(seen(page), "u2 u10");
    });
}

#[test]
fn arrows_go_from_student_to_student() {
    with_table(|page| {
        let focused = "document.activeElement.textContent";
        page.eval("document.querySelector('#class tbody a').focus()");
        for (key, id) in [
            ("ArrowDown", "u2"),
            ("End", "u10"),
            ("ArrowDown", "u10"),
            ("ArrowUp", "u3"),
            ("Home", "u1"),
        ] {
            page.press(key);
            assert_eq!(page.eval(focused), id, "{key}");
        }
    });
}

#[test]
fn a_row_leads_to_the_page_of_its_student() {
    let folder = written(&class(), &Options::default());
    show_file(DESKTOP, &folder.path().join("report.html"), "", |page| {
        page.eval("document.querySelector('#class tbody tr:nth-child(2) a').focus()");
        page.press("Enter");
        page.wait("document.title === 'u2: points' && document.readyState === 'complete'");
        assert_eq!(page.text("h1"), "u2");
    });
}
