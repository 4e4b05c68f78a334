//! `cargo lab view --html`: a film, while it is made, into a page for browsers.

use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, PipeReader, Write};
use std::path::Path;
use std::thread;

use film::scene::Closing;
use stepper::Feed;

use crate::report::Failure;

/// Writes the page of a film, and of the expected one beside it, into a file. If a run
/// stops early, the page says so at its end.
pub(crate) fn write(
    file: &Path,
    title: &str,
    own: Feed,
    expected: Option<Feed>,
) -> Result<(), Failure> {
    let written = File::create(file).map_err(page::error::Error::from);
    let written = written.and_then(|out| {
        let mut out = BufWriter::new(out);
        let own = played(own)?;
        match expected {
            None => page::write::write(&mut out, title, own),
            Some(expected) => page::write::write_compared(&mut out, title, own, played(expected)?),
        }
    });
    written.map(drop).map_err(|error| {
        remove(file);
        cannot(file, &error)
    })
}

/// Removes half a page, which is of no use. If it cannot be removed, the message that
/// follows is what counts.
pub(crate) fn remove(file: &Path) {
    let _ = fs::remove_file(file);
}

/// Plays a film on a thread of its own: it is read while it is made, and need not fit
/// into memory.
fn played(feed: Feed) -> io::Result<BufReader<PipeReader>> {
    let (reader, writer) = io::pipe()?;
    thread::spawn(move || {
        let mut out = Counted {
            out: writer,
            lines: 0,
        };
        if let Err(stopped) = feed(&mut out) {
            // A reader that has gone needs no end.
            let _ = out.close(stopped);
        }
    });
    Ok(BufReader::with_capacity(1 << 16, reader))
}

/// A film on its way, whose lines are counted.
struct Counted<W> {
    out: W,
    lines: u64,
}

impl<W: Write> Counted<W> {
    /// Writes the closing of a run that stopped early.
    fn close(&mut self, stopped: String) -> io::Result<()> {
        let closing = Closing {
            scenes: self.lines.saturating_sub(1),
            stopped: Some(stopped),
            violations: Vec::new(),
        };
        serde_json::to_writer(&mut self.out, &closing)?;
        self.out.write_all(b"\n")
    }
}

impl<W: Write> Write for Counted<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        let lines = bytes[..written].iter().filter(|&&byte| byte == b'\n');
        self.lines += lines.count() as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

fn cannot(file: &Path, error: &page::error::Error) -> Failure {
    let file = file.display();
    match error {
        page::error::Error::Write(error) => {
            Failure::BadInput(format!("{file}: {error}\nhelp: does the folder exist?"))
        }
        page::error::Error::Film(error) => Failure::Internal(format!("no page: {error}")),
    }
}
