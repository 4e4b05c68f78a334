//! An observation as a line of the log, column by column.
//!
//! A trace may have millions of events, and each has a line. So it is written into a
//! buffer piece by piece, and no piece is made elsewhere first; only what is rare goes
//! through a formatter.

use std::fmt::{self, Write};

use vmsim::cost::Cost;
use vmsim::event::Event;
use vmsim::observe::{End, FrameName, Observation, PageState, ViolationKind};
use vmtrace::text::print::EventText;

use crate::log::{NEEDLESS, Oracle, is_about_flushes, signal};

/// Columns for the number of a line.
const NUMBER_WIDTH: usize = 4;

/// Columns for the text of an event.
const EVENT_WIDTH: usize = 42;

/// Whatever is narrower than its columns has some of these before or after it.
const BLANKS: &str = match std::str::from_utf8(&[b' '; EVENT_WIDTH]) {
    Ok(blanks) => blanks,
    Err(_) => panic!("blanks are text"),
};

/// Ends a column, or a line.
const ENDS: [char; 3] = ['|', '\n', '\r'];

/// Writes the line of an event, and its end.
///
/// # Errors
///
/// None: a string takes everything.
pub fn write(
    out: &mut String,
    number: u64,
    text: EventText<'_>,
    seen: &Observation,
) -> fmt::Result {
    begin(out, number, |out| text.write_to(out))?;
    column(out, Oracle::Class, |out| class(out, seen))?;
    column(out, Oracle::Value, |out| value(out, seen))?;
    column(out, Oracle::Signal, |out| out.write_str(&signal(seen)))?;
    column(out, Oracle::State, |out| state(out, text.event, seen))?;
    column(out, Oracle::Invariants, |out| {
        violation(out, seen, ViolationKind::Invariant)
    })?;
    column(out, Oracle::Tlb, |out| {
        violation(out, seen, ViolationKind::StaleTlb)
    })?;
    column(out, Oracle::Cost, |out| cost(out, text.event, seen))?;
    out.write_str("\n")
}

/// A page as the column of states shows it: `f0 rw-d maps=1`.
pub fn page_in_words(page: &PageState) -> String {
    let mut words = String::new();
    page_state(&mut words, page).expect("a string takes everything");
    words
}

/// Writes what stands before the columns: a number, 0 for the end, and an event.
pub(crate) fn begin(
    out: &mut String,
    number: u64,
    event: impl FnOnce(&mut String) -> fmt::Result,
) -> fmt::Result {
    let mut digits = itoa::Buffer::new();
    let name = match number {
        0 => "end",
        _ => digits.format(number),
    };
    out.push_str(blanks(name.len(), NUMBER_WIDTH));
    out.push_str(name);
    out.push(' ');
    let start = out.len();
    event(out)?;
    out.push_str(blanks(out[start..].chars().count(), EVENT_WIDTH));
    Ok(())
}

/// Writes a column with its letter.
pub(crate) fn column(
    out: &mut String,
    oracle: Oracle,
    content: impl FnOnce(&mut String) -> fmt::Result,
) -> fmt::Result {
    out.push_str(" | ");
    out.push(oracle.letter());
    out.push(' ');
    let start = out.len();
    content(out)?;
    if out.len() == start {
        out.truncate(start - 1);
    }
    Ok(())
}

/// What is missing to so many columns.
fn blanks(taken: usize, width: usize) -> &'static str {
    &BLANKS[..width.saturating_sub(taken)]
}

fn decimal(out: &mut String, number: impl itoa::Integer) -> fmt::Result {
    out.write_str(itoa::Buffer::new().format(number))
}

/// Errors of system calls are signals' business, not classes.
fn class(out: &mut String, seen: &Observation) -> fmt::Result {
    match seen.end {
        End::Failed(_) if !seen.is_access => seen.write_repairs(out),
        _ => seen.write_class(out),
    }
}

fn value(out: &mut String, seen: &Observation) -> fmt::Result {
    match (seen.value, seen.survived()) {
        (_, false) => out.write_str("died"),
        (Some(value), true) => decimal(out, value),
        (None, true) => Ok(()),
    }
}

/// `f0 rw-d maps=1 frames=4 slots=0`.
fn state(out: &mut String, event: &Event, seen: &Observation) -> fmt::Result {
    if let Some(page) = &seen.page
        && event.op.is_access()
    {
        page_state(out, page)?;
        out.push(' ');
    }
    out.push_str("frames=");
    decimal(out, seen.frames_used)?;
    out.push_str(" slots=");
    decimal(out, seen.slots_used)
}

fn page_state(out: &mut String, page: &PageState) -> fmt::Result {
    match page.frame {
        FrameName::Numbered(number) => {
            out.push('f');
            decimal(out, number)?;
        }
        FrameName::Zero => out.push_str("zero"),
        FrameName::Swapped => return out.write_str("swap"),
        FrameName::None => return out.write_str("-"),
    }
    out.push_str(" r");
    out.push_str(if page.writable { "w" } else { "-" });
    out.push_str(if page.executable { "x" } else { "-" });
    out.push_str(if page.dirty { "d" } else { "-" });
    if page.frame != FrameName::Zero {
        out.push_str(" maps=");
        decimal(out, page.mappings)?;
    }
    Ok(())
}

/// The first violation of a kind. It may name a file of a student's: in all other columns
/// are our own words, and numbers.
fn violation(out: &mut String, seen: &Observation, kind: ViolationKind) -> fmt::Result {
    let mut of_kind = seen.violations.iter().filter(|v| v.kind == kind);
    match of_kind.next() {
        Some(violation) => foreign(out, &violation.to_string()),
        None => Ok(()),
    }
}

/// Writes text that is not ours. What could be mistaken for the end of a column never gets
/// in.
pub(crate) fn foreign(out: &mut String, text: &str) -> fmt::Result {
    out.extend(
        text.chars()
            .map(|c| if ENDS.contains(&c) { '/' } else { c }),
    );
    Ok(())
}

/// Flushes are left out: how many are needed depends on how clever a kernel is. But
/// the needless ones of lab 6 are told, if only to say that there is none.
fn cost(out: &mut String, event: &Event, seen: &Observation) -> fmt::Result {
    let told = Cost {
        local_flushes: 0,
        remote_flushes: 0,
        needless_flushes: 0,
        table_pages: 0,
        ..seen.cost
    };
    let mut separator = "";
    let mut tell = |(name, count)| {
        out.push_str(separator);
        out.push_str(name);
        out.push('=');
        separator = " ";
        decimal(out, count)
    };
    let mut counted = told.named().into_iter().filter(|&(_, count)| count > 0);
    counted.try_for_each(&mut tell)?;
    match is_about_flushes(event, seen) {
        true => tell((NEEDLESS, seen.cost.needless_flushes)),
        false => Ok(()),
    }
}
