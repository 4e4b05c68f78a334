//! Services for files: the page cache and the disk.

use crate::addr::Pfn;
use crate::cache::{Cached, ObjectId, ObjectPage};
use crate::frames::Usage;
use crate::kernel::Kernel;
use crate::mm::Process;
use crate::refs::{FrameRef, HeldKind};

impl Kernel {
    /// Reads a page of a file from the disk into a frame. This is what makes a
    /// fault major.
    #[track_caller]
    pub fn read_file(&mut self, page: ObjectPage, into: &FrameRef) {
        self.cost.disk_reads += 1;
        self.io.file_read = true;
        self.frames.fill(into.0, self.objects.disk_page(page));
        self.note(|| format!("read page {} of the file from the disk", page.index));
    }

    /// Writes a page of the page cache to the disk; it is clean afterwards.
    ///
    /// What the program wrote behind the end of the file is lost, in memory, too
    /// (`ext4_bio_write_folio` in Linux fs/ext4/page-io.c; measured).
    #[track_caller]
    pub fn write_file(&mut self, page: ObjectPage, from: Pfn) {
        self.cost.disk_writes += 1;
        if let Some(end) = self.objects.end_in_page(page) {
            self.frames.content_mut(from).zero_from(end);
        }
        self.objects
            .write_disk(page, self.frames.content(from).into_owned());
        self.objects.set_dirty(page, false);
        self.frames.changed.note(from);
        self.note(|| format!("write page {} of the file to the disk", page.index));
    }

    /// Makes a frame the page-cache copy of a page of a file or of shared memory.
    /// The cache takes a reference of its own.
    #[track_caller]
    pub fn insert_cache(&mut self, page: ObjectPage, frame: &FrameRef) {
        let entry = Cached::InMemory {
            pfn: frame.0,
            dirty: false,
        };
        match self
            .objects
            .get_mut(page.object)
            .pages
            .insert(page.index, entry)
        {
            Some(Cached::InMemory { .. }) => {
                self.bug(format!("{page} is in the page cache already"));
            }
            Some(Cached::Swapped(slot)) => {
                // Nothing but this frame has its bytes now (`shmem_swapin_folio`).
                self.objects.set_dirty(page, true);
                self.release_slot(slot);
            }
            None => {}
        }
        let pfn = frame.0;
        let target = self.frames.get_mut(pfn);
        target.usage = Usage::Object(page);
        target.count += 1;
        self.touch_frame(pfn);
        self.frames.ring.arrive(pfn);
        self.note(|| format!("put it into the page cache as page {}", page.index));
    }

    /// Takes a page out of the page cache; the cache's reference comes out.
    #[track_caller]
    pub fn remove_cache(&mut self, page: ObjectPage) -> FrameRef {
        let Some(Cached::InMemory { pfn, .. }) =
            self.objects.get_mut(page.object).pages.remove(&page.index)
        else {
            self.bug(format!("{page} is not in the page cache"));
        };
        self.hold(HeldKind::Frame(pfn));
        self.touch_frame(pfn);
        self.frames.changed.note(pfn);
        self.note(|| format!("take page {} out of the page cache", page.index));
        FrameRef(pfn)
    }

    /// Notes that a page of the page cache has writes that the disk does not have.
    #[track_caller]
    pub fn mark_dirty(&mut self, pfn: Pfn) {
        match self.frames.get(pfn).usage {
            Usage::Object(page) => self.objects.set_dirty(page, true),
            _ => self.bug("only a page of the page cache can be dirty".to_owned()),
        }
        self.frames.changed.note(pfn);
        self.note(|| "mark the page dirty".to_owned());
    }

    /// Gives up the pages of shared memory that nobody maps any more: it has no
    /// name by which anybody could come back to it (`shmem_evict_inode` in Linux
    /// mm/shmem.c).
    pub(crate) fn forget_shared_memory(&mut self, object: ObjectId) {
        for page in self.objects.take_pages(object) {
            match page {
                Cached::InMemory { pfn, .. } => {
                    self.touch_frame(pfn);
                    self.frames.put(pfn);
                }
                Cached::Swapped(slot) => self.release_slot(slot),
            }
        }
    }

    /// Whether any process maps a part of the object.
    pub(crate) fn is_mapped(&self, object: ObjectId) -> bool {
        let of_process = |p: &Process| p.vmas.iter().any(|vma| vma.object() == Some(object));
        self.processes
            .iter()
            .any(|(_, process)| of_process(process))
    }
}
