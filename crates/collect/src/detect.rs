//! Which layout an export has.
//!
//! Each layout reads all names, and whoever explains most of them is it. Half of them is
//! the least: what two can explain, or none, is asked back.

use crate::export::Listing;
use crate::layout::{Known, Layout, Reading, View};
use crate::trouble::CollectError;

/// An export, read.
#[derive(Debug)]
pub struct Read {
    /// As what.
    pub layout: Layout,
    /// What was handed in.
    pub reading: Reading,
}

/// Reads an export as this layout.
///
/// # Errors
///
/// If nothing in it has that form.
pub fn as_layout(
    layout: Layout,
    listing: &Listing,
    known: &Known<'_>,
) -> Result<Read, CollectError> {
    let reading = best_view(layout, listing, known)?;
    match reading.explained == 0 && reading.hand_ins.is_empty() {
        true => Err(CollectError::NotOfLayout {
            path: listing.path.clone(),
            layout,
            form: layout.form(),
            sample: listing.sample(),
        }),
        false => Ok(Read { layout, reading }),
    }
}

/// Reads an export as the layout that it has; none if its names are of no course system.
///
/// # Errors
///
/// If they are of two, or if some of them are of one and most are not.
pub fn recognised(listing: &Listing, known: &Known<'_>) -> Result<Option<Read>, CollectError> {
    let total = listing.files.len();
    let mut read = Vec::new();
    for layout in Layout::RECOGNISED {
        let reading = best_view(layout, listing, known)?;
        if reading.explained > 0 && !reading.hand_ins.is_empty() {
            read.push(Read { layout, reading });
        }
    }
    read.sort_by_key(|read| std::cmp::Reverse(read.reading.explained));
    let share = |read: &Read| format!("{} ({} of {total})", read.layout, read.reading.explained);
    let explains_half = |read: &&Read| read.reading.explained * 2 >= total;
    let clear = read.iter().filter(explains_half).count();
    let unrecognised = |why: String| CollectError::Unrecognised {
        path: listing.path.clone(),
        why,
        sample: listing.sample(),
    };
    match (clear, read.first()) {
        (1, _) => Ok(Some(read.remove(0))),
        (0, Some(first)) if first.reading.explained * 4 >= total => {
            let first = share(first);
            Err(unrecognised(format!(
                "only some of the names are of {first}"
            )))
        }
        (0, _) => Ok(None),
        _ => {
            let all: Vec<String> = read.iter().take(clear).map(share).collect();
            let all = all.join(" and of ");
            Err(unrecognised(format!("the names may be of {all}")))
        }
    }
}

/// What a layout makes of the export, or of the one folder that all of it is in.
fn best_view(
    layout: Layout,
    listing: &Listing,
    known: &Known<'_>,
) -> Result<Reading, CollectError> {
    let at = |around| layout.read(View { listing, around }, known);
    let outside = at(0)?;
    if !is_wrapped(listing) {
        return Ok(outside);
    }
    let inside = at(1)?;
    Ok(match inside.explained > outside.explained {
        true => inside,
        false => outside,
    })
}

/// Whether one folder is around everything.
pub fn is_wrapped(listing: &Listing) -> bool {
    let files = listing.files.iter().map(|file| file.place.parts());
    let Some(first) = files.clone().next() else {
        return false;
    };
    files
        .clone()
        .all(|parts| parts.len() > 1 && parts[0] == first[0])
        && listing
            .folders
            .iter()
            .all(|folder| folder.parts()[0] == first[0])
}
