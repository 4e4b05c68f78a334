//! A zip or a folder, file by file.

use std::fs::{self, File};
use std::io::{self, BufWriter, Cursor, Seek, Write};
use std::path::{Path, PathBuf};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// Where an export is written to.
pub enum Sink {
    /// A zip.
    Zip(Box<ZipWriter<BufWriter<File>>>),
    /// A folder.
    Folder(PathBuf),
}

impl Sink {
    /// A zip if the name says so, and a folder otherwise.
    ///
    /// # Errors
    ///
    /// If it is there already, or cannot be made.
    pub fn new(path: &Path) -> io::Result<Self> {
        let is_zip = path
            .extension()
            .is_some_and(|end| end.eq_ignore_ascii_case("zip"));
        if is_zip {
            let file = BufWriter::new(File::create_new(path)?);
            return Ok(Self::Zip(Box::new(ZipWriter::new(file))));
        }
        fs::create_dir(path)?;
        Ok(Self::Folder(path.to_owned()))
    }

    /// Writes a file.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn file(&mut self, name: &str, content: &[u8]) -> io::Result<()> {
        match self {
            Self::Zip(zip) => add(zip, name, content),
            Self::Folder(folder) => {
                let path = folder.join(name);
                fs::create_dir_all(path.parent().unwrap_or(folder))?;
                fs::write(path, content)
            }
        }
    }

    /// Ends it.
    ///
    /// # Errors
    ///
    /// If its end cannot be written.
    pub fn finish(self) -> io::Result<()> {
        match self {
            Self::Zip(zip) => zip.finish().map_err(io::Error::other)?.flush(),
            Self::Folder(_) => Ok(()),
        }
    }
}

fn add<W: Write + Seek>(zip: &mut ZipWriter<W>, name: &str, content: &[u8]) -> io::Result<()> {
    // Without a time: the same class is the same file.
    let options = SimpleFileOptions::default().last_modified_time(zip::DateTime::default());
    zip.start_file(name, options).map_err(io::Error::other)?;
    zip.write_all(content)
}

/// A student's own archive.
///
/// # Errors
///
/// Never, as there is memory.
pub fn packed(files: &[(String, Vec<u8>)]) -> io::Result<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        add(&mut zip, name, content)?;
    }
    Ok(zip.finish().map_err(io::Error::other)?.into_inner())
}
