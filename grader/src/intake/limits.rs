//! What a submission may cost before it is refused.
//!
//! All of it is counted on what is really read: a header that says less is believed by
//! nobody.

use std::io::{self, Read};

use course::handed_in::SOURCE_BYTES_MAX;

/// Entries of an archive, or of a folder without what is never looked into. The whole
/// workspace of the handout has a few hundred.
pub const ENTRIES_MAX: usize = 2_000;

/// Folders around a file; the handout's workspace in a wrapping folder needs four.
pub const DEPTH_MAX: usize = 8;

/// Bytes of all files of a submission, unpacked.
pub const TOTAL_BYTES_MAX: u64 = 32 << 20;

/// Bytes of an archive as it was handed in: what it unpacks to is hardly smaller.
pub const ARCHIVE_BYTES_MAX: u64 = 32 << 20;

/// How many bytes may come out of one. Source text gives 3 to 10, and zeros 1,000.
pub const RATIO_MAX: u64 = 200;

/// Bytes whose ratio nobody asks for: each of the handler files and the policy may be as
/// dull as it likes.
pub const RATIO_FREE_BYTES: u64 = 9 * SOURCE_BYTES_MAX;

/// Bytes of one part of a name, which is what file systems allow.
pub const NAME_BYTES_MAX: usize = 255;

/// Bytes of a name with all its folders.
pub const PATH_BYTES_MAX: usize = 1_024;

/// Bytes of a tar header that describes the next entry: long names and pax records.
pub const EXTENSION_BYTES_MAX: u64 = 64 << 10;

/// Bytes of a tar archive: its files, and what the format puts around each of them.
pub const STREAM_BYTES_MAX: u64 = TOTAL_BYTES_MAX + ENTRIES_MAX as u64 * (4 << 10);

/// Entries of a report's list of what was ignored.
pub const IGNORED_LISTED_MAX: usize = 50;

/// What is left of the limits that concern a submission as a whole.
#[derive(Debug, Default)]
pub(super) struct Budget {
    entries: usize,
    bytes: u64,
}

/// What was read of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Content {
    /// All of it.
    Whole(Vec<u8>),
    /// It has more bytes than are taken of any file.
    TooLarge,
}

/// Why reading came to an end before the file did.
#[derive(Debug)]
pub(super) enum Broken {
    /// A limit, in words.
    Limit(String),
    /// The reader failed.
    Read(io::Error),
}

impl Budget {
    /// Counts one more entry.
    pub fn entry(&mut self) -> Result<(), String> {
        self.entries += 1;
        match self.entries > ENTRIES_MAX {
            true => Err(format!("more than {ENTRIES_MAX} entries")),
            false => Ok(()),
        }
    }

    /// How many entries may still come.
    pub fn entries_left(&self) -> usize {
        ENTRIES_MAX.saturating_sub(self.entries)
    }

    /// Reads to the end of `reader`, which holds `packed` bytes before they are
    /// unpacked, and keeps what may be taken of a file.
    pub fn drain(&mut self, reader: impl Read, packed: Option<u64>) -> Result<Content, Broken> {
        let mut reader = reader;
        let mut kept = Vec::new();
        let mut own: u64 = 0;
        let mut chunk = [0; 16 << 10];
        loop {
            let count = match reader.read(&mut chunk) {
                Ok(0) => break,
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(Broken::Read(error)),
            };
            own += count as u64;
            self.bytes += count as u64;
            if self.bytes > TOTAL_BYTES_MAX {
                let max = TOTAL_BYTES_MAX >> 20;
                return Err(Broken::Limit(format!("more than {max} MiB altogether")));
            }
            if packed.is_some_and(|packed| is_bomb(own, packed)) {
                return Err(Broken::Limit(bomb()));
            }
            if own <= SOURCE_BYTES_MAX {
                kept.extend_from_slice(&chunk[..count]);
            }
        }
        Ok(match own <= SOURCE_BYTES_MAX {
            true => Content::Whole(kept),
            false => Content::TooLarge,
        })
    }
}

/// Whether more comes out than honest files hold.
pub(super) fn is_bomb(unpacked: u64, packed: u64) -> bool {
    unpacked > RATIO_FREE_BYTES.max(packed.saturating_mul(RATIO_MAX))
}

/// Said of a bomb.
pub(super) fn bomb() -> String {
    format!("unpacks to more than {RATIO_MAX} times its size")
}
