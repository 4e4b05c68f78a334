//! The private way out of the process.
//!
//! Whoever started the process reads its standard output. Before any student code
//! runs, the runner keeps that pipe for itself and sends everything that is
//! printed later to standard error: no `println!` reaches the observations.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::mem::ManuallyDrop;
use std::os::fd::{AsRawFd, RawFd};

use sandbox::tier::Tier;

use crate::end::End;

/// Begins the last line of a run.
pub const END_MARK: &str = "=== end ";

/// Begins the first line of a run that was asked for a sandbox.
pub const TIER_MARK: &str = "=== sandbox ";

/// The private channel: lines, counted, and a signed end. Code that reads the
/// memory of its own process can forge the signature: only a sandbox stops that.
pub struct Channel {
    /// Never dropped: the end of the process closes it, and a sandbox leaves no call for
    /// that.
    out: ManuallyDrop<BufWriter<File>>,
    lines: u64,
    /// Whether each line goes out at once.
    eager: bool,
}

impl Channel {
    /// Takes standard output away from the rest of the process.
    ///
    /// # Errors
    ///
    /// If the operating system refuses to copy the descriptor.
    pub fn take_stdout() -> io::Result<Self> {
        let private = rustix::io::dup(std::io::stdout())?;
        rustix::io::fcntl_setfd(&private, rustix::io::FdFlags::CLOEXEC)?;
        rustix::stdio::dup2_stdout(std::io::stderr())?;
        Ok(Self {
            out: ManuallyDrop::new(BufWriter::with_capacity(1 << 16, File::from(private))),
            lines: 0,
            eager: false,
        })
    }

    /// Sends each line at once from now on: whoever reads them learns how far a run came
    /// that does not end.
    pub fn hurry(&mut self) {
        self.eager = true;
    }

    /// The descriptor of the channel.
    pub fn descriptor(&self) -> RawFd {
        self.out.get_ref().as_raw_fd()
    }

    /// Writes the first line, before any student code runs: which layers of the sandbox
    /// are in force. It goes out with what follows, unless it is flushed.
    ///
    /// # Errors
    ///
    /// If nobody reads the channel any more.
    pub fn begin(&mut self, nonce: &str, tier: Tier) -> io::Result<()> {
        let tier = serde_json::to_string(&tier)?;
        self.lines = 0;
        writeln!(self, "{TIER_MARK}{nonce} {tier}")
    }

    /// Writes the last line: how it ended, how many lines came before, and the
    /// secret that whoever started the process gave to the runner.
    ///
    /// # Errors
    ///
    /// If nobody reads the channel any more.
    pub fn finish(&mut self, nonce: &str, end: &End) -> io::Result<()> {
        let end = serde_json::to_string(end)?;
        writeln!(self.out, "{END_MARK}{nonce} {} {end}", self.lines)?;
        self.out.flush()
    }
}

impl Write for Channel {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.lines += match bytes {
            // A letter, as most are in some formats.
            [byte] => u64::from(written == 1 && *byte == b'\n'),
            _ => memchr::memchr_iter(b'\n', &bytes[..written]).count() as u64,
        };
        if self.eager && bytes[..written].ends_with(b"\n") {
            self.out.flush()?;
        }
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Reads the first line of a run: the layers that are in force. None if it is not signed
/// with the nonce.
pub fn parse_tier(line: &str, nonce: &str) -> Option<Tier> {
    let signed = line.strip_prefix(TIER_MARK)?.strip_prefix(nonce)?;
    serde_json::from_str(signed.strip_prefix(' ')?).ok()
}

/// Reads the last line of a run: the number of lines before it, and how it ended.
/// None if it is not signed with the nonce.
pub fn parse_end(line: &str, nonce: &str) -> Option<(u64, End)> {
    let signed = line
        .strip_prefix(END_MARK)?
        .strip_prefix(nonce)?
        .strip_prefix(' ')?;
    let (lines, end) = signed.split_once(' ')?;
    Some((lines.parse().ok()?, serde_json::from_str(end).ok()?))
}
