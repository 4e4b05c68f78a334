//! The machine where a run differs first: an access, the promise, the entry before and
//! after, and where both lead; as SVG, for screens, paper and whoever reads aloud.
//!
//! It is made of the words of an [`Explanation`]: what they do not say is not drawn.

mod entry;

use grader::report::account::Observed;
use grader::result::DifferenceResult;
use maud::{Markup, html};
use verdict::explanation::Explanation;

use entry::{BITS, Entry, Leads};

/// Widths and places, in the picture's own units.
const WIDTH: u32 = 700;
const LEFT: u32 = 196;
const MIDDLE_AT: u32 = 226;
const MIDDLE: u32 = 264;
const RIGHT_AT: u32 = 530;
const RIGHT: u32 = WIDTH - RIGHT_AT - 1;
/// A cell of a bit.
const CELL: u32 = 34;
/// Letters that fit into a box, at the size of the text in it.
const LEFT_LETTERS: usize = 25;
const MIDDLE_LETTERS: usize = 34;
const RIGHT_LETTERS: usize = 21;
const ROW_LETTERS: usize = 92;

/// The picture of a difference. None where no fault explains it: then there is nothing to
/// draw that the words do not say.
pub fn picture(difference: &DifferenceResult, observed: &Observed) -> Option<Markup> {
    let Explanation {
        mmu,
        vma,
        before,
        after,
        signal,
        ..
    } = &difference.explanation;
    let (vma, before, after) = (vma.as_ref()?, before.as_ref()?, after.as_ref()?);
    let (old, new) = (Entry::parse(before), Entry::parse(after));
    let outcome = match signal {
        Some(signal) => Outcome::Signal(signal),
        None => Outcome::Entry(&new),
    };
    let aloud = aloud(difference, observed, vma, before, after);
    Some(html! {
        svg.machine role="img" aria-label=(aloud) viewBox={ "0 0 " (WIDTH) " 318" } width=(WIDTH) height="318" {
            (access(&difference.event, mmu))
            (promise(vma))
            (row(96, "entry before", &old, None))
            (row(168, "entry after, on Linux", &new, Some(&old)))
            (leads(96, &old, None))
            @match outcome {
                Outcome::Signal(signal) => (raised(168, signal)),
                Outcome::Entry(new) => (leads(168, new, Some(&old))),
            }
            (said(246, "expected", "Linux", &observed.expected))
            (said(282, "got", "yours", &observed.got))
        }
    })
}

/// The tips of all arrows of a page, which needs them once.
pub fn tips() -> Markup {
    html! {
        svg.tips aria-hidden="true" width="0" height="0" {
            marker #tip viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8"
                orient="auto" markerUnits="userSpaceOnUse" {
                path d="M0.5,1 L9,5 L0.5,9 Z" {}
            }
        }
    }
}

/// What becomes of the access.
enum Outcome<'a> {
    Signal(&'a str),
    Entry(&'a Entry<'a>),
}

fn aloud(
    difference: &DifferenceResult,
    observed: &Observed,
    vma: &str,
    before: &str,
    after: &str,
) -> String {
    let signal = difference.explanation.signal.as_ref();
    let end = signal.map_or_else(String::new, |signal| format!(" It ends with {signal}."));
    format!(
        "The machine at {}. Mapping: {vma}. Page-table entry before: {before}; after, on \
         Linux: {after}.{end} Expected: {}. Got: {}.",
        observed.place, observed.expected, observed.got
    )
}

fn access(event: &str, mmu: &[String]) -> Markup {
    let refused = mmu.last().map_or("", String::as_str);
    let (name, what) = ("the access", cut(event, LEFT_LETTERS));
    let why = match refused {
        by if by.starts_with("TLB hit") => "the TLB forbids it",
        by if by.contains("not present") => "the walk finds no page",
        by if by.contains("forbids it") => "the walk: it is forbidden",
        _ => "the MMU refuses it",
    };
    html! {
        g.access {
            rect x="0.5" y="18.5" width=(LEFT) height="58" rx="6" {}
            text.label x="0" y="12" { (name) }
            text.code x="10" y="42" { (what) }
            text.note x="10" y="63" { (why) }
        }
        (arrow(LEFT + 2, 47, MIDDLE_AT - 2, 47, ""))
    }
}

/// The VMA: `[0x40000000, 0x40001000) rw- private anon`.
fn promise(vma: &str) -> Markup {
    let (range, kind) = match vma.find(')') {
        Some(end) => (&vma[..=end], vma[end + 1..].trim()),
        None => (vma, ""),
    };
    let class = if kind.is_empty() { "vma none" } else { "vma" };
    html! {
        g class=(class) {
            rect x={ (MIDDLE_AT) ".5" } y="18.5" width=(MIDDLE) height="58" rx="6" {}
            text.label x=(MIDDLE_AT) y="12" { "the promise (VMA)" }
            text.code x=(MIDDLE_AT + 10) y="42" { (cut(range, MIDDLE_LETTERS)) }
            text.note x=(MIDDLE_AT + 10) y="63" { (cut(kind, MIDDLE_LETTERS)) }
        }
        (arrow(MIDDLE_AT + 20, 78, MIDDLE_AT + 20, 106, ""))
    }
}

/// An entry: a cell for each bit, filled if it is set, marked if it has changed.
fn row(y: u32, label: &str, entry: &Entry<'_>, before: Option<&Entry<'_>>) -> Markup {
    html! {
        g.entry {
            text.label x=(MIDDLE_AT + 34) y=(y + 8) { (label) }
            @for (index, bit) in (0..).zip(BITS) {
                @let set = entry.has(bit);
                @let changed = before.is_some_and(|before| before.has(bit) != set);
                @let (x, class) = (MIDDLE_AT + index * (CELL + 4), bit_class(set, changed));
                g class=(class) {
                    rect x={ (x) ".5" } y={ (y + 14) ".5" } width=(CELL) height="24" rx="4" {}
                    text x=(x + CELL / 2) y=(y + 31) { (bit) }
                }
            }
            text.note x=(MIDDLE_AT) y=(y + 53) { (cut(entry.says, MIDDLE_LETTERS + 6)) }
        }
        @if before.is_some() {
            text.note x="0" y=(y + 31) { "a bit in " tspan.marked { "bold" } " has changed" }
        } @else {
            text.note x="0" y=(y + 31) { "P present, W writable," }
            text.note x="0" y=(y + 47) { "A accessed, D dirty," }
            text.note x="0" y=(y + 63) { "NX not executable" }
        }
    }
}

fn bit_class(set: bool, changed: bool) -> &'static str {
    match (set, changed) {
        (true, false) => "bit set",
        (false, false) => "bit",
        (true, true) => "bit set changed",
        (false, true) => "bit changed",
    }
}

/// Where an entry leads: a frame, the zero page, a swap slot, nowhere.
fn leads(y: u32, entry: &Entry<'_>, before: Option<&Entry<'_>>) -> Markup {
    let changed = before.is_some_and(|before| before.leads != entry.leads);
    let class = format!(
        "{}{}",
        entry.leads.class(),
        if changed { " changed" } else { "" }
    );
    html! {
        @if entry.leads != Leads::Nowhere {
            (arrow(MIDDLE_AT + MIDDLE - 20, y + 27, RIGHT_AT - 2, y + 27, entry.leads.class()))
        }
        g class={ "place " (class) } {
            rect x={ (RIGHT_AT) ".5" } y={ (y + 8) ".5" } width=(RIGHT) height="36" rx="5" {}
            text.code x=(RIGHT_AT + 10) y=(y + 31) { (cut(&entry.leads.to_string(), RIGHT_LETTERS)) }
        }
    }
}

fn raised(y: u32, signal: &str) -> Markup {
    let words: Vec<&str> = signal.splitn(3, ' ').collect();
    let name = words.iter().take(2).copied().collect::<Vec<_>>().join(" ");
    html! {
        (arrow(MIDDLE_AT + MIDDLE - 20, y + 27, RIGHT_AT - 2, y + 27, "signal"))
        g.place.signal {
            rect x={ (RIGHT_AT) ".5" } y={ (y + 8) ".5" } width=(RIGHT) height="36" rx="5" {}
            text.code x=(RIGHT_AT + 10) y=(y + 31) { (cut(&name, RIGHT_LETTERS)) }
        }
    }
}

fn said(y: u32, class: &str, whose: &str, text: &str) -> Markup {
    html! {
        g class={ "said " (class) } {
            rect x="0.5" y={ (y) ".5" } width=(WIDTH - 1) height="30" rx="6" {}
            text.label x="10" y=(y + 20) { (whose) }
            text.code x="62" y=(y + 20) { (cut(text, ROW_LETTERS - 10)) }
        }
    }
}

fn arrow(x1: u32, y1: u32, x2: u32, y2: u32, kind: &str) -> Markup {
    html! {
        path class={ "arrow " (kind) } d={ "M" (x1) "," (y1) " L" (x2) "," (y2) } marker-end="url(#tip)" {}
    }
}

/// As much as there is room for; the words beside the picture say all of it.
fn cut(text: &str, letters: usize) -> String {
    match text.chars().count() > letters {
        false => text.to_owned(),
        true => text.chars().take(letters - 1).chain(['…']).collect(),
    }
}
