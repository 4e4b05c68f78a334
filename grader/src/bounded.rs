//! A process with limits on its time and its output.

use std::io::{self, Read, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use wait_timeout::ChildExt;

/// Limits that are kept from outside the process.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Time on the clock.
    pub wall: Duration,
    /// Bytes on standard output.
    pub stdout_bytes: u64,
    /// Bytes on standard error.
    pub stderr_bytes: u64,
}

/// A process that has ended, and why.
#[derive(Debug)]
pub struct Ended {
    /// How it ended.
    pub status: ExitStatus,
    /// What it printed, up to the limit.
    pub stdout: Vec<u8>,
    /// What it complained about, up to the limit.
    pub stderr: Vec<u8>,
    /// The limit that it was killed for.
    pub exceeded: Option<Exceeded>,
}

/// A limit that was exceeded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exceeded {
    /// It took too long.
    Time,
    /// It printed too much.
    Output,
}

/// Runs a command to its end or to its limits, with `input` on standard input.
///
/// # Errors
///
/// If the process cannot be started or waited for.
pub fn run(command: &mut Command, input: &[u8], bounds: Bounds) -> io::Result<Ended> {
    let deadline = Instant::now() + bounds.wall;
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let (flooded, flood) = mpsc::channel();
    thread::scope(|scope| {
        scope.spawn(move || {
            // A process that does not read to the end closes the pipe: its choice.
            let _closed_early = stdin.map(|mut stdin| stdin.write_all(input));
        });
        let flooded_too = flooded.clone();
        let out = scope.spawn(move || read_capped(stdout, bounds.stdout_bytes, &flooded));
        let err = scope.spawn(move || read_capped(stderr, bounds.stderr_bytes, &flooded_too));
        let (status, exceeded) = wait(&mut child, deadline, &flood)?;
        let (stdout, stderr) = (joined(out), joined(err));
        // The last bytes may come to the limit when the process has ended already.
        let flooded = flood.try_recv().is_ok().then_some(Exceeded::Output);
        Ok(Ended {
            status,
            stdout,
            stderr,
            exceeded: exceeded.or(flooded),
        })
    })
}

fn joined(reader: thread::ScopedJoinHandle<'_, Vec<u8>>) -> Vec<u8> {
    reader.join().unwrap_or_default()
}

/// Reads up to the limit; at the limit it says so, and reads no further.
fn read_capped(pipe: Option<impl Read>, limit: u64, flooded: &mpsc::Sender<()>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let Some(pipe) = pipe else { return bytes };
    let mut capped = pipe.take(limit);
    // What was read before an error is what there is.
    let _read_error = capped.read_to_end(&mut bytes);
    if capped.limit() == 0 {
        let _nobody_waits = flooded.send(());
    }
    bytes
}

/// How often a running process is looked after.
const LOOK_EVERY: Duration = Duration::from_millis(20);

fn wait(
    child: &mut Child,
    deadline: Instant,
    flood: &mpsc::Receiver<()>,
) -> io::Result<(ExitStatus, Option<Exceeded>)> {
    loop {
        if let Some(status) = child.wait_timeout(LOOK_EVERY)? {
            let flooded = flood.try_recv().is_ok();
            return Ok((status, flooded.then_some(Exceeded::Output)));
        }
        let exceeded = match (flood.try_recv().is_ok(), Instant::now() >= deadline) {
            (true, _) => Exceeded::Output,
            (false, true) => Exceeded::Time,
            (false, false) => continue,
        };
        child.kill()?;
        return Ok((child.wait()?, Some(exceeded)));
    }
}
