//! Objects and the page cache: pages that files and shared memory have in memory.
//!
//! Linux calls an object an `address_space`. A file's page is in the page cache or
//! on the disk; a page of shared anonymous memory is in the page cache, in a swap
//! slot, or does not exist yet.

use std::collections::HashMap;
use std::fmt;

use crate::addr::{FileId, PAGE_SIZE, Pfn, SwapSlot};
use crate::content::Content;
use crate::hash::ByNumber;

/// A file, or a piece of memory that processes share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId(pub u32);

/// A page of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectPage {
    /// The file or shared memory.
    pub object: ObjectId,
    /// The page's number in it, from 0.
    pub index: u64,
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "object {}", self.0)
    }
}

impl fmt::Display for ObjectPage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "page {} of {}", self.index, self.object)
    }
}

/// Where a page of an object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Residence {
    /// In the page cache: the fault needs no I/O.
    Cached(Pfn),
    /// In the file only.
    OnDisk,
    /// Shared memory that was swapped out.
    Swapped(SwapSlot),
    /// Shared memory that nobody has touched yet.
    Missing,
    /// Behind the last page of the file: no such page.
    PastEnd,
}

/// What an object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObjectKind {
    /// A file of so many bytes.
    File {
        /// The file.
        file: FileId,
        /// Its size in bytes.
        size: u64,
    },
    /// Memory that processes share.
    SharedMemory,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Cached {
    InMemory { pfn: Pfn, dirty: bool },
    Swapped(SwapSlot),
}

#[derive(Clone, Debug)]
pub(crate) struct Object {
    pub kind: ObjectKind,
    pub pages: HashMap<u64, Cached, ByNumber>,
    /// Pages that were written to the disk since the start.
    disk: HashMap<u64, Content, ByNumber>,
}

/// All objects of the machine.
#[derive(Clone, Debug, Default)]
pub struct Objects {
    pub(crate) all: Vec<Object>,
    /// Shared memory that was given up: its number is used again.
    free: Vec<ObjectId>,
}

impl Objects {
    pub(crate) fn add(&mut self, kind: ObjectKind) -> ObjectId {
        let object = Object {
            kind,
            pages: HashMap::default(),
            disk: HashMap::default(),
        };
        match self.free.pop() {
            Some(id) => {
                *self.get_mut(id) = object;
                id
            }
            None => {
                self.all.push(object);
                ObjectId(self.all.len() as u32 - 1)
            }
        }
    }

    /// Empties an object that nobody maps any more; its number is used again.
    pub(crate) fn take_pages(&mut self, object: ObjectId) -> impl Iterator<Item = Cached> + use<> {
        self.free.push(object);
        let pages = std::mem::take(&mut self.get_mut(object).pages);
        let mut pages: Vec<_> = pages.into_iter().collect();
        pages.sort_unstable_by_key(|&(index, _)| index);
        pages.into_iter().map(|(_, cached)| cached)
    }

    /// Where a page is; missing, if its object has not come into being.
    pub fn residence(&self, page: ObjectPage) -> Residence {
        let Some(object) = self.all.get(page.object.0 as usize) else {
            return Residence::Missing;
        };
        match (object.pages.get(&page.index), object.kind) {
            (Some(&Cached::InMemory { pfn, .. }), _) => Residence::Cached(pfn),
            (Some(&Cached::Swapped(slot)), _) => Residence::Swapped(slot),
            (None, ObjectKind::SharedMemory) => Residence::Missing,
            (None, ObjectKind::File { size, .. }) if page.index < size.div_ceil(PAGE_SIZE) => {
                Residence::OnDisk
            }
            (None, ObjectKind::File { .. }) => Residence::PastEnd,
        }
    }

    /// What an object is.
    pub fn kind(&self, object: ObjectId) -> ObjectKind {
        self.get(object).kind
    }

    /// What the disk holds for a page of a file.
    pub(crate) fn disk_page(&self, page: ObjectPage) -> Content {
        let object = self.get(page.object);
        match (object.disk.get(&page.index), object.kind) {
            (Some(written), _) => written.clone(),
            (None, ObjectKind::File { file, size }) => Content::of_file(file, page.index, size),
            (None, ObjectKind::SharedMemory) => Content::ZERO,
        }
    }

    /// Puts a page on the disk.
    pub(crate) fn write_disk(&mut self, page: ObjectPage, content: Content) {
        self.get_mut(page.object).disk.insert(page.index, content);
    }

    /// Where in a page its file ends, for the last page of a file that is not whole.
    pub(crate) fn end_in_page(&self, page: ObjectPage) -> Option<u16> {
        let ObjectKind::File { size, .. } = self.kind(page.object) else {
            return None;
        };
        let valid = size.saturating_sub(page.index * PAGE_SIZE);
        (valid < PAGE_SIZE).then_some(valid as u16)
    }

    pub(crate) fn is_dirty(&self, page: ObjectPage) -> bool {
        let cached = self.get(page.object).pages.get(&page.index);
        matches!(cached, Some(Cached::InMemory { dirty: true, .. }))
    }

    pub(crate) fn set_dirty(&mut self, page: ObjectPage, value: bool) {
        if let Some(Cached::InMemory { dirty, .. }) =
            self.get_mut(page.object).pages.get_mut(&page.index)
        {
            *dirty = value;
        }
    }

    /// How many pages an object can have.
    pub(crate) fn size_pages(&self, object: ObjectId) -> u64 {
        match self.kind(object) {
            ObjectKind::File { size, .. } => size.div_ceil(PAGE_SIZE),
            ObjectKind::SharedMemory => u64::MAX,
        }
    }

    /// The pages of an object that are in the page cache, in order.
    pub(crate) fn cached_pages(&self, object: ObjectId) -> Vec<(ObjectPage, Pfn)> {
        let in_memory = |(&index, cached): (&u64, &Cached)| match *cached {
            Cached::InMemory { pfn, .. } => Some((ObjectPage { object, index }, pfn)),
            Cached::Swapped(_) => None,
        };
        let pages = self.get(object).pages.iter();
        let mut cached: Vec<_> = pages.filter_map(in_memory).collect();
        cached.sort_unstable_by_key(|&(page, _)| page);
        cached
    }

    /// Numbers of the pages that were written to the disk, in order.
    pub(crate) fn written_pages(&self, object: ObjectId) -> Vec<u64> {
        let mut pages: Vec<u64> = self.get(object).disk.keys().copied().collect();
        pages.sort_unstable();
        pages
    }

    /// The bytes of a file on the disk that are not as they were at the start, by
    /// their offset.
    pub(crate) fn changed_bytes(&self, file: FileId, object: ObjectId) -> Vec<(u64, u8)> {
        let mut changed = Vec::new();
        for index in self.written_pages(object) {
            let page = ObjectPage { object, index };
            let size = match self.kind(object) {
                ObjectKind::File { size, .. } => size,
                ObjectKind::SharedMemory => 0,
            };
            let (old, new) = (Content::of_file(file, index, size), self.disk_page(page));
            for offset in 0..PAGE_SIZE as u16 {
                if old.byte(offset) != new.byte(offset) {
                    changed.push((index * PAGE_SIZE + u64::from(offset), new.byte(offset)));
                }
            }
        }
        changed
    }

    pub(crate) fn get(&self, object: ObjectId) -> &Object {
        &self.all[object.0 as usize]
    }

    pub(crate) fn get_mut(&mut self, object: ObjectId) -> &mut Object {
        &mut self.all[object.0 as usize]
    }
}
