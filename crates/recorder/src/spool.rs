//! The logs of a program that is still running: read as they grow, filtered, and
//! freed.
//!
//! Valgrind writes a file for each process. What has been read of a file is
//! given back to the disk at once (`FALLOC_FL_PUNCH_HOLE`, fallocate(2)), so the
//! full logs are never there as a whole.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use crate::compact::Compaction;
use crate::filter::Filter;

/// Bytes read at once.
const PIECE_BYTES: usize = 1 << 20;

/// Bytes that a file system frees or keeps as a whole, at most.
const BLOCK_BYTES: u64 = 1 << 16;

/// The logs in a folder, and what is kept of them in another.
pub(crate) struct Spool {
    raw: PathBuf,
    kept: PathBuf,
    mode: Compaction,
    logs: BTreeMap<u32, Follower>,
    piece: Vec<u8>,
}

/// A log that was filtered to its end.
pub(crate) struct Kept {
    pub path: PathBuf,
    pub accesses: u64,
    /// Whether the process became another program with execve(2).
    pub ends_in_exec: bool,
}

/// One log.
struct Follower {
    raw: File,
    filter: Filter,
    path: PathBuf,
    out: BufWriter<File>,
    read: u64,
    freed: u64,
}

impl Spool {
    /// Makes the two folders in this one.
    pub fn new(folder: &Path, mode: Compaction) -> io::Result<Self> {
        let (raw, kept) = (folder.join("raw"), folder.join("kept"));
        fs::create_dir(&raw)?;
        fs::create_dir(&kept)?;
        Ok(Self {
            raw,
            kept,
            mode,
            logs: BTreeMap::new(),
            piece: vec![0; PIECE_BYTES],
        })
    }

    /// What valgrind is to be told as `--log-file`: `%p` is the process.
    pub fn pattern(&self) -> PathBuf {
        self.raw.join("%p.log")
    }

    /// Access records so far.
    pub fn accesses(&self) -> u64 {
        self.logs.values().map(|log| log.filter.accesses).sum()
    }

    /// Bytes of log so far.
    pub fn bytes(&self) -> u64 {
        self.logs.values().map(|log| log.read).sum()
    }

    /// Reads what is new in all logs; the number of its bytes.
    pub fn advance(&mut self) -> io::Result<u64> {
        self.find_logs()?;
        let mut bytes = 0;
        for log in self.logs.values_mut() {
            bytes += log.advance(&mut self.piece)?;
        }
        Ok(bytes)
    }

    /// Takes notice of processes that are new.
    fn find_logs(&mut self) -> io::Result<()> {
        for entry in fs::read_dir(&self.raw)? {
            let path = entry?.path();
            let name = path.file_stem().unwrap_or_default().to_string_lossy();
            let Ok(pid) = name.parse() else { continue };
            if !self.logs.contains_key(&pid) {
                let kept = self.kept.join(format!("{pid}.log"));
                self.logs
                    .insert(pid, Follower::new(&path, kept, self.mode)?);
            }
        }
        Ok(())
    }

    /// Reads all logs to their ends, those of processes that nobody waits for as
    /// far as they have got. Logs without a line are left out. Returns the bytes
    /// of all, too.
    pub fn finish(mut self) -> io::Result<(BTreeMap<u32, Kept>, u64)> {
        while self.advance()? > 0 {}
        let bytes = self.bytes();
        let mut kept = BTreeMap::new();
        for (pid, log) in self.logs {
            if log.read > 0 {
                kept.insert(pid, log.finish()?);
            }
        }
        Ok((kept, bytes))
    }
}

impl Follower {
    fn new(raw: &Path, kept: PathBuf, mode: Compaction) -> io::Result<Self> {
        Ok(Self {
            raw: File::options().read(true).write(true).open(raw)?,
            filter: Filter::new(mode),
            out: BufWriter::with_capacity(1 << 16, File::create(&kept)?),
            path: kept,
            read: 0,
            freed: 0,
        })
    }

    fn advance(&mut self, piece: &mut [u8]) -> io::Result<u64> {
        let bytes = self.raw.read(piece)?;
        self.filter.take(&piece[..bytes], &mut self.out)?;
        self.read += bytes as u64;
        self.free();
        Ok(bytes as u64)
    }

    /// Gives back what has been read. A file system that cannot do this keeps it
    /// until the end; that is no error.
    fn free(&mut self) {
        let done = self.read - self.read % BLOCK_BYTES;
        if done > self.freed {
            punch_hole(&self.raw, self.freed, done - self.freed);
            self.freed = done;
        }
    }

    fn finish(mut self) -> io::Result<Kept> {
        self.filter.finish(&mut self.out)?;
        self.out.flush()?;
        Ok(Kept {
            path: self.path,
            accesses: self.filter.accesses,
            ends_in_exec: self.filter.ends_in_exec,
        })
    }
}

/// Gives a part of a file back to the disk.
#[cfg(target_os = "linux")]
fn punch_hole(file: &File, offset: u64, len: u64) {
    use rustix::fs::{FallocateFlags, fallocate};

    let flags = FallocateFlags::PUNCH_HOLE | FallocateFlags::KEEP_SIZE;
    let _kept = fallocate(file, flags, offset, len);
}

/// Other systems keep it until the end.
#[cfg(not(target_os = "linux"))]
fn punch_hole(_: &File, _: u64, _: u64) {}
