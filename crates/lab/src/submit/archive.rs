//! An archive that is the same for the same files, whenever and wherever it is made.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::gather::Gathered;

/// Packs the files in the order of their names.
///
/// They are stored and not compressed, so that no other version of a library makes other
/// bytes of them; and their times are those with which the format begins.
pub(super) fn pack(files: &[Gathered]) -> Result<Vec<u8>, String> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for file in files {
        let written = archive
            .start_file(file.name.as_str(), options)
            .map_err(|error| error.to_string())
            .and_then(|()| {
                let written = archive.write_all(file.text.as_bytes());
                written.map_err(|error| error.to_string())
            });
        written.map_err(|error| format!("{}: {error}", file.name))?;
    }
    let finished = archive.finish().map_err(|error| error.to_string())?;
    Ok(finished.into_inner())
}
