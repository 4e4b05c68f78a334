//! A student's page: everything about them, and nothing about others.

use course::feedback::Feedback;
use diagnosis::diagnose::Likeness;
use grader::feedback::ShownClass;
use grader::result::SubmissionResult;
use report::options::{Comparison, Options};
use scraper::{Html, Selector};
use verdict::end::End;

use crate::made::{
    careless, class, diagnosis, not_graded, page, perfect, shown, standing, student, written,
};

/// The text of a page as a reader sees it.
fn text(page: &str) -> String {
    let page = Html::parse_document(page);
    let body = Selector::parse("body").expect("a selector");
    let words = page.select(&body).flat_map(|it| it.text());
    let words = words.flat_map(str::split_whitespace);
    let text = words.collect::<Vec<_>>().join(" ");
    // Code before a stop is an element of its own.
    text.replace(" :", ":")
        .replace(" ?", "?")
        .replace(" ,", ",")
}

fn count(page: &str, selector: &str) -> usize {
    let selector = Selector::parse(selector).expect("a selector");
    Html::parse_document(page).select(&selector).count()
}

#[test]
fn every_number_and_its_reason_is_there() {
    let shown = shown(vec![careless("ada")]);
    let shown = shown.with_standings(|it| standing(it, 2, "showed it in class"));
    let folder = written(&shown, &Options::default());
    let page = std::fs::read_to_string(folder.path().join("students/ada.html")).expect("a page");
    let text = text(&page);
    for told in [
        "14.00 of 20",
        "Attempt 2 of 3 handed in 2026-11-20 17:00 UTC 17.00",
        "Late: 2 days 2 days behind the due date −4.00",
        "Adjustment, lab 5 showed it in class (K. Tutor, 2026-11-23 09:30 UTC) +1.00",
        // 17, less 4, and 1 more.
        "Points 14.00",
    ] {
        assert!(text.contains(told), "{told}: {text}");
    }
}

#[test]
fn each_lost_point_names_trace_rule_and_observation() {
    let text = text(&page(careless("ada")));
    for told in [
        "Lab 5, copy_on_write (copy-on-write): −3.00 of 5",
        "2 of 2 runs went wrong.",
        "Look at this first: public trace fork-write: failed",
        "line 7: write 1 0x10000000 =3 – the page-table entry and its frame (S)",
        "Linux the page is in frame f1, one entry maps the frame, 2 frames are in use",
        "yours the page is in frame f0, 2 entries map the frame, 1 frame is in use",
        "rule R5: a write to a private page: copied if others use it",
        "Hint: Who else uses the frame?",
        // The second trace is hidden: what it is about, and the rule.
        "counting owners 1 hidden",
    ] {
        assert!(text.contains(told), "{told}: {text}");
    }
}

#[test]
fn what_could_not_be_graded_is_no_zero() {
    let text = text(&page(not_graded("ada")));
    assert!(
        text.contains("not graded") && text.contains("no zero"),
        "{text}"
    );
    assert!(!text.contains("0.00"), "{text}");
}

#[test]
fn a_hole_that_is_not_written_takes_one_line_and_no_list() {
    let mut submission = perfect("ada");
    submission.labs[0].parts[0].end = End::NotWritten;
    submission.labs[0].parts[0].score = 0.0;
    submission.traces[0].end = End::NotWritten;
    submission.traces[0].message = "not yet implemented: lab 1".to_owned();
    let page = page(submission);
    assert!(text(&page).contains("Lab 1, classify (classification): 12.00 points"));
    assert_eq!(count(&page, "table.runs"), 0);
}

#[test]
fn whoever_has_everything_is_told_of_nothing_missing() {
    let page = page(perfect("ada"));
    assert!(text(&page).contains("20.00 of 20"));
    assert_eq!(count(&page, ".loss"), 0);
}

/// Everything that could give another student away, in one submission.
fn somebody_else() -> SubmissionResult {
    let mut other = careless("id-of-another");
    other.message = "message-of-another".to_owned();
    other.ignored = vec!["file-of-another".to_owned()];
    other.score = 17.31;
    for trace in &mut other.traces {
        trace.message = "said-by-another".to_owned();
        trace.at = Some("line-of-another.rs:7".to_owned());
    }
    other.traces[1].difference.as_mut().expect("one").got = "seen-by-another".to_owned();
    other
}

#[test]
fn nothing_of_anybody_elses_is_in_it() {
    let own = careless("ada");
    let roster = [
        student("ada", "Ada", "own-section"),
        student("id-of-another", "Name-of-another", "section-of-another"),
    ];
    let diagnoses = [
        diagnosis("ada", Likeness::Same),
        diagnosis("id-of-another", Likeness::Same),
    ];
    let options = Options {
        roster: &roster,
        diagnoses: &diagnoses,
        ..Options::default()
    };
    let files = |submissions: Vec<SubmissionResult>| {
        let shown = ShownClass::new(&class(submissions), Feedback::Category);
        let shown = shown.with_standings(|it| standing(it, 1, &format!("remark-on-{}", it.id)));
        let folder = written(&shown, &options);
        ["html", "md"].map(|end| {
            let file = folder.path().join("students").join(format!("ada.{end}"));
            std::fs::read_to_string(file).expect("a page")
        })
    };
    let among_others = files(vec![own.clone(), somebody_else()]);
    for text in &among_others {
        assert!(
            !text.contains("another") && !text.contains("17.31"),
            "{text}"
        );
        // Which mistake it is, the student is to find out.
        assert!(
            !text.contains("C01") && !text.contains("and no copy"),
            "{text}"
        );
    }
    // Whoever else is in the class changes no letter.
    assert_eq!(among_others, files(vec![own]));
}

#[test]
fn the_median_is_told_only_if_that_is_asked_for() {
    let shown = shown(vec![careless("ada"), perfect("grace"), perfect("linus")]);
    let told = |comparison| {
        let options = Options {
            comparison,
            ..Options::default()
        };
        let folder = written(&shown, &options);
        let page = folder.path().join("students/ada.html");
        text(&std::fs::read_to_string(page).expect("a page"))
    };
    assert!(!told(Comparison::Nothing).contains("the class"));
    assert!(told(Comparison::Median).contains("Half of the class has 20.00 or more."));
}

#[test]
fn it_runs_nothing_and_loads_nothing() {
    let page = page(careless("ada"));
    assert!(
        page.contains("default-src 'none'; style-src 'sha256-"),
        "{page}"
    );
    for selector in [
        "script",
        "link",
        "img",
        "iframe",
        "[style]",
        "[onclick]",
        "[src]",
    ] {
        assert_eq!(count(&page, selector), 0, "{selector}");
    }
}
