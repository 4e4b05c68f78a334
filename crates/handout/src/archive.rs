//! A handout as one file: `faultline.zip`, the same bytes whenever it is made.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::refusal::{Refusal, io_error};

/// The folder that everything in the archive lies in.
pub const FOLDER: &str = "faultline";

/// What everybody may do with a file, and what is no program.
const MODE: u32 = 0o644;

/// Writes the files below `folder`, the repository included, into a new archive.
pub fn write(folder: &Path, archive: &Path) -> Result<(), Refusal> {
    let file = File::create_new(archive).map_err(io_error(archive))?;
    let mut zip = ZipWriter::new(BufWriter::new(file));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default())
        .unix_permissions(MODE);
    for path in below(folder)? {
        let name: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
        let bytes = fs::read(folder.join(&path)).map_err(io_error(&path))?;
        zip.start_file(format!("{FOLDER}/{}", name.join("/")), options)?;
        zip.write_all(&bytes).map_err(io_error(archive))?;
    }
    let written = zip.finish()?.flush();
    written.map_err(io_error(archive))
}

/// All files below a folder, as paths below it, in their order.
fn below(folder: &Path) -> Result<Vec<PathBuf>, Refusal> {
    let mut files = Vec::new();
    let mut open = vec![PathBuf::new()];
    while let Some(inside) = open.pop() {
        let path = folder.join(&inside);
        let entries =
            fs::read_dir(&path).and_then(|entries| entries.collect::<io::Result<Vec<_>>>());
        for entry in entries.map_err(io_error(&path))? {
            let inside = inside.join(entry.file_name());
            match entry.path().is_dir() {
                true => open.push(inside),
                false => files.push(inside),
            }
        }
    }
    files.sort();
    Ok(files)
}
