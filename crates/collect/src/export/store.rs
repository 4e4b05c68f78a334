//! The private folder that exports are unpacked to.

use std::fs::{self, File, Permissions};
use std::io::{self, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use grader::kit::scratch_prefix;
use tempfile::TempDir;

use crate::limits::UNPACKED_BYTES_MAX;
use crate::trouble::CollectError;

/// A folder that nobody else may look into, and that is gone when this is dropped.
#[derive(Debug)]
pub struct Store {
    folder: TempDir,
    kept: usize,
    bytes: u64,
    attempts: usize,
}

/// Why a file is not kept.
#[derive(Debug)]
pub(crate) enum Unkept {
    /// The export cannot be read there.
    Read(io::Error),
    /// All that was kept is too much.
    Full(String),
    /// The folder cannot be written.
    Write(io::Error),
}

impl Store {
    /// Makes one.
    ///
    /// # Errors
    ///
    /// If that cannot be done.
    pub fn new() -> Result<Self, CollectError> {
        Self::in_temp().map_err(|error| CollectError::Scratch {
            path: std::env::temp_dir(),
            error,
        })
    }

    fn in_temp() -> io::Result<Self> {
        let private = Permissions::from_mode(0o700);
        let folder = tempfile::Builder::new()
            .prefix(&scratch_prefix())
            .permissions(private)
            .tempdir()?;
        fs::create_dir(folder.path().join("raw"))?;
        fs::create_dir(folder.path().join("attempts"))?;
        Ok(Self {
            folder,
            kept: 0,
            bytes: 0,
            attempts: 0,
        })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Keeps what can be read, at most so many bytes of it, under a number.
    pub(crate) fn keep(&mut self, content: impl Read, most: u64) -> Result<PathBuf, Unkept> {
        let path = self.path().join("raw").join(self.kept.to_string());
        self.kept += 1;
        let mut file = File::create_new(&path).map_err(Unkept::Write)?;
        let mut content = content.take(most);
        let mut chunk = [0; 32 << 10];
        loop {
            let count = match content.read(&mut chunk) {
                Ok(0) => return Ok(path),
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(Unkept::Read(error)),
            };
            self.bytes += count as u64;
            if self.bytes > UNPACKED_BYTES_MAX {
                let most = UNPACKED_BYTES_MAX >> 30;
                return Err(Unkept::Full(format!("more than {most} GiB in it")));
            }
            file.write_all(&chunk[..count]).map_err(Unkept::Write)?;
        }
    }

    /// A new folder for one attempt.
    pub(crate) fn attempt(&mut self) -> io::Result<PathBuf> {
        self.attempts += 1;
        let path = self.path().join("attempts").join(self.attempts.to_string());
        fs::create_dir(&path)?;
        Ok(path)
    }
}
