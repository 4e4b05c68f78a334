//! How much time, memory and output (rlimits).

use std::io;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Between the limit on CPU time that is told by SIGXCPU and the one that kills. The
/// first tells a run that took too long from every other kill; a process that ignores
/// it gets the second.
pub(crate) const CPU_GRACE_SECONDS: u64 = 1;

/// Descriptors: the three standard ones, the private channel, and what landlock needs
/// to set itself up. They are numbers below this one.
const DESCRIPTORS: u64 = 16;

/// The stack, in bytes: what Linux gives by default, so that the same recursion ends at
/// the same depth on every machine.
const STACK_BYTES: u64 = 8 << 20;

/// Memory that an allocator asks the kernel for, whatever it has left: more than glibc
/// takes from its heap.
const PROBE_BYTES: usize = 1 << 20;

/// What a run may use; none means that nothing is said about it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// CPU time, in seconds.
    pub cpu_seconds: Option<u64>,
    /// Address space, in MiB.
    pub memory_mib: Option<u64>,
}

impl Limits {
    /// Applies the limits to this process, for good. If it has more memory already, it
    /// is aborted.
    ///
    /// # Errors
    ///
    /// If the operating system refuses.
    pub fn apply(self) -> io::Result<()> {
        if let Some(seconds) = self.cpu_seconds {
            limit(Resource::Cpu, seconds, seconds + CPU_GRACE_SECONDS)?;
        }
        if let Some(mib) = self.memory_mib {
            limit(Resource::As, mib << 20, mib << 20)?;
            // What was mapped before the limit stays: a program whose static data is
            // larger ends here, as it would if it had asked for that memory.
            drop(std::hint::black_box(vec![0_u8; PROBE_BYTES]));
        }
        Ok(())
    }
}

/// Leaves this process nothing of what a replay has no use for: no file to write, no
/// core dump, no locked memory, no queue.
///
/// Pipes are not files: what is printed is limited by whoever reads it.
///
/// # Errors
///
/// If the operating system refuses.
#[cfg(target_os = "linux")]
pub fn leave_nothing_else() -> io::Result<()> {
    for (resource, most) in [
        (Resource::Stack, STACK_BYTES),
        (Resource::Nofile, DESCRIPTORS),
        (Resource::Core, 0),
        (Resource::Fsize, 0),
        (Resource::Memlock, 0),
        (Resource::Msgqueue, 0),
        (Resource::Sigpending, 0),
        (Resource::Rtprio, 0),
    ] {
        limit(resource, most, most)?;
    }
    Ok(())
}

/// Leaves this process no further one. Root may have more than the limit says; seccomp
/// forbids them to everybody.
///
/// # Errors
///
/// If the operating system refuses.
#[cfg(target_os = "linux")]
pub fn leave_no_process() -> io::Result<()> {
    limit(Resource::Nproc, 0, 0)
}

/// Sets a limit, or keeps one that is lower already.
pub(crate) fn limit(resource: Resource, soft: u64, hard: u64) -> io::Result<()> {
    let before = getrlimit(resource).maximum.unwrap_or(u64::MAX);
    let limit = Rlimit {
        current: Some(soft.min(before)),
        maximum: Some(hard.min(before)),
    };
    setrlimit(resource, limit).map_err(io::Error::from)
}
