//! What the class got wrong: traces, and mistakes of the catalogue.

use diagnosis::diagnose::Diagnosis;
use maud::{Markup, html};

use super::charts;
use crate::overview::{MistakeOverview, Overview, mistakes as common};

/// Traces that are listed.
const TRACES_MAX: usize = 20;

/// Traces of one part that are listed.
const OF_A_PART_MAX: usize = 3;

/// Mistakes that are listed; who makes one that nobody else makes is in the table.
const MISTAKES_MAX: usize = 25;

/// The traces that most got wrong.
pub(super) fn traces(overview: &Overview) -> Markup {
    let hardest = overview.hardest(TRACES_MAX, OF_A_PART_MAX);
    let all = overview.runs.len();
    html! {
        section aria-labelledby="traces" {
            h2 #traces { "Hardest traces" }
            @if hardest.is_empty() { p { "Nothing that may be told went wrong." } }
            @else {
                p.faint {
                    "Of those who have written the part: how many runs went wrong; at most "
                    (OF_A_PART_MAX) " traces of a part, of " (all) " in all."
                }
                div.scroll.all role="region" aria-label="table of traces" tabindex="0" {
                    table.table {
                        thead { tr {
                            th.number scope="col" { "lab" }
                            th scope="col" { "part" }
                            th scope="col" { "trace" }
                            th.number scope="col" { "wrong" }
                            td {} td {}
                            th scope="col" { "mostly" }
                        } }
                        tbody {
                            @for ((lab, part, name), run) in hardest {
                                tr {
                                    td.number { (lab) }
                                    td { code { (part) } }
                                    th scope="row" {
                                        code { (name) }
                                        @if run.kind != "public trace" { span.faint { " " (run.kind) } }
                                    }
                                    (charts::failed(run.failed, run.runs))
                                    td { (run.mostly()) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The mistakes of the catalogue that submissions show.
pub(super) fn mistakes(diagnoses: &[Diagnosis]) -> Markup {
    let found = common(diagnoses);
    html! {
        section aria-labelledby="mistakes" {
            h2 #mistakes { "Mistakes that were made" }
            @if found.is_empty() { p { "No submission behaves like a mistake of the catalogue." } }
            @else {
                p.faint {
                    "A submission makes a mistake of the catalogue if it comes to the same ends and "
                    "first differences on all traces of the hole; it makes one like it if most of "
                    "those that go wrong go wrong in the same way."
                }
                div.scroll.all role="region" aria-label="table of mistakes" tabindex="0" {
                    table.table.mistakes {
                        thead { tr {
                            th scope="col" { "mistake" }
                            th scope="col" { "what is wrong" }
                            th.number scope="col" { "lab" }
                            th scope="col" { "hole" }
                            th.number scope="col" { "make it" }
                            th.number scope="col" { "one like it" }
                        } }
                        tbody { @for mistake in found.iter().take(MISTAKES_MAX) { (row(mistake)) } }
                    }
                }
                @if found.len() > MISTAKES_MAX {
                    p { "… and " (found.len() - MISTAKES_MAX) " more, in the table of students." }
                }
            }
        }
    }
}

fn row(mistake: &MistakeOverview<'_>) -> Markup {
    html! {
        tr {
            th scope="row" {
                @for (index, known) in mistake.mistakes.iter().enumerate() {
                    @if index > 0 { " or " }
                    span.id { (known.id) }
                }
            }
            td {
                @for (index, known) in mistake.mistakes.iter().enumerate() {
                    @if index > 0 { br; span.faint { "or: " } }
                    (known.mistake)
                }
            }
            td.number { (mistake.lab) }
            td { code { (mistake.hole) } }
            td.number { (mistake.same) }
            td.number { (mistake.alike) }
        }
    }
}
