//! `cargo xtask record`: traces of real programs.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::error::ErrorKind;
use recorder::binary::BinarySink;
use recorder::compact::Compaction;
use recorder::cut::Cut;
use recorder::error::Error;
use recorder::import::{Request, import};
use recorder::summary::Summary;
use recorder::text::TextSink;

use crate::exit::{Exit, Trouble};

/// Makes a trace of the log of a real program.
///
/// The log is what `valgrind --tool=lackey --trace-mem=yes --trace-syscalls=yes
/// --log-file=FILE PROGRAM` writes, plain or packed with xz.
#[derive(clap::Args)]
pub struct Args {
    /// The log of the first process
    #[arg(long, value_name = "FILE", required_unless_present = "program")]
    import: Option<PathBuf>,
    /// The log of a process that another one forked; may be repeated
    #[arg(long, value_name = "FILE", requires = "import")]
    child: Vec<PathBuf>,
    /// The program headers of a static program (`readelf -lW`); else what it began
    /// with is guessed from the pages it used
    #[arg(long, value_name = "FILE", requires = "import")]
    segments: Option<PathBuf>,
    /// Leaves out accesses to pages that were used a moment ago: they cannot fault
    #[arg(long)]
    per_page: bool,
    /// Keeps the first N events
    #[arg(long, value_name = "N", conflicts_with = "spread")]
    cut: Option<u64>,
    /// Keeps about N accesses, spread over the whole run, and all system calls
    #[arg(long, value_name = "N")]
    spread: Option<u64>,
    /// The trace; `-` is standard output [default: the log's name, here, as
    /// `sort.trace` for `sort.log.xz`]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Writes the binary form: a fifth of the size, and faster to replay
    #[arg(long)]
    binary: bool,
    /// Not there yet: a program to run and record
    #[arg(last = true, value_name = "PROGRAM", conflicts_with = "import")]
    program: Vec<OsString>,
}

pub fn run(args: &Args) -> Result<Exit, Trouble> {
    let Some(log) = &args.import else {
        not_yet(&args.program)
    };
    let out = args.out.clone().unwrap_or_else(|| default_out(log));
    let request = args.request(log);
    let summary = if out == Path::new("-") {
        write(args.binary, &request, io::stdout().lock())
    } else {
        write_file(args.binary, &request, &out)
    }?;
    eprintln!("{summary}");
    eprintln!("  to {}", out.display());
    Ok(Exit::Done)
}

/// Ends with a usage error that says what to do instead.
fn not_yet(program: &[OsString]) -> ! {
    let words: Vec<_> = program.iter().map(|word| word.to_string_lossy()).collect();
    let message = format!(
        "a program cannot be recorded yet, only the log of one imported\n\
         help: valgrind --tool=lackey --trace-mem=yes --trace-syscalls=yes --log-file=FILE {}\n\
         help: cargo xtask record --import FILE\n",
        words.join(" ")
    );
    clap::Error::raw(ErrorKind::InvalidValue, message).exit()
}

impl Args {
    fn request(&self, log: &Path) -> Request {
        Request {
            log: log.into(),
            children: self.child.clone(),
            segments: self.segments.clone(),
            compaction: if self.per_page {
                Compaction::PerPage
            } else {
                Compaction::None
            },
            cut: match (self.cut, self.spread) {
                (Some(events), _) => Cut::First(events),
                (None, Some(accesses)) => Cut::Spread(accesses),
                (None, None) => Cut::None,
            },
            interrupt: Default::default(),
        }
    }
}

/// The log's name up to its first dot, in the current folder.
fn default_out(log: &Path) -> PathBuf {
    let name = log.file_name().unwrap_or_default().to_string_lossy();
    let stem = name.split('.').find(|part| !part.is_empty());
    format!("{}.trace", stem.unwrap_or("recorded")).into()
}

/// Writes the trace beside its place first, so that an import that fails leaves
/// no half of a trace and does no harm to an older one.
fn write_file(binary: bool, request: &Request, out: &Path) -> Result<Summary, Trouble> {
    let mut part = out.as_os_str().to_owned();
    part.push(".part");
    let file = File::create(&part).map_err(|error| {
        let name = out.display();
        Trouble::OurFault(format!("{name}: {error}\nhelp: choose another `--out`").into())
    })?;
    let written = write(binary, request, file)
        .and_then(|summary| fs::rename(&part, out).map(|()| summary).map_err(unwritten));
    if written.is_err() {
        // Whatever it is, the first trouble is the one to report.
        let _left_behind = fs::remove_file(&part);
    }
    written
}

fn write(binary: bool, request: &Request, out: impl Write) -> Result<Summary, Trouble> {
    let mut out = BufWriter::with_capacity(1 << 16, out);
    if binary {
        let mut sink = BinarySink::new(out);
        let summary = import(request, &mut sink).map_err(trouble)?;
        sink.finish().map_err(unwritten)?;
        Ok(summary)
    } else {
        header(&mut out).map_err(unwritten)?;
        let mut sink = TextSink::new(out);
        let summary = import(request, &mut sink).map_err(trouble)?;
        sink.finish().map_err(unwritten)?;
        Ok(summary)
    }
}

/// Says how the trace was made, so that anybody can make it again.
fn header(out: &mut impl Write) -> io::Result<()> {
    let words: Vec<_> = std::env::args_os()
        .skip(1)
        .map(|word| word.to_string_lossy().replace(char::is_control, "?"))
        .collect();
    writeln!(out, "# cargo xtask {}", words.join(" "))
}

fn trouble(error: Error) -> Trouble {
    match error {
        Error::Write(_) => Trouble::OurFault(error.into()),
        _ => Trouble::BadInput(error.into()),
    }
}

fn unwritten(error: io::Error) -> Trouble {
    trouble(Error::Write(error))
}
