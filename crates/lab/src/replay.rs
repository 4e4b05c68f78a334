//! Sends a trace to a program of handlers and passes its observations on.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};

use runner::channel::{END_MARK, parse_end};
use runner::end::{End, Place};
use runner::totals::{self, TOTALS_MARK, Totals};

use crate::report::Failure;

/// The signal at the end of the CPU time that was granted (setrlimit(2)).
const SIGXCPU: i32 = 24;

/// Runs a trace, `-` for standard input, and copies every observation to `out`.
/// Returns the totals of all faults if these are among the `options`.
pub(crate) fn replay(
    program: &Path,
    options: &[&str],
    trace: &Path,
    out: &mut (impl Write + ?Sized),
) -> Result<Option<Totals>, Failure> {
    let mut input = open(trace)?;
    let mut child = Command::new(program)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(internal)?;
    let (told, sent) = std::thread::scope(|scope| {
        let stdin = child.stdin.take();
        let sender = scope.spawn(move || send(options, &mut input, stdin));
        (pass_on(&mut child, out), sender.join())
    });
    let status = child.wait().map_err(internal)?;
    if let Ok(Err(error)) = sent {
        return Err(unreadable(trace, &error));
    }
    let Told { totals, end } = told?;
    match end {
        Some(end) => verdict(end, trace).map(|()| totals),
        None if status.signal() == Some(SIGXCPU) => Err(Failure::Handlers(
            "time limit: a handler does not come back\nhelp: does a loop in it end?".to_owned(),
        )),
        None => Err(Failure::Handlers(format!(
            "the program ended before the trace did ({status})\nhelp: does a handler call \
             `exit`, or use up all memory?"
        ))),
    }
}

/// What a program says besides its observations.
#[derive(Default)]
struct Told {
    totals: Option<Totals>,
    /// How the run ended; the last that it says.
    end: Option<End>,
}

fn open(trace: &Path) -> Result<Box<dyn Read + Send>, Failure> {
    if trace == Path::new("-") {
        return Ok(Box::new(io::stdin()));
    }
    match File::open(trace) {
        Ok(file) => Ok(Box::new(file)),
        Err(error) => Err(unreadable(trace, &error)),
    }
}

fn unreadable(trace: &Path, error: &io::Error) -> Failure {
    let name = trace.display();
    Failure::BadInput(format!(
        "{name}: {error}\nhelp: traces are in labs/*/traces/"
    ))
}

/// Sends the trace, after an empty secret and the options. A program that stops early
/// closes the pipe; that is no error here.
fn send(options: &[&str], trace: &mut impl Read, stdin: Option<ChildStdin>) -> io::Result<()> {
    let Some(mut stdin) = stdin else {
        return Ok(());
    };
    let sent = stdin
        .write_all(format!(" {}\n", options.join(" ")).as_bytes())
        .and_then(|()| io::copy(trace, &mut stdin));
    match sent {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error),
        _ => Ok(()),
    }
}

/// Copies the lines, up to what is not meant for people.
fn pass_on(child: &mut Child, out: &mut (impl Write + ?Sized)) -> Result<Told, Failure> {
    let mut told = Told::default();
    let Some(stdout) = child.stdout.take() else {
        return Ok(told);
    };
    let mut lines = BufReader::with_capacity(1 << 16, stdout);
    let mut line = Vec::new();
    let mut gone = false;
    loop {
        line.clear();
        if lines.read_until(b'\n', &mut line).map_err(internal)? == 0 {
            return Ok(told);
        }
        if line.starts_with(END_MARK.as_bytes()) {
            let text = String::from_utf8_lossy(&line);
            told.end = parse_end(text.trim_end(), "").map(|(_, end)| end);
            return Ok(told);
        }
        if line.starts_with(TOTALS_MARK.as_bytes()) {
            told.totals = totals::parse(&String::from_utf8_lossy(&line));
            continue;
        }
        // `cargo lab run … | head` closes the pipe: stop writing, not reading.
        gone = gone || out.write_all(&line).is_err();
    }
}

fn verdict(end: End, trace: &Path) -> Result<(), Failure> {
    let name = trace.display();
    let handlers = |what: &str, place: Place| {
        Err(Failure::Handlers(format!(
            "{what} at {}: {}",
            place.at, place.message
        )))
    };
    match end {
        End::Finished => Ok(()),
        End::NotWritten(place) => handlers("not written yet", without_todo(place)),
        End::Panicked(place) => handlers("a handler panicked", place),
        End::KernelBug(place) => handlers("kernel bug", place),
        End::Livelock { line } => Err(Failure::Handlers(format!(
            "{name}:{line}: the same access faults again and again\nhelp: the repair \
             does not make the access possible"
        ))),
        End::NotConfined { message } => Err(Failure::Internal(message)),
        End::BadTrace { message } => Err(Failure::BadInput(format!("{name}:{message}"))),
    }
}

/// A `todo!` says itself that it is not written.
fn without_todo(place: Place) -> Place {
    let said = place.message.strip_prefix("not yet implemented: ");
    Place {
        message: said.unwrap_or(&place.message).to_owned(),
        ..place
    }
}

fn internal(error: io::Error) -> Failure {
    Failure::Internal(format!("the replay failed: {error}"))
}
