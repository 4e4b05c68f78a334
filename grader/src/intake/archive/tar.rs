//! Tar archives, entry by entry.
//!
//! The headers that describe the next entry (long names, pax records) are read here and
//! not by the crate, because there they have no limit, and because what they say twice
//! is refused here.

use std::cell::Cell;
use std::io::{self, Read};

use ::tar::{Archive, EntryType, PaxExtensions};

use super::super::harvest::{Harvest, Source, What, damaged, too_large};
use super::super::limits::{self, EXTENSION_BYTES_MAX, STREAM_BYTES_MAX};
use super::super::refusal::{Refusal, words};

type Entry<'a, R> = ::tar::Entry<'a, R>;

/// Reads a tar archive; `packed` tells how many bytes have been taken of what it was
/// unpacked from.
pub fn read(reader: impl Read, packed: Option<&Cell<u64>>) -> Result<Harvest, Refusal> {
    let state = State {
        packed,
        bytes: Cell::new(0),
        ended: Cell::new(false),
        limit: Cell::new(None),
    };
    let mut harvest = Harvest::of(Source::Archive);
    let stream = Stream {
        reader,
        state: &state,
    };
    let read = entries(Archive::new(stream), &mut harvest, &state);
    // A limit shows as a failed read, and says more than that.
    match state.limit.take() {
        Some(why) => Err(too_large(why)),
        None => read.map(|()| harvest),
    }
}

fn entries<R: Read>(
    mut archive: Archive<R>,
    harvest: &mut Harvest,
    state: &State<'_>,
) -> Result<(), Refusal> {
    let entries = archive.entries().map_err(|error| broken(&error))?;
    let mut next = Next::default();
    for entry in entries.raw(true) {
        let mut entry = entry.map_err(|error| broken(&error))?;
        match entry.header().entry_type() {
            EntryType::GNULongName => next.long_name(harvest, &mut entry)?,
            EntryType::GNULongLink => drop(extension(harvest, &mut entry)?),
            EntryType::XHeader => next.records(harvest, &mut entry)?,
            EntryType::XGlobalHeader => for_all(&extension(harvest, &mut entry)?)?,
            kind => one(harvest, entry, kind, std::mem::take(&mut next))?,
        }
    }
    match next.is_empty() {
        true => ended(archive.into_inner(), state),
        false => Err(damaged("a header describes an entry that does not come")),
    }
}

/// One entry of the student's.
fn one<R: Read>(
    harvest: &mut Harvest,
    mut entry: Entry<'_, R>,
    kind: EntryType,
    said: Next,
) -> Result<(), Refusal> {
    let size = entry.size();
    let raw = said.name(&entry);
    if said.size.is_some_and(|said| said != size) {
        return Err(Refusal::of(&raw, "two headers give it two sizes", REMAKE));
    }
    let what = match kind {
        EntryType::Regular | EntryType::Continuous if !raw.ends_with(b"/") => What::File,
        EntryType::Directory | EntryType::Regular if size == 0 => What::Folder,
        EntryType::Directory | EntryType::Regular => What::Other("a folder with a content"),
        EntryType::Link => What::Other("a hard link"),
        EntryType::Symlink => What::Other("a link"),
        EntryType::Fifo => What::Other("a pipe"),
        EntryType::Char | EntryType::Block => What::Other("a device"),
        EntryType::GNUSparse => What::Other("a file with holes"),
        _ => What::Other("an entry of an unknown kind"),
    };
    let name = harvest.admit(&raw, what)?;
    if what != What::File {
        return Ok(());
    }
    let mut whole = Whole {
        entry: &mut entry,
        left: size,
    };
    harvest.read(name, &mut whole, None)
}

/// What the headers before an entry say of it.
#[derive(Debug, Default)]
struct Next {
    name: Option<Vec<u8>>,
    size: Option<u64>,
    described: bool,
}

impl Next {
    fn is_empty(&self) -> bool {
        !self.described
    }

    fn long_name<R: Read>(
        &mut self,
        harvest: &mut Harvest,
        entry: &mut Entry<'_, R>,
    ) -> Result<(), Refusal> {
        let mut name = extension(harvest, entry)?;
        if name.last() == Some(&0) {
            name.pop();
        }
        self.described = true;
        self.give_name(name)
    }

    fn records<R: Read>(
        &mut self,
        harvest: &mut Harvest,
        entry: &mut Entry<'_, R>,
    ) -> Result<(), Refusal> {
        let records = extension(harvest, entry)?;
        self.described = true;
        for record in PaxExtensions::new(&records) {
            let record = record.map_err(|error| broken(&error))?;
            match record.key_bytes() {
                b"path" => self.give_name(record.value_bytes().to_vec())?,
                b"size" => {
                    let said = record.value().ok().and_then(|size| size.parse().ok());
                    if self.size.is_some() || said.is_none() {
                        return Err(damaged("a header gives no size, or two"));
                    }
                    self.size = said;
                }
                key if key.starts_with(b"GNU.sparse") => return Err(damaged(SPARSE)),
                _ => {}
            }
        }
        Ok(())
    }

    fn give_name(&mut self, name: Vec<u8>) -> Result<(), Refusal> {
        match self.name.replace(name) {
            None => Ok(()),
            Some(first) => Err(Refusal::of(&first, "two headers give it two names", REMAKE)),
        }
    }

    fn name<R: Read>(&self, entry: &Entry<'_, R>) -> Vec<u8> {
        let own = || entry.header().path_bytes().into_owned();
        self.name.clone().unwrap_or_else(own)
    }
}

const REMAKE: &str = "make the archive again with a plain `tar`";
const SPARSE: &str = "a file with holes in the archive";

/// The records for all entries may say what they like, but for what we would have to
/// believe.
fn for_all(records: &[u8]) -> Result<(), Refusal> {
    for record in PaxExtensions::new(records) {
        let record = record.map_err(|error| broken(&error))?;
        let key = record.key_bytes();
        if [&b"path"[..], b"linkpath", b"size"].contains(&key) || key.starts_with(b"GNU.sparse") {
            return Err(damaged("a header gives all entries one name or size"));
        }
    }
    Ok(())
}

/// The content of a header that describes others.
fn extension<R: Read>(harvest: &mut Harvest, entry: &mut Entry<'_, R>) -> Result<Vec<u8>, Refusal> {
    harvest.count(&entry.header().path_bytes())?;
    let size = entry.size();
    if size > EXTENSION_BYTES_MAX {
        let max = EXTENSION_BYTES_MAX >> 10;
        return Err(too_large(format!("a header of more than {max} KiB")));
    }
    let mut content = Vec::new();
    let mut whole = Whole { entry, left: size };
    whole
        .read_to_end(&mut content)
        .map_err(|error| broken(&error))?;
    Ok(content)
}

/// An entry that fails if the archive ends before it.
struct Whole<'e, 'a, R: Read> {
    entry: &'e mut Entry<'a, R>,
    left: u64,
}

impl<R: Read> Read for Whole<'_, '_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.entry.read(buffer)?;
        self.left = self.left.saturating_sub(count as u64);
        match count == 0 && !buffer.is_empty() && self.left > 0 {
            true => Err(io::Error::other("the archive ends in the middle of it")),
            false => Ok(count),
        }
    }
}

/// After the last entry come zeros and nothing else: what others find there, we would
/// miss.
fn ended(mut rest: impl Read, state: &State<'_>) -> Result<(), Refusal> {
    if state.ended.get() {
        return Err(damaged("the archive ends in the middle"));
    }
    let mut chunk = [0; 16 << 10];
    loop {
        match rest.read(&mut chunk) {
            Ok(0) => return Ok(()),
            Ok(count) if chunk[..count].iter().any(|byte| *byte != 0) => {
                return Err(damaged("something follows the end of the archive"));
            }
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(broken(&error)),
        }
    }
}

/// How far a stream has been read, and why no further.
struct State<'a> {
    packed: Option<&'a Cell<u64>>,
    bytes: Cell<u64>,
    ended: Cell<bool>,
    limit: Cell<Option<String>>,
}

/// A stream that ends in an error where it has given more than it may.
struct Stream<'a, R> {
    reader: R,
    state: &'a State<'a>,
}

impl<R: Read> Read for Stream<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.reader.read(buffer)?;
        if count == 0 && !buffer.is_empty() {
            self.state.ended.set(true);
        }
        let bytes = self.state.bytes.get() + count as u64;
        self.state.bytes.set(bytes);
        let over = self.over(bytes);
        match over.is_some() {
            true => {
                self.state.limit.set(over);
                Err(io::Error::other("too much"))
            }
            false => Ok(count),
        }
    }
}

impl<R> Stream<'_, R> {
    fn over(&self, bytes: u64) -> Option<String> {
        if bytes > STREAM_BYTES_MAX {
            let max = STREAM_BYTES_MAX >> 20;
            return Some(format!("an archive of more than {max} MiB"));
        }
        let packed = self.state.packed?.get();
        limits::is_bomb(bytes, packed).then(limits::bomb)
    }
}

fn broken(error: &io::Error) -> Refusal {
    damaged(format!("the archive cannot be read: {}", words(error)))
}
