//! A process that does one thing after another, each with limits on its time and output.
//!
//! As with [`bounded`](crate::bounded), one loop writes, reads and waits, and the process
//! leads a group that is killed as one. What is done is told by the server on its standard
//! input, which is a socket: the status of the child that did it. All that the child has
//! printed is in the pipes by then. A server that does things itself, without a child, has
//! done one when it has printed the whole of an answer.

use std::io::{self, Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use runner::serve::STATUS_BYTES;
use rustix::event::{PollFd, PollFlags};

use crate::bounded::{Bounds, Capped, Ended, Exceeded, kill_group, poll_for};

/// A server under way. It is killed when this is dropped, and whoever belongs to it.
#[derive(Debug)]
pub struct Server {
    child: Child,
    socket: UnixStream,
    stdout: Capped,
    stderr: Capped,
}

/// What the socket said last.
enum Said {
    /// Nothing yet.
    Nothing,
    /// That it is done, and how it ended.
    Status(ExitStatus),
    /// The whole of an answer.
    Answer,
    /// That nobody is there any more.
    Gone,
}

impl Server {
    /// Starts a server, tells it `hello`, and waits until it is ready; it has `wall` for
    /// that. One that ends before it is ready says so when it is asked for something.
    ///
    /// # Errors
    ///
    /// If the process cannot be started.
    pub fn start(command: &mut Command, hello: &[u8], wall: Duration) -> io::Result<Self> {
        let (socket, theirs) = UnixStream::pair()?;
        let mut child = command
            .stdin(OwnedFd::from(theirs))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .spawn()?;
        // The command keeps its end open as long as it lives.
        command.stdin(Stdio::null());
        socket.set_nonblocking(true)?;
        let mut server = Self {
            stdout: Capped::new(child.stdout.take(), 0)?,
            stderr: Capped::new(child.stderr.take(), 0)?,
            child,
            socket,
        };
        let bounds = Bounds {
            wall,
            stdout_bytes: 1,
            stderr_bytes: HELLO_BYTES,
        };
        server.serve(hello, bounds, |_| false)?;
        Ok(server)
    }

    /// Has one thing done, up to its end or its limits. Whoever exceeds them is killed,
    /// and the server with it.
    ///
    /// # Errors
    ///
    /// If the server cannot be waited for.
    pub fn run(&mut self, input: &[u8], bounds: Bounds) -> io::Result<Ended> {
        let started = Instant::now();
        let (said, exceeded) = self.serve(input, bounds, |_| false)?;
        let status = match said {
            Said::Status(status) => status,
            Said::Nothing | Said::Answer | Said::Gone => {
                kill_group(&self.child);
                self.child.wait()?
            }
        };
        let too_much = [self.stdout.read(), self.stderr.read()].contains(&true);
        Ok(Ended {
            status,
            stdout: self.stdout.take(),
            stderr: self.stderr.take(),
            exceeded: exceeded.or(too_much.then_some(Exceeded::Output)),
            took: started.elapsed(),
        })
    }

    /// Has the server itself do one thing, up to an answer that is whole. None if anything
    /// else comes of it; then this server is of no use any more.
    ///
    /// # Errors
    ///
    /// If the server cannot be waited for.
    pub fn ask(
        &mut self,
        input: &[u8],
        bounds: Bounds,
        is_whole: impl Fn(&[u8]) -> bool,
    ) -> io::Result<Option<Vec<u8>>> {
        let (said, _) = self.serve(input, bounds, is_whole)?;
        Ok(matches!(said, Said::Answer).then(|| self.stdout.take()))
    }

    /// Writes and reads until something is said, or a limit is exceeded.
    fn serve(
        &mut self,
        input: &[u8],
        bounds: Bounds,
        is_whole: impl Fn(&[u8]) -> bool,
    ) -> io::Result<(Said, Option<Exceeded>)> {
        let deadline = Instant::now() + bounds.wall;
        self.stdout.limit_to(bounds.stdout_bytes);
        self.stderr.limit_to(bounds.stderr_bytes);
        let mut unsent = input;
        loop {
            let is_there = self.send(&mut unsent);
            if self.stdout.read() || self.stderr.read() {
                return Ok((Said::Nothing, Some(Exceeded::Output)));
            }
            if is_whole(self.stdout.so_far()) {
                return Ok((Said::Answer, None));
            }
            match self.hear()? {
                Said::Nothing if is_there => {}
                Said::Nothing => return Ok((Said::Gone, None)),
                said => return Ok((said, None)),
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok((Said::Nothing, Some(Exceeded::Time)));
            }
            self.wait(!unsent.is_empty(), left)?;
        }
    }

    /// Writes as much as fits; says whether anybody is there to read it.
    fn send(&mut self, unsent: &mut &[u8]) -> bool {
        while !unsent.is_empty() {
            match self.socket.write(unsent) {
                Ok(sent) => *unsent = &unsent[sent..],
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return true,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => return false,
            }
        }
        true
    }

    fn hear(&mut self) -> io::Result<Said> {
        let mut status = [0; STATUS_BYTES];
        match self.socket.read(&mut status) {
            Ok(STATUS_BYTES) => {
                let status = i32::from_ne_bytes(status);
                Ok(Said::Status(ExitStatus::from_raw(status)))
            }
            Ok(_) => Ok(Said::Gone),
            Err(error) => match error.kind() {
                io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted => Ok(Said::Nothing),
                // It went with bytes unread.
                io::ErrorKind::ConnectionReset => Ok(Said::Gone),
                _ => Err(error),
            },
        }
    }

    /// Waits until there is something to do.
    fn wait(&self, sends: bool, at_most: Duration) -> io::Result<()> {
        let mut wanted = PollFlags::IN;
        wanted.set(PollFlags::OUT, sends);
        let mut waited = Vec::with_capacity(3);
        waited.push(PollFd::new(&self.socket, wanted));
        for pipe in [&self.stdout.pipe, &self.stderr.pipe].into_iter().flatten() {
            waited.push(PollFd::from_borrowed_fd(pipe.as_fd(), PollFlags::IN));
        }
        poll_for(&mut waited, at_most)
    }
}

/// What a server may print before it is asked for anything: what the loader says of a
/// program that it cannot start.
const HELLO_BYTES: u64 = 4 << 10;

impl Drop for Server {
    fn drop(&mut self) {
        kill_group(&self.child);
        // It is dead, and nobody else waits for it.
        let _status = self.child.wait();
    }
}
