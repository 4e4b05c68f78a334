//! A process with limits on its time and its output.
//!
//! One loop writes, reads and waits, without a thread: nothing is left behind when a
//! process ends in a way that nobody thought of. The process leads a group of its own,
//! and when it ends, or comes to a limit, the whole group does.

use std::fmt::Debug;
use std::io::{self, Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, Signal, kill_process_group};

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
    /// How long it took, on the clock.
    pub took: Duration,
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
/// When it has ended, what it has printed is all there is: a process that it left behind
/// is killed if it is in the same group, and not waited for if it is not.
///
/// # Errors
///
/// If the process cannot be started or waited for.
pub fn run(command: &mut Command, input: &[u8], bounds: Bounds) -> io::Result<Ended> {
    let started = Instant::now();
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .spawn()?;
    let outcome = Pipes::of(&mut child, input, bounds)
        .and_then(|mut pipes| Ok((pipes.serve(&child, started + bounds.wall)?, pipes)));
    // Whoever is left of the group dies before its leader is waited for, while nobody
    // else can have the group's number.
    kill_group(&child);
    let status = child.wait()?;
    let (exceeded, mut pipes) = outcome?;
    let too_much = pipes.drain();
    Ok(Ended {
        status,
        stdout: pipes.stdout.bytes,
        stderr: pipes.stderr.bytes,
        exceeded: exceeded.or(too_much),
        took: started.elapsed(),
    })
}

pub(crate) fn kill_group(child: &Child) {
    // The group is gone if its only process has ended.
    let _gone = kill_process_group(Pid::from_child(child), Signal::KILL);
}

/// The ends of the pipes of a process that are ours.
struct Pipes<'a> {
    stdin: Option<ChildStdin>,
    unsent: &'a [u8],
    stdout: Capped,
    stderr: Capped,
}

/// A pipe that is read up to a limit.
#[derive(Debug)]
pub(crate) struct Capped {
    pub(crate) pipe: Option<Box<dyn Readable>>,
    bytes: Vec<u8>,
    limit: u64,
    /// Where bytes are read to.
    chunk: Box<[u8]>,
}

pub(crate) trait Readable: Read + AsFd + Debug + Send {}
impl<T: Read + AsFd + Debug + Send> Readable for T {}

/// How often a process is looked after on a system that cannot tell of its end.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// Bytes that are read at a time: what a pipe of Linux holds.
const CHUNK_BYTES: usize = 64 << 10;

impl<'a> Pipes<'a> {
    fn of(child: &mut Child, input: &'a [u8], bounds: Bounds) -> io::Result<Self> {
        let stdin = child.stdin.take();
        if let Some(stdin) = &stdin {
            rustix::io::ioctl_fionbio(stdin, true)?;
        }
        Ok(Self {
            stdin,
            unsent: input,
            stdout: Capped::new(child.stdout.take(), bounds.stdout_bytes)?,
            stderr: Capped::new(child.stderr.take(), bounds.stderr_bytes)?,
        })
    }

    /// Writes and reads until the process has ended, which is not yet waited for, or a
    /// limit is exceeded.
    fn serve(&mut self, child: &Child, deadline: Instant) -> io::Result<Option<Exceeded>> {
        let end = End::of(child);
        loop {
            self.send();
            if self.stdout.read() || self.stderr.read() {
                return Ok(Some(Exceeded::Output));
            }
            if end.has_come()? {
                return Ok(None);
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(Some(Exceeded::Time));
            }
            self.wait(&end, left)?;
        }
    }

    /// Waits until there is something to do.
    fn wait(&self, end: &End, at_most: Duration) -> io::Result<()> {
        let mut waited = Vec::with_capacity(4);
        if let Some(stdin) = &self.stdin {
            waited.push(PollFd::new(stdin, PollFlags::OUT));
        }
        for pipe in [&self.stdout.pipe, &self.stderr.pipe].into_iter().flatten() {
            waited.push(PollFd::from_borrowed_fd(pipe.as_fd(), PollFlags::IN));
        }
        let at_most = match &end.descriptor {
            Some(descriptor) => {
                waited.push(PollFd::new(descriptor, PollFlags::IN));
                at_most
            }
            None => at_most.min(LOOK_EVERY),
        };
        poll_for(&mut waited, at_most)
    }

    /// Writes as much as fits. A process that closes the pipe early does not want it.
    fn send(&mut self) {
        while let Some(stdin) = &mut self.stdin {
            match stdin.write(self.unsent) {
                _ if self.unsent.is_empty() => self.stdin = None,
                Ok(sent) => self.unsent = &self.unsent[sent..],
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => self.stdin = None,
            }
        }
    }

    /// Reads what is left in the pipes of a process that has ended; says if it is too
    /// much.
    fn drain(&mut self) -> Option<Exceeded> {
        let too_much = [self.stdout.read(), self.stderr.read()];
        too_much.contains(&true).then_some(Exceeded::Output)
    }
}

/// Waits for one of these, or for so long.
pub(crate) fn poll_for(waited: &mut [PollFd<'_>], at_most: Duration) -> io::Result<()> {
    let at_most = Timespec {
        tv_sec: at_most.as_secs().try_into().unwrap_or(i64::MAX),
        tv_nsec: at_most.subsec_nanos().into(),
    };
    match poll(waited, Some(&at_most)) {
        Ok(_) | Err(rustix::io::Errno::INTR) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

impl Capped {
    pub(crate) fn new(pipe: Option<impl Readable + 'static>, limit: u64) -> io::Result<Self> {
        if let Some(pipe) = &pipe {
            rustix::io::ioctl_fionbio(pipe, true)?;
        }
        Ok(Self {
            pipe: pipe.map(|pipe| Box::new(pipe) as Box<dyn Readable>),
            bytes: Vec::new(),
            limit,
            chunk: vec![0; CHUNK_BYTES].into(),
        })
    }

    /// Begins anew, with this limit.
    pub(crate) fn limit_to(&mut self, limit: u64) {
        (self.bytes, self.limit) = (Vec::new(), limit);
    }

    /// What was read up to now.
    pub(crate) fn so_far(&self) -> &[u8] {
        &self.bytes
    }

    /// What was read.
    pub(crate) fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.bytes)
    }

    /// Reads what is there, up to the limit; says whether that was reached.
    pub(crate) fn read(&mut self) -> bool {
        while let Some(pipe) = &mut self.pipe {
            let left = self.limit - self.bytes.len() as u64;
            if left == 0 {
                return true;
            }
            let most = self
                .chunk
                .len()
                .min(usize::try_from(left).unwrap_or(usize::MAX));
            match pipe.read(&mut self.chunk[..most]) {
                Ok(0) => self.pipe = None,
                Ok(read) => self.bytes.extend_from_slice(&self.chunk[..read]),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return false,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                // What was read before an error is what there is.
                Err(_) => self.pipe = None,
            }
        }
        false
    }
}

/// The end of a process, to be waited for together with its pipes.
struct End {
    pid: Pid,
    /// Becomes readable at the end, on a system that has this.
    descriptor: Option<OwnedFd>,
}

impl End {
    fn of(child: &Child) -> Self {
        let pid = Pid::from_child(child);
        Self {
            pid,
            descriptor: descriptor_of(pid),
        }
    }

    /// Whether the process has ended. It keeps its number until it is waited for.
    fn has_come(&self) -> io::Result<bool> {
        use rustix::process::{WaitId, WaitIdOptions, waitid};

        let look = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT | WaitIdOptions::NOHANG;
        loop {
            match waitid(WaitId::Pid(self.pid), look) {
                Ok(ended) => return Ok(ended.is_some()),
                Err(rustix::io::Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
}

#[cfg(target_os = "linux")]
fn descriptor_of(pid: Pid) -> Option<OwnedFd> {
    rustix::process::pidfd_open(pid, rustix::process::PidfdFlags::empty()).ok()
}

#[cfg(not(target_os = "linux"))]
fn descriptor_of(_: Pid) -> Option<OwnedFd> {
    None
}
