//! Files that are there as a whole or not at all.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use recorder::binary::BinarySink;
use recorder::error::Error;
use recorder::import::{Request, import};
use recorder::summary::Summary;
use recorder::text::TextSink;
use tally::{Tally, path_beside};

use crate::exit::Trouble;

/// Where a trace goes, and how.
pub(super) struct Output {
    /// The file; `-` is standard output.
    pub path: PathBuf,
    pub binary: bool,
}

impl Output {
    pub fn is_stdout(&self) -> bool {
        self.path == Path::new("-")
    }

    /// Imports a trace to here. What was counted for an older trace of this name
    /// goes with that trace.
    pub fn write(&self, request: &Request) -> Result<Summary, Trouble> {
        if self.is_stdout() {
            return self.import(request, io::stdout().lock());
        }
        let summary = whole(&self.path, |file| self.import(request, file))?;
        match fs::remove_file(path_beside(&self.path)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(unwritten(error)),
            _ => Ok(summary),
        }
    }

    /// Writes what the kernel counted beside the trace.
    pub fn write_tally(&self, tally: &Tally) -> Result<PathBuf, Trouble> {
        let path = path_beside(&self.path);
        whole(&path, |mut file| {
            file.write_all(tally.to_toml().as_bytes())
                .map_err(unwritten)
        })?;
        Ok(path)
    }

    fn import(&self, request: &Request, out: impl Write) -> Result<Summary, Trouble> {
        let mut out = BufWriter::with_capacity(1 << 16, out);
        if self.binary {
            let mut sink = BinarySink::new(out);
            let summary = import(request, &mut sink)?;
            sink.finish().map_err(unwritten)?;
            Ok(summary)
        } else {
            header(&mut out).map_err(unwritten)?;
            let mut sink = TextSink::new(out);
            let summary = import(request, &mut sink)?;
            sink.finish().map_err(unwritten)?;
            Ok(summary)
        }
    }
}

/// Writes a file beside its place first, so that trouble leaves no half of it and
/// does no harm to an older one.
fn whole<T>(path: &Path, write: impl FnOnce(File) -> Result<T, Trouble>) -> Result<T, Trouble> {
    let mut part = path.as_os_str().to_owned();
    part.push(".part");
    let file = File::create(&part).map_err(|error| {
        let name = path.display();
        Trouble::OurFault(format!("{name}: {error}\nhelp: choose another `--out`").into())
    })?;
    let written =
        write(file).and_then(|done| fs::rename(&part, path).map(|()| done).map_err(unwritten));
    if written.is_err() {
        // Whatever it is, the first trouble is the one to report.
        let _left_behind = fs::remove_file(&part);
    }
    written
}

/// Says how the trace was made, so that anybody can make it again.
fn header(out: &mut impl Write) -> io::Result<()> {
    let words: Vec<_> = std::env::args_os()
        .skip(1)
        .map(|word| word.to_string_lossy().replace(char::is_control, "?"))
        .collect();
    writeln!(out, "# cargo xtask {}", words.join(" "))
}

fn unwritten(error: io::Error) -> Trouble {
    Error::Write(error).into()
}
