//! The archive: the same bytes whenever it is made of the same files.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use handout::parcel::Parcel;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::trouble::Trouble;

/// What Gradescope starts.
const PROGRAMS: [&str; 2] = ["run_autograder", "setup.sh"];

/// Whoever may read the archive has the hidden traces.
const ARCHIVE_MODE: u32 = 0o600;

/// Writes the files into a new archive that nobody else may read.
///
/// # Errors
///
/// If there is such a file already, or it cannot be written.
pub fn write(files: &Parcel, archive: &Path) -> Result<(), Trouble> {
    let unwritable = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => Trouble::Occupied(archive.to_owned()),
        _ => Trouble::Unwritable {
            path: archive.to_owned(),
            error,
        },
    };
    let mut new = File::options();
    let file = new.write(true).create_new(true).mode(ARCHIVE_MODE);
    let file = file.open(archive).map_err(unwritable)?;
    let mut zip = ZipWriter::new(BufWriter::new(file));
    for (path, bytes) in files.files() {
        let mode = match PROGRAMS.contains(&path) {
            true => 0o755,
            false => 0o644,
        };
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(DateTime::default())
            .unix_permissions(mode);
        zip.start_file(path, options)?;
        zip.write_all(bytes).map_err(unwritable)?;
    }
    zip.finish()?.flush().map_err(unwritable)
}
