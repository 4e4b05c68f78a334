//! Which system calls are left to a compiler (seccomp).
//!
//! A list of what is allowed: rustc and the linker read and write files, map memory and
//! start threads. Whatever is not on the list "is not implemented" (`ENOSYS`), which
//! compilers and their libraries meet on old kernels, and get along with: sockets, ptrace,
//! keys, io_uring, BPF, user faults, mounts, namespaces, modules, signals to others, and
//! calls that do not exist yet.
//!
//! How the list was made: strace of rustc 1.95 with gcc 12 and lld on Linux 6.18, and what
//! their libraries (glibc, LLVM) call besides.

use std::io;

use crate::jail::Stage;

/// Restricts this thread, and what it starts and becomes, to the calls of a stage.
///
/// The answer is whether this kernel, on this processor, can do so.
///
/// # Errors
///
/// If the kernel offers seccomp and refuses.
pub fn confine(stage: Stage) -> io::Result<bool> {
    kernel::confine(stage)
}

#[cfg(all(
    target_os = "linux",
    any(target_arch = "x86_64", target_arch = "aarch64")
))]
mod kernel {
    use std::collections::BTreeMap;
    use std::io;

    use seccompiler::{
        BackendError, BpfProgram, Error, SeccompAction, SeccompCmpArgLen, SeccompCmpOp,
        SeccompCondition, SeccompFilter, SeccompRule, apply_filter,
    };

    use crate::jail::Stage;

    /// Calls that both stages may make, whatever their arguments.
    const COMMON: &[i64] = &[
        // Files, as far as landlock lets them be opened.
        libc::SYS_read,
        libc::SYS_write,
        libc::SYS_readv,
        libc::SYS_writev,
        libc::SYS_pread64,
        libc::SYS_pwrite64,
        libc::SYS_openat,
        libc::SYS_close,
        libc::SYS_fstat,
        libc::SYS_newfstatat,
        libc::SYS_statx,
        libc::SYS_statfs,
        libc::SYS_fstatfs,
        libc::SYS_faccessat,
        libc::SYS_faccessat2,
        libc::SYS_lseek,
        libc::SYS_dup,
        libc::SYS_dup3,
        libc::SYS_fcntl,
        libc::SYS_flock,
        libc::SYS_fsync,
        libc::SYS_fdatasync,
        libc::SYS_fadvise64,
        libc::SYS_ftruncate,
        libc::SYS_fallocate,
        libc::SYS_copy_file_range,
        libc::SYS_sendfile,
        libc::SYS_getcwd,
        libc::SYS_getdents64,
        libc::SYS_mkdirat,
        libc::SYS_unlinkat,
        libc::SYS_renameat,
        libc::SYS_renameat2,
        libc::SYS_linkat,
        libc::SYS_readlinkat,
        libc::SYS_fchmod,
        libc::SYS_fchmodat,
        libc::SYS_umask,
        // Memory.
        libc::SYS_mmap,
        libc::SYS_mprotect,
        libc::SYS_munmap,
        libc::SYS_mremap,
        libc::SYS_madvise,
        libc::SYS_msync,
        libc::SYS_brk,
        // Threads and their locks.
        libc::SYS_futex,
        libc::SYS_set_tid_address,
        libc::SYS_set_robust_list,
        libc::SYS_rseq,
        libc::SYS_sched_yield,
        libc::SYS_sched_getaffinity,
        libc::SYS_getcpu,
        libc::SYS_membarrier,
        libc::SYS_exit,
        libc::SYS_exit_group,
        libc::SYS_restart_syscall,
        // One's own signals: stack overflow is one.
        libc::SYS_rt_sigaction,
        libc::SYS_rt_sigprocmask,
        libc::SYS_rt_sigreturn,
        libc::SYS_sigaltstack,
        // Pipes and waiting: the jobserver, and what a child says.
        libc::SYS_pipe2,
        libc::SYS_ppoll,
        libc::SYS_pselect6,
        libc::SYS_eventfd2,
        libc::SYS_epoll_create1,
        libc::SYS_epoll_ctl,
        libc::SYS_epoll_pwait,
        // What time it is, who one is, and what machine this is.
        libc::SYS_clock_gettime,
        libc::SYS_clock_getres,
        libc::SYS_clock_nanosleep,
        libc::SYS_nanosleep,
        libc::SYS_gettimeofday,
        libc::SYS_getrusage,
        libc::SYS_times,
        libc::SYS_getrandom,
        libc::SYS_getpid,
        libc::SYS_getppid,
        libc::SYS_gettid,
        libc::SYS_getuid,
        libc::SYS_geteuid,
        libc::SYS_getgid,
        libc::SYS_getegid,
        libc::SYS_getpgid,
        libc::SYS_uname,
        libc::SYS_sysinfo,
        // The jail itself becomes the compiler; landlock says what else may be executed.
        libc::SYS_execve,
    ];

    /// The same by older names, which glibc still uses on x86-64.
    #[cfg(target_arch = "x86_64")]
    const OLDER: &[i64] = &[
        libc::SYS_open,
        libc::SYS_stat,
        libc::SYS_lstat,
        libc::SYS_access,
        libc::SYS_dup2,
        libc::SYS_getdents,
        libc::SYS_mkdir,
        libc::SYS_rmdir,
        libc::SYS_unlink,
        libc::SYS_rename,
        libc::SYS_link,
        libc::SYS_readlink,
        libc::SYS_chmod,
        libc::SYS_pipe,
        libc::SYS_poll,
        libc::SYS_select,
        libc::SYS_epoll_wait,
        libc::SYS_time,
        libc::SYS_getrlimit,
        libc::SYS_getpgrp,
        libc::SYS_arch_prctl,
    ];
    #[cfg(not(target_arch = "x86_64"))]
    const OLDER: &[i64] = &[];

    /// Calls by which the linker's stage starts processes, hears of them (std's `Command`
    /// does so by a pair of sockets that lead to nobody else), and waits for them.
    const PROCESSES: &[i64] = &[
        libc::SYS_recvmsg,
        libc::SYS_recvfrom,
        libc::SYS_sendmsg,
        libc::SYS_wait4,
        libc::SYS_waitid,
        #[cfg(target_arch = "x86_64")]
        libc::SYS_vfork,
        #[cfg(target_arch = "x86_64")]
        libc::SYS_fork,
    ];

    /// Flags of `clone` that nobody here needs: new namespaces, and children of somebody
    /// else's.
    const FORBIDDEN_CLONES: u64 = (libc::CLONE_NEWNS
        | libc::CLONE_NEWCGROUP
        | libc::CLONE_NEWUTS
        | libc::CLONE_NEWIPC
        | libc::CLONE_NEWUSER
        | libc::CLONE_NEWPID
        | libc::CLONE_NEWNET
        | libc::CLONE_PARENT
        | libc::CLONE_PTRACE) as u32 as u64;

    /// Requests to a descriptor that are harmless: is it a terminal, close it in children,
    /// do not block.
    #[allow(
        clippy::unnecessary_cast,
        reason = "their type differs from one C library to another"
    )]
    const REQUESTS: [u64; 5] = [
        libc::TCGETS as u64,
        libc::TIOCGWINSZ as u64,
        libc::FIOCLEX as u64,
        libc::FIONCLEX as u64,
        libc::FIONBIO as u64,
    ];

    /// What a process may ask to be done with itself: a name for a thread, or for a
    /// mapping.
    const PRCTLS: [u64; 2] = [libc::PR_SET_NAME as u64, libc::PR_SET_VMA as u64];

    pub(super) fn confine(stage: Stage) -> io::Result<bool> {
        let program = program(stage).map_err(io::Error::other)?;
        match apply_filter(&program) {
            Ok(()) => Ok(true),
            // The kernel has no filters.
            Err(Error::Prctl(error) | Error::Seccomp(error))
                if matches!(
                    error.raw_os_error(),
                    Some(libc::EINVAL | libc::ENOSYS | libc::EOPNOTSUPP)
                ) =>
            {
                Ok(false)
            }
            Err(error) => Err(io::Error::other(error)),
        }
    }

    fn program(stage: Stage) -> Result<BpfProgram, BackendError> {
        let mut rules: BTreeMap<i64, Vec<SeccompRule>> = BTreeMap::new();
        rules.extend(COMMON.iter().chain(OLDER).map(|&call| (call, Vec::new())));
        if stage == Stage::Link {
            rules.extend(PROCESSES.iter().map(|&call| (call, Vec::new())));
            let pairs = one_of(0, &[libc::AF_UNIX as u64])?;
            rules.insert(libc::SYS_socketpair, pairs);
        }
        rules.insert(libc::SYS_clone, vec![clone_rule(stage)?]);
        rules.insert(libc::SYS_ioctl, one_of(1, &REQUESTS)?);
        rules.insert(libc::SYS_prctl, one_of(0, &PRCTLS)?);
        // Limits of its own only, and signals to itself only.
        let own = u64::from(std::process::id());
        rules.insert(libc::SYS_prlimit64, one_of(0, &[0])?);
        rules.insert(libc::SYS_tgkill, one_of(0, &[own])?);
        let enosys = SeccompAction::Errno(libc::ENOSYS as u32);
        let arch = std::env::consts::ARCH.try_into()?;
        SeccompFilter::new(rules, enosys, SeccompAction::Allow, arch)?.try_into()
    }

    /// Threads; for the linker, processes as well. `clone3` hides its flags from a filter,
    /// and is not on any list: libraries go back to `clone`.
    fn clone_rule(stage: Stage) -> Result<SeccompRule, BackendError> {
        let thread = libc::CLONE_THREAD as u64;
        let (mask, wanted) = match stage {
            Stage::Compile => (FORBIDDEN_CLONES | thread, thread),
            Stage::Link => (FORBIDDEN_CLONES, 0),
        };
        condition(0, SeccompCmpOp::MaskedEq(mask), wanted)
    }

    fn one_of(argument: u8, values: &[u64]) -> Result<Vec<SeccompRule>, BackendError> {
        let rule = |&value| condition(argument, SeccompCmpOp::Eq, value);
        values.iter().map(rule).collect()
    }

    fn condition(argument: u8, op: SeccompCmpOp, value: u64) -> Result<SeccompRule, BackendError> {
        let length = SeccompCmpArgLen::Dword;
        SeccompRule::new(vec![SeccompCondition::new(argument, length, op, value)?])
    }
}

#[cfg(not(all(
    target_os = "linux",
    any(target_arch = "x86_64", target_arch = "aarch64")
)))]
mod kernel {
    use std::io;

    use crate::jail::Stage;

    pub(super) fn confine(_: Stage) -> io::Result<bool> {
        Ok(false)
    }
}
