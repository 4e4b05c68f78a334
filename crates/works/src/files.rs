//! All works in all their forms, in a folder.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use vmtrace::binary::encode::Encoder;
use vmtrace::error::WriteError;
use vmtrace::text::print::Printer;

use crate::formats;
use crate::mapped::{Backing, events, machine};
use crate::work::Work;

/// Writes what other programs read of the work: `NAME.pages`, `NAME.u32`, `NAME.ref` and
/// `NAME.oracleGeneral`.
///
/// # Errors
///
/// If a file cannot be written.
pub fn for_others(folder: &Path, name: &str, work: &Work) -> io::Result<()> {
    write(folder, name, "pages", |out| formats::lines(work, out))?;
    write(folder, name, "u32", |out| formats::packed(work, out))?;
    write(folder, name, "ref", |out| formats::letters(work, out))?;
    write(folder, name, "oracleGeneral", |out| {
        formats::oracle_general(work, out)
    })
}

/// Writes the work as traces of ours, `NAME.text` and `NAME.binary`, each behind the empty
/// line that the runner takes for a secret.
///
/// # Errors
///
/// If a file cannot be written.
pub fn for_us(folder: &Path, name: &str, work: &Work, backing: Backing) -> io::Result<()> {
    let config = machine(work, backing);
    write(folder, name, "text", |out| {
        writeln!(out)?;
        let mut printer = Printer::new(out, &config).map_err(cause)?;
        let mut events = events(work, backing);
        events.try_for_each(|event| printer.write(&event).map_err(cause))
    })?;
    write(folder, name, "binary", |out| {
        writeln!(out)?;
        let mut encoder = Encoder::new(out, &config).map_err(cause)?;
        let mut events = events(work, backing);
        events.try_for_each(|event| encoder.write(&event).map_err(cause))?;
        encoder.finish().map(drop).map_err(cause)
    })
}

/// Why a trace could not be written. Its events are ours, so it is the file.
fn cause(error: WriteError) -> io::Error {
    io::Error::other(error)
}

fn write(
    folder: &Path,
    name: &str,
    form: &str,
    content: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
) -> io::Result<()> {
    let mut out = BufWriter::new(File::create(folder.join(format!("{name}.{form}")))?);
    content(&mut out)?;
    out.flush()
}
