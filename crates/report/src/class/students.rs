//! The table of all students.

use std::collections::{BTreeMap, BTreeSet};

use diagnosis::diagnose::{Diagnosis, Likeness};
use grader::result::SubmissionResult;
use grader::standing::Standing;
use maud::{Markup, html};
use verdict::end::End;

use crate::account::{points, printed, signed};
use crate::options::{Names, Options};

/// Rows that are drawn before somebody asks for more; the script has the same number.
const DRAWN: usize = 100;

/// What the table has of a submission.
#[derive(Debug)]
pub(super) struct Row {
    pub id: String,
    pub end: End,
    points: Option<f64>,
    standing: Option<Standing>,
    labs: Vec<Lab>,
}

/// The points of a lab.
#[derive(Debug)]
struct Lab {
    number: u8,
    score: f64,
    max: f64,
}

impl Row {
    pub fn of(submission: &SubmissionResult) -> Self {
        let labs = submission.labs.iter().map(|lab| Lab {
            number: lab.number,
            score: lab.score,
            max: lab.max,
        });
        Self {
            id: submission.id.clone(),
            end: submission.end,
            points: points(submission),
            standing: submission.standing.clone(),
            labs: labs.collect(),
        }
    }
}

/// What the table has columns for.
struct Columns<'a> {
    names: Names<'a>,
    /// Whether anybody has a name, or a section.
    named: bool,
    sections: BTreeSet<&'a str>,
    /// Whether a gradebook was asked what students get.
    standings: bool,
    /// Numbers of labs and the most that each gives.
    labs: BTreeMap<u8, f64>,
    mistakes: BTreeMap<&'a str, Vec<&'a Diagnosis>>,
}

impl<'a> Columns<'a> {
    fn of(rows: &[Row], options: &Options<'a>) -> Self {
        let names = Names::of(options.roster);
        let ids = || rows.iter().map(|it| it.id.as_str());
        let mut labs = BTreeMap::new();
        for lab in rows.iter().flat_map(|it| &it.labs) {
            let max: &mut f64 = labs.entry(lab.number).or_default();
            *max = max.max(lab.max);
        }
        let mut mistakes: BTreeMap<&str, Vec<&Diagnosis>> = BTreeMap::new();
        for diagnosis in options.diagnoses {
            mistakes.entry(&diagnosis.id).or_default().push(diagnosis);
        }
        Self {
            named: ids().any(|id| !names.name(id).is_empty()),
            sections: ids()
                .map(|id| names.section(id))
                .filter(|it| !it.is_empty())
                .collect(),
            standings: rows.iter().any(|it| it.standing.is_some()),
            names,
            labs,
            mistakes,
        }
    }

    /// Numbers of mistakes, each once.
    fn known_mistakes(&self) -> BTreeSet<&'static str> {
        let found = self.mistakes.values().flatten();
        found.flat_map(|it| &it.mistakes).map(|it| it.id).collect()
    }
}

/// The table of all students, a row each.
pub(super) fn table(rows: &[Row], options: &Options<'_>, links: &[String]) -> Markup {
    let columns = Columns::of(rows, options);
    html! {
        section.students aria-labelledby="students" {
            h2 #students { "Students" }
            (controls(rows, &columns))
            p #live role="status" aria-live="polite" { (rows.len()) " students" }
            div.scroll role="region" aria-label="table of students" tabindex="0" {
                table.table #class {
                    (head(&columns))
                    tbody {
                        @for (index, (one, link)) in rows.iter().zip(links).enumerate() {
                            (row(one, link, &columns, index >= DRAWN))
                        }
                    }
                }
            }
            button #more type="button" hidden {}
        }
    }
}

fn controls(rows: &[Row], columns: &Columns<'_>) -> Markup {
    let ends: BTreeSet<String> = rows.iter().map(|it| it.end.to_string()).collect();
    let ends: BTreeSet<&str> = ends.iter().map(String::as_str).collect();
    html! {
        form.controls #controls hidden role="search" aria-label="students" {
            label { "Search " input #search type="search" autocomplete="off" spellcheck="false" placeholder="id, name, section"; }
            @if !columns.sections.is_empty() { (choice("section", "Section", &columns.sections)) }
            (choice("end", "End", &ends))
            @if !columns.mistakes.is_empty() {
                (choice("mistake", "Mistake", &columns.known_mistakes()))
            }
            @if columns.standings {
                (choice("note", "Standing", &BTreeSet::from(["late", "adjusted", "not graded"])))
            }
            button #clear type="reset" { "Show all" }
        }
    }
}

fn choice(id: &str, label: &str, values: &BTreeSet<&str>) -> Markup {
    html! {
        label {
            (label) " "
            select #(id) {
                option value="" { "all" }
                @for value in values { option { (value) } }
            }
        }
    }
}

/// The head of the table. The script makes buttons of it.
fn head(columns: &Columns<'_>) -> Markup {
    let max = columns.labs.values().sum::<f64>();
    html! {
        thead { tr {
            th.stays scope="col" { "student" }
            @if columns.named { th scope="col" { "name" } }
            @if !columns.sections.is_empty() { th scope="col" { "section" } }
            th.number scope="col" { "points" @if max > 0.0 { small { " of " (max) } } }
            th scope="col" { "end" }
            @if columns.standings {
                th.number scope="col" { "raw" }
                th.number scope="col" { "late" small { " days" } }
                th.number scope="col" { "penalty" }
                th.number scope="col" { "by hand" }
            }
            @for (number, max) in &columns.labs {
                th.number scope="col" { "lab " (number) small { " of " (max) } }
            }
            @if !columns.mistakes.is_empty() { th scope="col" { "mistakes" } }
        } }
    }
}

fn row(row: &Row, link: &str, columns: &Columns<'_>, later: bool) -> Markup {
    let id = row.id.as_str();
    let found = columns.mistakes.get(id).map_or(&[][..], Vec::as_slice);
    html! {
        tr.later[later] {
            th.stays scope="row" { a href=(link) { (id) } }
            @if columns.named { td { (columns.names.name(id)) } }
            @if !columns.sections.is_empty() { td.section { (columns.names.section(id)) } }
            td.number.points { @if let Some(points) = row.points { (printed(points)) } @else { "–" } }
            td.end { (row.end) }
            @if columns.standings { (standing(row)) }
            @for (number, max) in &columns.labs {
                @let lab = row.labs.iter().find(|lab| lab.number == *number);
                (lab_cell(lab, *max))
            }
            @if !columns.mistakes.is_empty() {
                td.found { @for diagnosis in found { (ids(diagnosis)) } }
            }
        }
    }
}

fn standing(row: &Row) -> Markup {
    let Some(standing) = &row.standing else {
        return html! { td {} td {} td {} td {} };
    };
    let adjusted: f64 = standing.adjustments.iter().map(|it| it.points).sum();
    html! {
        td.number { (printed(standing.raw)) }
        td.number.late { @if standing.late.seconds > 0 { (standing.late.days) } }
        td.number { @if standing.penalty > 0.0 { (signed(-standing.penalty)) } }
        td.number.adjusted { @if !standing.adjustments.is_empty() { (signed(adjusted)) } }
    }
}

/// The points of a lab, shaded by how much of it they are.
fn lab_cell(lab: Option<&Lab>, max: f64) -> Markup {
    let Some(lab) = lab.filter(|lab| lab.max > 0.0) else {
        return html! { td.number { "–" } };
    };
    let shade = match lab.score / max {
        all if all >= 1.0 => "number full",
        most if most >= 0.5 => "number most",
        some if some > 0.0 => "number few",
        _ => "number zero",
    };
    html! { td class=(shade) { (printed(lab.score)) } }
}

/// `T07`; one of several where no trace tells which; with a `~` if it is only alike.
fn ids(diagnosis: &Diagnosis) -> Markup {
    let ids: Vec<&str> = diagnosis.mistakes.iter().map(|it| it.id).collect();
    let about = match diagnosis.likeness {
        Likeness::Same => "",
        Likeness::Alike(_) => "~",
    };
    html! { span.id { (about) (ids.join("/")) } " " }
}
