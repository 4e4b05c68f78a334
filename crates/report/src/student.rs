//! A page for a student: what they get, and why. Nothing of anybody else's is in it.

use grader::feedback::ShownSubmission;
use grader::report::account::{Account, Observed, exposed, kind_of};
use grader::report::page::{page, prose};
use grader::result::{LabResult, SubmissionResult, TraceResult};
use maud::{Markup, html};
use roster::student::Student;
use verdict::end::End;

use crate::account::{Lost, counted, entries, lost, points, printed, signed};
use crate::picture::{self, picture};

/// What this page needs besides the style of all reports.
const STYLE: &str = concat!(
    include_str!("../assets/machine.css"),
    include_str!("../assets/student.css")
);

/// Runs of a part that are listed. A part has some dozens of traces.
const RUNS_MAX: usize = 100;

/// Whose page it is, and what of the class stands on it.
#[derive(Clone, Copy, Debug, Default)]
pub struct About<'a> {
    /// What the course is called.
    pub course: Option<&'a str>,
    /// The student, where a roster knows them.
    pub student: Option<&'a Student>,
    /// The class's median, where students are to know it.
    pub median: Option<f64>,
}

impl About<'_> {
    /// What the student is called, or else whose submission it is.
    pub fn title(&self, submission: &SubmissionResult) -> String {
        let name = self.student.and_then(|student| student.name.clone());
        name.unwrap_or_else(|| submission.id.clone())
    }
}

/// The page.
pub fn render(shown: ShownSubmission<'_>, about: &About<'_>) -> String {
    let submission = shown.submission();
    let title = about.title(submission);
    let body = html! {
        (picture::tips())
        header {
            h1 { (title) }
            p.faint {
                @if title != submission.id { (submission.id) " · " }
                (about.course.unwrap_or("Faultline"))
            }
        }
        main {
            (standing(submission, about))
            (notices(submission))
            (labs(submission))
            (losses(submission))
        }
    };
    page(&format!("{title}: points"), STYLE, &body)
}

fn standing(submission: &SubmissionResult, about: &About<'_>) -> Markup {
    let max = submission
        .standing
        .as_ref()
        .map_or(submission.max, |it| it.max);
    let points = points(submission);
    html! {
        section.standing aria-labelledby="points" {
            div.sum {
                h2 #points { "Points" }
                @match points {
                    Some(points) => p.total { b { (printed(points)) } " of " (max) },
                    None => p.total { b { "not graded" } },
                }
                p.faint { "How it ended: " (submission.end) }
                @if let Some(median) = about.median {
                    p.faint { "Half of the class has " (printed(median)) " or more." }
                }
            }
            @if points.is_none() {
                p { "This could not be graded, through no fault of yours: it is no zero, and \
                     counts for nobody until it is graded." }
            } @else {
                table.table {
                    caption { "How the points come about" }
                    tbody {
                        @for entry in entries(submission) {
                            tr {
                                th scope="row" {
                                    (entry.what)
                                    @if !entry.because.is_empty() { p.because { (entry.because) } }
                                }
                                td.number { (entry.points) }
                            }
                        }
                    }
                    tfoot {
                        tr { th scope="row" { "Points" } td.number { b { (printed(points.unwrap_or_default())) } } }
                    }
                }
            }
        }
    }
}

/// What there is to say of the whole submission.
fn notices(submission: &SubmissionResult) -> Markup {
    html! {
        @if !submission.message.is_empty() {
            section aria-labelledby="said" {
                h2 #said { "Said of the whole submission" }
                pre { (submission.message) }
            }
        }
        @if !submission.ignored.is_empty() {
            p { "Ignored, not a handler file: "
                @for (index, name) in submission.ignored.iter().enumerate() {
                    @if index > 0 { ", " } code { (name) }
                }
                "."
            }
        }
        @if submission.sealed > 0 {
            p { (counted(submission.sealed, "sealed trace")) " will be counted later." }
        }
    }
}

fn labs(submission: &SubmissionResult) -> Markup {
    html! {
        @if !submission.labs.is_empty() {
            section aria-labelledby="labs" {
                h2 #labs { "Lab by lab" }
                div.scroll role="region" aria-label="table of labs" tabindex="0" {
                    table.table.labs {
                        thead { tr {
                            th scope="col" { "lab and part" }
                            th.about scope="col" { "what it is about" }
                            th scope="col" { "how it ended" }
                            th.number scope="col" { "points" }
                            th.number scope="col" { "of" }
                        } }
                        @for lab in &submission.labs { (lab_rows(lab)) }
                    }
                }
            }
        }
    }
}

/// A lab of which nothing was written needs one row.
fn lab_rows(lab: &LabResult) -> Markup {
    let is_unwritten = lab.parts.iter().all(|part| part.end == End::NotWritten);
    html! {
        tbody {
            tr.lab {
                th scope="rowgroup" { (lab.number) ". " (lab.title) }
                td.about {}
                td.end { @if is_unwritten { (End::NotWritten) } }
                td.number { (printed(lab.score)) }
                td.number { (lab.max) }
            }
            @for part in lab.parts.iter().filter(|_| !is_unwritten) {
                tr {
                    th scope="row" {
                        @if part.score < part.max {
                            a href={ "#" (anchor(lab, &part.name)) } { code { (part.name) } }
                        } @else { code { (part.name) } }
                    }
                    td.about { (part.concept) }
                    td.end.good[part.end == End::Passed] { (part.end) }
                    td.number { (printed(part.score)) }
                    td.number { (part.max) }
                }
            }
        }
    }
}

fn anchor(lab: &LabResult, part: &str) -> String {
    format!("lab{}-{part}", lab.number)
}

fn losses(submission: &SubmissionResult) -> Markup {
    let lost = lost(submission);
    let (unwritten, written): (Vec<&Lost>, Vec<&Lost>) =
        lost.iter().partition(|part| part.is_unwritten());
    html! {
        @if !lost.is_empty() {
            section aria-labelledby="lost" {
                h2 #lost { "Where points are missing" }
                @for part in written { (loss(submission, part)) }
                @if !unwritten.is_empty() {
                    article.loss {
                        h3 { "Not written yet" }
                        ul {
                            @for part in unwritten {
                                li #(anchor(part.lab, &part.part.name)) {
                                    "Lab " (part.lab.number) ", " code { (part.part.name) }
                                    " (" (part.part.concept) "): " (printed(part.points)) " points"
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn loss(submission: &SubmissionResult, lost: &Lost<'_>) -> Markup {
    let Lost {
        lab,
        part,
        points,
        failed,
        runs,
    } = lost;
    html! {
        article.loss #(anchor(lab, &part.name)) {
            h3 {
                "Lab " (lab.number) ", " code { (part.name) } " (" (part.concept) "): "
                span.bad { (signed(-points)) } " of " (part.max)
            }
            p {
                @if *runs == 0 { (part.end) "." }
                @else { (failed.len()) " of " (counted(*runs, "run")) " went wrong." }
            }
            @if part.name == "break-it" { (kernels(submission)) }
            @if let Some((first, others)) = failed.split_first() {
                (first_run(first))
                (other_runs(others))
            }
        }
    }
}

/// Which wrong kernels a suite of traces exposed, by what is wrong with them.
fn kernels(submission: &SubmissionResult) -> Markup {
    html! {
        ul {
            @for (category, some, all) in exposed(submission) {
                li { (some) " of " (all) " wrong kernels exposed"
                    @if !category.is_empty() { " with a mistake in " (category) } }
            }
        }
    }
}

fn first_run(run: &TraceResult) -> Markup {
    let account = Account::of(run);
    html! {
        div.first {
            h4 { "Look at this first: " (kind_of(run)) " " code { (run.name) } ": " (run.end) }
            @if let Some(about) = account.about { p { "It is about: " (about) "." } }
            @if !account.message.is_empty() { pre { (account.message) } }
            @if let Some(at) = account.at { p { "Your line: " code { (at) } } }
            @if let (Some(difference), Some(observed)) = (&run.difference, &account.difference) {
                (first_difference(observed))
                @if let Some(picture) = picture(difference, observed) {
                    div.canvas role="region" aria-label={ "picture: lab " (run.lab) ", " (run.part) } tabindex="0" { (picture) }
                }
                dl.facts { @for (name, fact) in &observed.facts { dt { (name) } dd { (fact) } } }
            }
            @if !account.told.is_empty() {
                dl.facts { @for (name, fact) in &account.told { dt { (name) } dd { (fact) } } }
            }
            @if let Some(hint) = account.hint { p.hint { b { "Hint: " } (prose(hint)) } }
        }
    }
}

fn first_difference(observed: &Observed) -> Markup {
    html! {
        p.place { code { (observed.place) } " – " (observed.what) }
        dl.difference {
            div.expected { dt { "Linux" } dd { (observed.expected) } }
            div.got { dt { "yours" } dd { (observed.got) } }
        }
        @if let Some(meaning) = &observed.meaning { p { (prose(meaning)) } }
    }
}

/// The other runs that went wrong, a row for each, or for all that tell the same.
fn other_runs(runs: &[&TraceResult]) -> Markup {
    let mut alike: Vec<Vec<&TraceResult>> = Vec::new();
    for run in runs {
        match alike.iter_mut().find(|known| tells_the_same(known[0], run)) {
            Some(known) => known.push(run),
            None => alike.push(vec![run]),
        }
    }
    let listed = &alike[..alike.len().min(RUNS_MAX)];
    let rules = runs.iter().any(|run| rule_of(run).is_some());
    html! {
        @if !listed.is_empty() {
            div.scroll role="region" aria-label={ "other runs: lab " (runs[0].lab) ", " (runs[0].part) } tabindex="0" {
                table.table.runs {
                    thead { tr {
                        th scope="col" { "other runs" }
                        th scope="col" { "end" }
                        th scope="col" { "where" }
                        th scope="col" { "Linux" }
                        th scope="col" { "yours" }
                        @if rules { th scope="col" { "rule" } }
                    } }
                    tbody { @for runs in listed { (other_run(runs, rules)) } }
                }
            }
            @if alike.len() > RUNS_MAX { p { "… and " (alike.len() - RUNS_MAX) " more." } }
        }
    }
}

/// Whether two runs need one row: of neither is told where it differs.
fn tells_the_same(one: &TraceResult, other: &TraceResult) -> bool {
    let told = |run| {
        let account = Account::of(run);
        (account.message, account.at, account.told)
    };
    let is_untold = one.difference.is_none() && other.difference.is_none();
    is_untold && one.end == other.end && one.public == other.public && told(one) == told(other)
}

fn other_run(runs: &[&TraceResult], rules: bool) -> Markup {
    let run = runs[0];
    let account = Account::of(run);
    html! {
        tr {
            @match runs {
                [run] => th scope="row" { code { (run.name) } @if !run.public { span.faint { " hidden" } } },
                _ => th scope="row" {
                    (runs.len()) @if !run.public { " hidden" } " runs"
                },
            }
            td.end { (run.end) }
            @match &account.difference {
                Some(observed) => {
                    td { (observed.place) }
                    td { (observed.expected) }
                    td { (observed.got) }
                },
                None => (without_difference(runs, &account)),
            }
            @if rules { td { (rule_of(run).unwrap_or_default()) } }
        }
    }
}

/// What is told of runs of which it is not told where they differ.
fn without_difference(runs: &[&TraceResult], account: &Account<'_>) -> Markup {
    let told = |name: &str| {
        let fact = account.told.iter().find(|(other, _)| *other == name);
        fact.map_or("", |(_, fact)| fact)
    };
    let (expected, got) = (told("expected"), told("got"));
    let differs = !expected.is_empty() || !got.is_empty();
    html! {
        td colspan=(if differs { "1" } else { "3" }) {
            (account.message.lines().next().unwrap_or_default())
            @if let Some(at) = account.at { " at " code { (at) } }
            @if runs.len() > 1 {
                @if !account.message.is_empty() { ": " }
                @for (index, run) in runs.iter().enumerate() {
                    @if index > 0 { ", " }
                    code { (run.name) }
                }
            }
        }
        @if differs { td { (expected) } td { (got) } }
    }
}

/// The rule that decides, where that may be told.
fn rule_of(run: &TraceResult) -> Option<&str> {
    let explained = run.difference.as_ref();
    let explained = explained.and_then(|it| it.explanation.rule.as_deref());
    explained.or_else(|| run.told.as_ref().and_then(|told| told.rule.as_deref()))
}

#[cfg(test)]
mod tests {
    #[test]
    fn only_letters_that_can_be_seen_are_in_the_style() {
        let hides = grader::report::sink::visible::hides;
        assert!(
            !super::STYLE
                .chars()
                .any(|letter| letter != '\n' && hides(letter))
        );
    }
}
