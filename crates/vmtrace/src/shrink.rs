//! The fewest events that still show something.

use vmsim::addr::FileId;
use vmsim::event::{Op, Source};

use crate::names::Names;

/// Takes events away as long as what is left still shows it: delta debugging
/// (Zeller and Hildebrandt 2002), first large pieces, then single events.
///
/// `shows` returns the events up to where it shows.
pub fn shrink<E: Clone>(events: Vec<E>, mut shows: impl FnMut(&[E]) -> Option<Vec<E>>) -> Vec<E> {
    let mut smallest = events;
    loop {
        let before = smallest.len();
        let mut piece = before.div_ceil(2);
        while piece > 0 {
            smallest = without_pieces(smallest, piece, &mut shows);
            piece /= 2;
        }
        if smallest.len() == before {
            return smallest;
        }
    }
}

/// Takes away each piece of this size without which the rest still shows it, from
/// the end on: what comes late is needed least.
fn without_pieces<E: Clone>(
    mut events: Vec<E>,
    piece: usize,
    shows: &mut impl FnMut(&[E]) -> Option<Vec<E>>,
) -> Vec<E> {
    let mut end = events.len();
    while end > 0 {
        let start = end.saturating_sub(piece);
        let mut rest = events.clone();
        rest.drain(start..end);
        if let Some(fewer) = shows(&rest) {
            events = fewer;
        }
        end = start.min(events.len());
    }
    events
}

/// Files are numbered as they come: without one of them, the others move up. None if
/// the event names a file that is not there any more.
pub fn renumber_files(op: &mut Op, from: &Names, to: &Names) -> Option<()> {
    if let Some(file) = file_of(op) {
        *file = to.find(from.get(*file)?)?;
    }
    Some(())
}

/// The file that an event names by its number.
pub fn file_of(op: &mut Op) -> Option<&mut FileId> {
    match op {
        Op::Load { file, .. } | Op::Drop { file } => Some(file),
        Op::Mmap { map, .. } => match &mut map.source {
            Source::File { file, .. } => Some(file),
            Source::Anon => None,
        },
        _ => None,
    }
}
