//! Which system calls are left (seccomp).
//!
//! A replay that has read its trace computes. What it needs of the kernel is memory, a
//! way to tell what it saw, and a way to end; that is the whole list. Every other call
//! ends the process with SIGSYS, before the call does anything: no file, process,
//! thread, socket, clock to sleep by or lock to wait for can be had, so no call that a
//! future kernel invents can either.
//!
//! The calls that are left make no descriptor, and write to none but those that are
//! named. Memory can never become executable.
//!
//! seccomp's strict mode leaves still less (read, write, exit), and cannot be used from
//! safe Rust: a heap grows by `brk` and `mmap`, and an allocator that needs neither is an
//! `unsafe` trait. In strict mode, too, every end is one and the same SIGKILL, so that
//! neither a panic nor an exhausted limit could be told from a forbidden call.

use std::io;
use std::os::fd::RawFd;

/// The calls cannot be restricted.
#[derive(Debug, thiserror::Error)]
pub enum CallsError {
    /// There are no rules for this processor or system.
    #[error(
        "seccomp: no rules for {} on {}",
        std::env::consts::OS,
        std::env::consts::ARCH
    )]
    Unknown,
    /// The kernel refuses.
    #[error("{0}")]
    Refused(io::Error),
}

/// Restricts this thread, for good, to what a replay needs; it may write to these
/// descriptors only, and read from those. A process does it before it has other threads.
///
/// # Errors
///
/// If this kernel cannot.
pub fn confine(writable: &[RawFd], readable: &[RawFd]) -> Result<(), CallsError> {
    kernel::confine(writable, readable)
}

/// Whether this machine can. It is tried out, in a thread that ends at once; this thread
/// stays as it is.
pub fn offered() -> bool {
    std::thread::spawn(kernel::try_out).join().unwrap_or(false)
}

#[cfg(all(
    target_os = "linux",
    any(target_arch = "x86_64", target_arch = "aarch64")
))]
mod kernel {
    use std::io;
    use std::os::fd::RawFd;

    use seccompiler::{
        BackendError, BpfProgram, Error, SeccompAction, SeccompCmpArgLen, SeccompCmpOp,
        SeccompCondition, SeccompFilter, SeccompRule, apply_filter,
    };

    use super::CallsError;

    /// The part of a futex operation that says which one it is.
    const FUTEX_COMMAND: u64 = !((libc::FUTEX_PRIVATE_FLAG | libc::FUTEX_CLOCK_REALTIME) as u64);

    pub(super) fn confine(writable: &[RawFd], readable: &[RawFd]) -> Result<(), CallsError> {
        let filter = filter(rules(writable, readable), SeccompAction::KillProcess);
        apply(&filter.map_err(|_| CallsError::Unknown)?)
    }

    /// A call that nobody misses gets an error that it never has by itself.
    pub(super) fn try_out() -> bool {
        let filter = SeccompFilter::new(
            [(libc::SYS_getpgid, Vec::new())].into(),
            SeccompAction::Allow,
            SeccompAction::Errno(libc::EXDEV as u32),
            arch(),
        )
        .and_then(BpfProgram::try_from);
        filter.is_ok_and(|filter| apply(&filter).is_ok())
            && rustix::process::getpgid(None) == Err(rustix::io::Errno::XDEV)
    }

    fn arch() -> seccompiler::TargetArch {
        if cfg!(target_arch = "x86_64") {
            seccompiler::TargetArch::x86_64
        } else {
            seccompiler::TargetArch::aarch64
        }
    }

    type Rules = Vec<(i64, Vec<SeccompRule>)>;

    fn filter(
        rules: Result<Rules, BackendError>,
        otherwise: SeccompAction,
    ) -> Result<BpfProgram, BackendError> {
        let rules = rules?.into_iter().collect();
        SeccompFilter::new(rules, otherwise, SeccompAction::Allow, arch())?.try_into()
    }

    fn apply(filter: &BpfProgram) -> Result<(), CallsError> {
        apply_filter(filter).map_err(|error| {
            CallsError::Refused(match error {
                Error::Prctl(error) | Error::Seccomp(error) => error,
                other => io::Error::other(other),
            })
        })
    }

    /// The list. Numbers of arguments are those of the calls in section 2 of the manual.
    fn rules(writable: &[RawFd], readable: &[RawFd]) -> Result<Rules, BackendError> {
        let this_process = u64::from(std::process::id());
        let any_of = |argument, values: &[u64]| -> Result<Vec<SeccompRule>, BackendError> {
            let one = |&value| SeccompRule::new(vec![is(argument, value)?]);
            values.iter().map(one).collect()
        };
        let any_fd = |fds: &[RawFd]| -> Result<Vec<SeccompRule>, BackendError> {
            let numbers: Vec<u64> = fds.iter().map(|&fd| fd as u64).collect();
            any_of(0, &numbers)
        };
        let never_executable = has(2, libc::PROT_EXEC as u64, 0)?;
        let mut rules = vec![
            // What it saw, and what a student prints.
            (libc::SYS_write, any_fd(writable)?),
            (libc::SYS_writev, any_fd(writable)?),
            // The heap. glibc makes a second one, of mmap and mprotect, when the first is
            // full, and gives pages back by madvise.
            (libc::SYS_brk, Vec::new()),
            (
                libc::SYS_mmap,
                vec![SeccompRule::new(vec![
                    never_executable.clone(),
                    has(3, libc::MAP_ANONYMOUS as u64, libc::MAP_ANONYMOUS as u64)?,
                ])?],
            ),
            (libc::SYS_munmap, Vec::new()),
            (libc::SYS_mremap, Vec::new()),
            (
                libc::SYS_mprotect,
                vec![SeccompRule::new(vec![never_executable])?],
            ),
            (
                libc::SYS_madvise,
                any_of(2, &[libc::MADV_DONTNEED as u64, libc::MADV_FREE as u64])?,
            ),
            // The keys of a HashMap, and the time where the vDSO does not know it.
            (libc::SYS_getrandom, Vec::new()),
            (libc::SYS_clock_gettime, Vec::new()),
            // Waking nobody up is what a Condvar does without threads. Waiting is for
            // ever, and ends at once instead.
            (
                libc::SYS_futex,
                vec![SeccompRule::new(vec![SeccompCondition::new(
                    1,
                    SeccompCmpArgLen::Dword,
                    SeccompCmpOp::MaskedEq(FUTEX_COMMAND),
                    libc::FUTEX_WAKE as u64,
                )?])?],
            ),
            // The end: exit, abort, and the word of the runtime on a stack that overflows.
            (libc::SYS_exit_group, Vec::new()),
            (libc::SYS_getpid, Vec::new()),
            (libc::SYS_gettid, Vec::new()),
            (
                libc::SYS_tgkill,
                vec![SeccompRule::new(vec![
                    is(0, this_process)?,
                    is(1, this_process)?,
                    is(2, libc::SIGABRT as u64)?,
                ])?],
            ),
            (
                libc::SYS_rt_sigaction,
                any_of(
                    0,
                    &[libc::SIGSEGV, libc::SIGBUS, libc::SIGABRT].map(|n| n as u64),
                )?,
            ),
            (libc::SYS_rt_sigprocmask, Vec::new()),
            (libc::SYS_rt_sigreturn, Vec::new()),
            (libc::SYS_sigaltstack, Vec::new()),
        ];
        // Without a condition, a rule would let every descriptor through.
        if !readable.is_empty() {
            rules.push((libc::SYS_read, any_fd(readable)?));
        }
        Ok(rules)
    }

    /// The argument, of 32 bits, is this.
    fn is(argument: u8, value: u64) -> Result<SeccompCondition, BackendError> {
        let low = value & u64::from(u32::MAX);
        SeccompCondition::new(argument, SeccompCmpArgLen::Dword, SeccompCmpOp::Eq, low)
    }

    /// These bits of the argument are so.
    fn has(argument: u8, bits: u64, so: u64) -> Result<SeccompCondition, BackendError> {
        let masked = SeccompCmpOp::MaskedEq(bits);
        SeccompCondition::new(argument, SeccompCmpArgLen::Qword, masked, so)
    }
}

#[cfg(not(all(
    target_os = "linux",
    any(target_arch = "x86_64", target_arch = "aarch64")
)))]
mod kernel {
    use std::os::fd::RawFd;

    use super::CallsError;

    pub(super) fn confine(_: &[RawFd], _: &[RawFd]) -> Result<(), CallsError> {
        Err(CallsError::Unknown)
    }

    pub(super) fn try_out() -> bool {
        false
    }
}
