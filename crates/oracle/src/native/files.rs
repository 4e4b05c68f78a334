//! The files of a trace on a real file system, and the descriptors that the traced
//! processes inherit.

use std::fs::File;
use std::io::{Read, Write};
use std::num::NonZeroU64;
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::fs::FileExt;
use std::path::Path;

use rustix::fs::{Advice, MemfdFlags, fadvise, memfd_create};
use rustix::pipe::{PipeFlags, pipe_with};
use vmsim::addr::{FileId, PAGE_SIZE};
use vmsim::content::Content;
use vmsim::event::Cache;

use crate::error::Error;

/// The program of the traced processes, a file in memory.
pub(crate) struct Program(File);

impl Program {
    pub(crate) fn new(image: &[u8]) -> Result<Self, Error> {
        // Kernels before 6.3 do not know that a file may be made to be executed.
        let memory = memfd_create("stub", MemfdFlags::CLOEXEC | MemfdFlags::EXEC)
            .or_else(|_| memfd_create("stub", MemfdFlags::CLOEXEC))
            .map_err(|errno| Error::io("make a file in memory".into(), errno.into()))?;
        let file = File::from(memory);
        file.write_all_at(image, 0)
            .map_err(|error| Error::io("write the traced program".into(), error))?;
        Ok(Self(file))
    }

    /// A name by which exec(2) finds it.
    pub(crate) fn path(&self) -> String {
        format!("/proc/self/fd/{}", self.0.as_raw_fd())
    }

    pub(crate) fn descriptor(&self) -> i32 {
        self.0.as_raw_fd()
    }
}

/// A file of the trace. It has no name and is gone with the process, however that
/// ends.
pub(crate) struct DiskFile {
    file: File,
    size: u64,
}

impl DiskFile {
    /// An empty file in a folder.
    pub(crate) fn create(folder: &Path) -> Result<Self, Error> {
        let name = folder.display();
        let file = tempfile::tempfile_in(folder)
            .map_err(|error| Error::io(format!("make a file in {name}"), error))?;
        // What is read is read page by page, without read-ahead.
        fadvise(&file, 0, None, Advice::Random)
            .map_err(|errno| Error::io("advise on a file".into(), errno.into()))?;
        Ok(Self { file, size: 0 })
    }

    pub(crate) fn descriptor(&self) -> i32 {
        self.file.as_raw_fd()
    }

    /// Gives it the bytes that the simulator's file has, and puts it into the page
    /// cache or out of it.
    ///
    /// The bytes are written page by page: a large write would leave large folios
    /// in the page cache, which Linux maps as a whole.
    pub(crate) fn fill(&mut self, file: FileId, size: u64, cache: Cache) -> Result<(), Error> {
        for index in 0..size.div_ceil(PAGE_SIZE) {
            let at = index * PAGE_SIZE;
            let bytes = Content::of_file(file, index, size).bytes();
            let len = (size - at).min(PAGE_SIZE) as usize;
            self.file.write_all_at(&bytes[..len], at).map_err(failed)?;
        }
        self.size = size;
        self.file.sync_data().map_err(failed)?;
        self.evict()?;
        match cache {
            Cache::Warm => self.load(0, size),
            Cache::Cold => Ok(()),
        }
    }

    /// Reads the pages that the range touches into the page cache.
    pub(crate) fn load(&self, offset: u64, len: u64) -> Result<(), Error> {
        let end = offset.saturating_add(len).min(self.size);
        for page in offset / PAGE_SIZE..end.div_ceil(PAGE_SIZE) {
            self.file
                .read_at(&mut [0], page * PAGE_SIZE)
                .map_err(failed)?;
        }
        Ok(())
    }

    /// Lets the kernel forget its clean pages that nobody maps.
    ///
    /// The advice makes the kernel write dirty pages back, so it is given for clean
    /// pages only.
    pub(crate) fn evict(&self) -> Result<(), Error> {
        for page in 0..self.size.div_ceil(PAGE_SIZE) {
            let at = page * PAGE_SIZE;
            if !is_dirty(&self.file, at)? {
                fadvise(&self.file, at, NonZeroU64::new(PAGE_SIZE), Advice::DontNeed)
                    .map_err(|errno| Error::io("evict a file".into(), errno.into()))?;
            }
        }
        Ok(())
    }
}

/// Whether the page of the file at an offset waits to be written (cachestat(2),
/// since Linux 6.5).
fn is_dirty(file: &File, at: u64) -> Result<bool, Error> {
    const SYS_CACHESTAT: i64 = 451;
    let range = [at, PAGE_SIZE];
    // nr_cache, nr_dirty, nr_writeback, nr_evicted, nr_recently_evicted.
    let mut counts = [0u64; 5];
    // SAFETY: the call reads `range` and writes `counts`, which have the sizes of
    // its `struct cachestat_range` and `struct cachestat`.
    #[expect(unsafe_code, reason = "no crate wraps cachestat(2)")]
    let returned = unsafe {
        libc::syscall(
            SYS_CACHESTAT,
            file.as_raw_fd(),
            range.as_ptr(),
            counts.as_mut_ptr(),
            0,
        )
    };
    match returned {
        0 => Ok(counts[1] > 0),
        _ => Err(Error::io(
            "ask for dirty pages (cachestat, Linux 6.5)".into(),
            std::io::Error::last_os_error(),
        )),
    }
}

fn failed(error: std::io::Error) -> Error {
    Error::io("use a file of the trace".into(), error)
}

/// A pipe between the tracer and the traced processes, for the system calls that
/// read or write their memory.
pub(crate) struct Pipe {
    read: File,
    write: File,
}

impl Pipe {
    pub(crate) fn new() -> Result<Self, Error> {
        let (read, write): (OwnedFd, OwnedFd) = pipe_with(PipeFlags::CLOEXEC | PipeFlags::NONBLOCK)
            .map_err(|errno| Error::io("make a pipe".into(), errno.into()))?;
        Ok(Self {
            read: read.into(),
            write: write.into(),
        })
    }

    pub(crate) fn read_end(&self) -> i32 {
        self.read.as_raw_fd()
    }

    pub(crate) fn write_end(&self) -> i32 {
        self.write.as_raw_fd()
    }

    /// Puts bytes into it.
    pub(crate) fn put(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.write
            .write_all(bytes)
            .map_err(|error| Error::io("write to a pipe".into(), error))
    }

    /// Takes out whatever is in it.
    pub(crate) fn drain(&mut self) -> Vec<u8> {
        let mut bytes = Vec::new();
        // It ends with `EAGAIN`, since the pipe stays open at the other end.
        let _until_empty = self.read.read_to_end(&mut bytes);
        bytes
    }
}
