//! `report.html`: a class on one page, for whoever teaches it.
//!
//! All of it is markup: tables that a browser searches and prints, and that are read aloud.
//! A script sorts and filters the students, and without it nothing is missing but that.

mod charts;
mod students;
mod tables;

use grader::feedback::{ShownClass, ShownSubmission};
use grader::intake::ids::file_names;
use grader::report::page::{Mood, page_with_script, tile};
use maud::{Markup, html};
use verdict::end::End;

use self::students::Row;
use crate::options::Options;
use crate::overview::Overview;
use crate::write::STUDENTS;

/// What this page needs besides the style of all reports.
const STYLE: &str = include_str!("../assets/class.css");

/// Sorts and filters the students.
const SCRIPT: &str = include_str!("../assets/students.js");

/// Students of a kind that are linked before one is sent to the table.
const NAMED_MAX: usize = 12;

/// The page, while it learns of one submission after the other.
#[derive(Debug, Default)]
pub struct Page {
    overview: Overview,
    rows: Vec<Row>,
}

impl Page {
    /// Learns of a submission, and keeps what its row needs.
    pub fn add(&mut self, shown: ShownSubmission<'_>) {
        self.overview.add(shown.submission());
        self.rows.push(Row::of(shown.submission()));
    }

    /// The page of all that it has learnt of.
    pub fn render(&self, options: &Options<'_>) -> String {
        page(&self.overview, &self.rows, options)
    }
}

/// The page of a class in memory.
pub fn render(shown: &ShownClass, options: &Options<'_>) -> String {
    let mut page = Page::default();
    shown.submissions().for_each(|one| page.add(one));
    page.render(options)
}

fn page(overview: &Overview, rows: &[Row], options: &Options<'_>) -> String {
    let links = links(rows);
    let title = options.course.unwrap_or("Class report");
    let body = html! {
        header {
            h1 { (title) }
            p.faint {
                "For whoever teaches this class, and for nobody else: names, points and which "
                "mistakes were made. Of hidden traces it tells what “" (options.feedback) "” "
                "allows: " (options.feedback.describe()) "."
            }
            nav aria-label="On this page" {
                a href="#points" { "Points" }
                a href="#labs" { "Labs" }
                a href="#traces" { "Hardest traces" }
                a href="#mistakes" { "Mistakes" }
                a href="#students" { "Students" }
            }
        }
        main {
            (tiles(overview))
            (attention(rows, &links))
            (charts::points(overview))
            (charts::labs(overview))
            (tables::traces(overview))
            (tables::mistakes(options.diagnoses))
            (students::table(rows, options, &links))
        }
    };
    page_with_script(&format!("{title}: results"), STYLE, SCRIPT, &body)
}

/// Where each submission's own page is, in their order.
fn links(rows: &[Row]) -> Vec<String> {
    let ids = rows.iter().map(|row| row.id.as_str());
    let link = |name: String| format!("{STUDENTS}/{}.html", name.replace(' ', "%20"));
    file_names(ids).into_iter().map(link).collect()
}

fn tiles(overview: &Overview) -> Markup {
    let spread = overview.spread();
    let number = |of: fn(&crate::spread::Spread) -> f64| {
        spread
            .as_ref()
            .map_or("–".to_owned(), |spread| format!("{:.1}", of(spread)))
    };
    let graded = overview.points.len();
    let not_graded = overview.submissions - graded;
    html! {
        div.tiles {
            (tile(overview.submissions, "submissions", Mood::Plain))
            (tile(graded, "graded", Mood::Plain))
            (tile(not_graded, "not graded", Mood::good_if(not_graded == 0)))
            (tile(number(|it| it.median), &format!("median of {}", overview.max), Mood::Plain))
            (tile(format!("{} – {}", number(|it| it.lower), number(|it| it.upper)), "middle half", Mood::Plain))
            (tile(overview.complete(), "with all points", Mood::Plain))
            (tile(overview.late, "late", Mood::Plain))
            (tile(overview.adjusted, "adjusted by hand", Mood::Plain))
        }
    }
}

/// Whom somebody should look at before points are published.
fn attention(rows: &[Row], links: &[String]) -> Markup {
    let kinds = [
        (End::NotGraded, "through no fault of theirs: grade again"),
        (End::Refused, "what was handed in is no submission"),
        (End::DoesNotCompile, "no points for code"),
        (End::CompileLimit, "no points for code"),
        (
            End::ForbiddenCall,
            "a system call that handlers have no use for",
        ),
    ];
    let of = |end: End| {
        let all = rows.iter().zip(links);
        all.filter(move |(row, _)| row.end == end)
            .collect::<Vec<_>>()
    };
    let kinds = kinds.map(|(end, what)| (end, of(end), what));
    html! {
        @if kinds.iter().any(|(_, who, _)| !who.is_empty()) {
            section.attention aria-labelledby="attention" {
                h2 #attention { "Before you publish" }
                ul {
                    @for (end, who, what) in kinds.iter().filter(|(_, who, _)| !who.is_empty()) {
                        li {
                            b { (end) ": " (who.len()) } ", " (what) ": "
                            @for (index, (row, link)) in who.iter().take(NAMED_MAX).enumerate() {
                                @if index > 0 { ", " }
                                a href=(link) { (row.id) }
                            }
                            @if who.len() > NAMED_MAX { " and " (who.len() - NAMED_MAX) " more" }
                        }
                    }
                }
            }
        }
    }
}
