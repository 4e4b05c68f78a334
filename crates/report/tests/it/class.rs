//! `report.html` as it is written: numbers, links, and what is not told.

use course::feedback::Feedback;
use diagnosis::diagnose::Likeness;
use grader::feedback::ShownClass;
use report::options::Options;
use report::overview::{Overview, Share, mistakes};
use scraper::{ElementRef, Html, Selector};
use verdict::end::End;

use crate::made::{
    careless, class, diagnosis, not_graded, perfect, shown, standing, student, written,
};

fn selector(text: &str) -> Selector {
    Selector::parse(text).expect("a selector")
}

fn words(element: ElementRef<'_>) -> String {
    let words = element.text().flat_map(str::split_whitespace);
    words.collect::<Vec<_>>().join(" ")
}

/// The rows of the table of students, cell by cell.
fn rows(page: &str) -> Vec<String> {
    let page = Html::parse_document(page);
    let (rows, cells) = (selector("#class tr"), selector("th, td"));
    let row = |row: ElementRef<'_>| {
        let cells = row.select(&cells).map(words);
        cells.collect::<Vec<_>>().join(" | ")
    };
    page.select(&rows).map(row).collect()
}

#[test]
fn each_student_has_a_row_with_every_number() {
    let shown = shown(vec![perfect("u1"), careless("u2"), not_graded("u3")]);
    let shown = shown.with_standings(|it| {
        let standing = standing(it, u32::from(it.id == "u2"), "well explained");
        let points = (it.max > 0.0).then_some(standing.points).flatten();
        grader::standing::Standing { points, ..standing }
    });
    let roster = [
        student("u1", "Ada Lovelace", "OS-01"),
        student("u2", "Grace Hopper", "OS-02"),
    ];
    let diagnoses = [diagnosis("u2", Likeness::Alike(0.9))];
    let options = Options {
        roster: &roster,
        diagnoses: &diagnoses,
        ..Options::default()
    };
    assert_eq!(
        rows(&report::class::render(&shown, &options)),
        [
            "student | name | section | points of 20 | end | raw | late days | penalty | by hand | lab 1 of 12 | lab 5 of 8 | mistakes",
            "u1 | Ada Lovelace | OS-01 | 21.00 | passed | 20.00 |  |  | +1.00 | 12.00 | 8.00 | ",
            "u2 | Grace Hopper | OS-02 | 16.00 | failed | 17.00 | 1 | −2.00 | +1.00 | 12.00 | 5.00 | ~C01",
            "u3 |  |  | – | not graded | 0.00 |  |  | +1.00 | – | – | ",
        ]
    );
}

#[test]
fn without_roster_and_gradebook_there_are_no_columns_for_them() {
    let page = report::class::render(&shown(vec![careless("u2")]), &Options::default());
    assert_eq!(
        rows(&page),
        [
            "student | points of 20 | end | lab 1 of 12 | lab 5 of 8",
            "u2 | 17.00 | failed | 12.00 | 5.00"
        ]
    );
}

#[test]
fn what_was_not_graded_counts_for_nobody() {
    let overview = Overview::of(&class(vec![perfect("a"), careless("b"), not_graded("c")]));
    assert_eq!(overview.submissions, 3);
    assert_eq!(overview.points, [20.0, 17.0]);
    assert_eq!(overview.complete(), 1);
    assert_eq!(overview.spread().expect("points").median, 18.5);
    let share = Share {
        all: 1,
        some: 1,
        none: 0,
        unwritten: 0,
    };
    assert_eq!(overview.labs[&5].share, share);
    assert_eq!(overview.labs[&5].parts[0].share, share);
}

#[test]
fn a_trace_is_as_hard_as_it_was_for_those_who_had_written_the_part() {
    let mut unwritten = careless("c");
    unwritten.traces[1].end = End::NotWritten;
    let overview = Overview::of(&class(vec![perfect("a"), careless("b"), unwritten]));
    let hardest = overview.hardest(1, 1);
    let ((lab, part, name), run) = hardest[0];
    assert_eq!(
        (*lab, part.as_str(), name.as_str()),
        (5, "copy_on_write", "who-counts-wrong")
    );
    assert_eq!((run.failed, run.runs), (2, 3));
    let known = &overview.runs[&(5, "copy_on_write".to_owned(), "fork-write".to_owned())];
    assert_eq!((known.failed, known.runs), (1, 2));
    assert_eq!(known.mostly(), "the page-table entry and its frame (S)");
}

#[test]
fn a_mistake_is_counted_once_for_all_who_make_it() {
    let found = [
        diagnosis("a", Likeness::Same),
        diagnosis("b", Likeness::Alike(0.7)),
        diagnosis("c", Likeness::Same),
    ];
    let counted = mistakes(&found);
    assert_eq!(counted.len(), 1);
    assert_eq!((counted[0].same, counted[0].alike), (2, 1));
}

#[test]
fn every_link_leads_to_a_file_of_the_folder() {
    let names = [
        "plain",
        "with blank",
        "../up",
        "a/b",
        "Plain",
        "ü",
        "?#%41",
        "CON",
    ];
    let shown = shown(names.into_iter().map(careless).collect());
    let folder = written(&shown, &Options::default());
    let page = std::fs::read_to_string(folder.path().join("report.html")).expect("a report");
    let page = Html::parse_document(&page);
    let links: Vec<String> = page
        .select(&selector("#class tbody a"))
        .map(|link| {
            link.value()
                .attr("href")
                .expect("a link")
                .replace("%20", " ")
        })
        .collect();
    assert_eq!(links.len(), names.len());
    for (link, name) in links.iter().zip(names) {
        let page = std::fs::read_to_string(folder.path().join(link)).expect(link);
        assert!(page.contains("students") || page.contains(name), "{link}");
        let title = Html::parse_document(&page);
        let title = title.select(&selector("h1")).next().map(words);
        assert_eq!(title.as_deref(), Some(name));
    }
    let files = std::fs::read_dir(folder.path().join("students")).expect("a folder");
    assert_eq!(files.count(), 2 * names.len());
}

#[test]
fn of_hidden_traces_no_report_tells_more_than_the_level() {
    let mut submission = careless("ada");
    let trace = &mut submission.traces[2];
    trace.name = "SECRET-name".to_owned();
    trace.message = "SECRET said".to_owned();
    trace.at = Some("SECRET.rs:1".to_owned());
    let difference = trace.difference.as_mut().expect("one");
    for text in [
        &mut difference.event,
        &mut difference.expected,
        &mut difference.got,
    ] {
        *text = "SECRET seen".to_owned();
    }
    difference.explanation.vma = Some("SECRET".to_owned());
    let class = class(vec![submission]);
    let told = |level| {
        let folder = written(
            &ShownClass::new(&class, level),
            &Options {
                feedback: level,
                ..Options::default()
            },
        );
        ["report.html", "students/ada.html", "students/ada.md"].map(|name| {
            let text = std::fs::read_to_string(folder.path().join(name)).expect(name);
            text.contains("SECRET")
        })
    };
    for level in [
        Feedback::Divergence,
        Feedback::Category,
        Feedback::Verdict,
        Feedback::Points,
    ] {
        assert_eq!(told(level), [false; 3], "{level}");
    }
    assert_eq!(told(Feedback::Full), [true, true, false]);
}
