//! The machine where a run differs first: an access, the promise, the entry before and
//! after, and where both lead; as SVG, for screens, paper and whoever reads aloud.
//!
//! It is made of the words of an [`Explanation`]: what they do not say is not drawn.

mod entry;

use grader::report::account::Observed;
use grader::result::DifferenceResult;
use maud::{Markup, html};
use runner::log::Oracle;
use verdict::explanation::Explanation;

use entry::{BITS, Entry, Leads};

/// Widths and places, in the picture's own units.
const WIDTH: u32 = 700;
const LEFT: u32 = 196;
const MIDDLE_AT: u32 = 226;
const MIDDLE: u32 = 264;
const RIGHT_AT: u32 = 530;
const RIGHT: u32 = WIDTH - RIGHT_AT - 3;
/// A cell of a bit.
const CELL: u32 = 34;
/// Letters that fit into a box, at the size of the text in it.
const LEFT_LETTERS: usize = 25;
const MIDDLE_LETTERS: usize = 34;
const RIGHT_LETTERS: usize = 21;
const ROW_LETTERS: usize = 60;

/// Where its rows begin.
const BEFORE_AT: u32 = 96;
const LINUX_AT: u32 = 168;
const YOURS_AT: u32 = 240;
const HEIGHT: u32 = 302;

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
    let old = Entry::parse(before);
    // Where the entries themselves differ, they are compared as they are behind the event.
    let (linux, yours) = match difference.oracle == Oracle::State.letter() {
        true => (
            Entry::of_column(&difference.expected),
            Entry::of_column(&difference.got),
        ),
        false => (None, None),
    };
    let linux = linux.unwrap_or_else(|| Entry::parse(after));
    let aloud = aloud(difference, observed, vma, before, after);
    Some(html! {
        svg.machine role="img" aria-label=(aloud) viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } width=(WIDTH) height=(HEIGHT) {
            (access(&difference.event, mmu))
            (promise(vma))
            (row(BEFORE_AT, "entry before", &old, None))
            (leads(BEFORE_AT, &old, None))
            (legend())
            (row(LINUX_AT, "on Linux", &linux, Some((&old, "changed"))))
            @match signal {
                Some(signal) => (raised(LINUX_AT, signal)),
                None => (leads(LINUX_AT, &linux, Some((&old, "changed")))),
            }
            @match &yours {
                Some(yours) => {
                    (row(YOURS_AT, "yours", yours, Some((&linux, "differs"))))
                    (leads(YOURS_AT, yours, Some((&linux, "differs"))))
                }
                None => (said(YOURS_AT, &observed.got)),
            }
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

/// An entry: a cell for each bit, filled if it is set, marked if it is not as in another.
fn row(y: u32, label: &str, entry: &Entry<'_>, other: Option<(&Entry<'_>, &str)>) -> Markup {
    html! {
        g.entry {
            text.label x=(MIDDLE_AT + 34) y=(y + 8) { (label) }
            @for (index, bit) in (0..).zip(BITS) {
                @let x = MIDDLE_AT + index * (CELL + 4);
                @if let Some(set) = entry.bit(bit) {
                    g class=(bit_class(set, entry, bit, other)) {
                        rect x={ (x) ".5" } y={ (y + 14) ".5" } width=(CELL) height="24" rx="4" {}
                        text x=(x + CELL / 2) y=(y + 31) { (bit) }
                    }
                }
            }
            text.note x=(MIDDLE_AT) y=(y + 53) { (cut(&entry.says, MIDDLE_LETTERS + 6)) }
        }
    }
}

fn bit_class(set: bool, entry: &Entry<'_>, bit: &str, other: Option<(&Entry<'_>, &str)>) -> String {
    let set = if set { "bit set" } else { "bit" };
    match other {
        Some((other, how)) if other.differs(entry, bit) => format!("{set} {how}"),
        _ => set.to_owned(),
    }
}

fn legend() -> Markup {
    let lines = [
        "P present, W writable,",
        "A accessed, D dirty,",
        "NX not executable",
    ];
    html! {
        @for (index, line) in (0..).zip(lines) {
            text.note x="0" y=(BEFORE_AT + 31 + index * 16) { (line) }
        }
        text.note x="0" y=(LINUX_AT + 31) { "what has changed is " tspan.marked { "bold" } }
    }
}

/// Where an entry leads: a frame, the zero page, a swap slot, nowhere.
fn leads(y: u32, entry: &Entry<'_>, other: Option<(&Entry<'_>, &str)>) -> Markup {
    let how = other.filter(|(other, _)| other.leads != entry.leads);
    let (kind, how) = (entry.leads.class(), how.map_or("", |(_, how)| how));
    html! {
        @if entry.leads != Leads::Nowhere {
            (arrow(MIDDLE_AT + MIDDLE - 20, y + 27, RIGHT_AT - 2, y + 27, kind))
        }
        g class={ "place " (kind) " " (how) } {
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

/// What the submission came to, where it is no entry.
fn said(y: u32, text: &str) -> Markup {
    html! {
        g.said {
            text.label x=(MIDDLE_AT + 34) y=(y + 8) { "yours" }
            rect x={ (MIDDLE_AT) ".5" } y={ (y + 14) ".5" } width=(WIDTH - MIDDLE_AT - 3) height="30" rx="6" {}
            text.code x=(MIDDLE_AT + 10) y=(y + 34) { (cut(text, ROW_LETTERS)) }
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
