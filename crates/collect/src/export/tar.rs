//! Tar archives.

use std::fs::File;
use std::io::{self, BufReader, Read};

use ::tar::{Archive, Entry, EntryType};
use flate2::bufread::MultiGzDecoder;

use super::Listing;
use super::store::Store;
use crate::trouble::CollectError;

/// Bytes of a tar archive, unpacked: what a compressed one may come to.
const STREAM_BYTES_MAX: u64 = 64 << 30;

/// Lists a tar archive.
pub(super) fn list(
    reader: impl Read,
    listing: &mut Listing,
    store: &mut Store,
) -> Result<(), CollectError> {
    let mut archive = Archive::new(BufReader::new(reader.take(STREAM_BYTES_MAX)));
    let entries = archive.entries();
    let entries = entries.map_err(|error| listing.damaged(error))?;
    for entry in entries {
        let entry = entry.map_err(|error| listing.damaged(error))?;
        one(entry, listing, store)?;
    }
    Ok(())
}

/// Lists a compressed tar archive.
pub(super) fn list_compressed(
    file: File,
    listing: &mut Listing,
    store: &mut Store,
) -> Result<(), CollectError> {
    list(MultiGzDecoder::new(BufReader::new(file)), listing, store)
}

fn one(
    entry: Entry<'_, impl Read>,
    listing: &mut Listing,
    store: &mut Store,
) -> Result<(), CollectError> {
    let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
    match entry.header().entry_type() {
        EntryType::Directory => listing.folder(&name),
        EntryType::XGlobalHeader => Ok(()),
        EntryType::Regular | EntryType::Continuous => match listing.admit(&name)? {
            Some(place) => listing.take(place, Whole(entry), store),
            None => Ok(()),
        },
        _ => {
            listing.leave_out(&name, "it is a link, a pipe or a device");
            Ok(())
        }
    }
}

/// An entry that is read by value.
struct Whole<'a, R: Read>(Entry<'a, R>);

impl<R: Read> Read for Whole<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}
