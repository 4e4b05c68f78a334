//! A program by itself, followed with ptrace(2) from one execve(2) to the end.
//!
//! The kernel counts a process's faults from its birth on. What is of interest
//! begins later: at the call of execve, and at the program's first instruction.
//! A tracer is shown both, and reads the count there in `/proc/PID/stat`.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use nix::sys::ptrace::{self, Options};
use nix::sys::signal::{Signal, raise};
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::Pid;
use runner::totals::Counts;
use tally::Followed;

use crate::native::Run;
use crate::program::{Program, Surroundings, candidates};
use crate::usage::{less, of_children};

/// Asks the parent to trace this process, stops, and then becomes the program.
/// It returns only what went wrong.
pub fn become_traced(program: &OsStr, args: &[OsString]) -> io::Error {
    match ptrace::traceme().and_then(|()| raise(Signal::SIGSTOP)) {
        Ok(()) => Command::new(program).args(args).exec(),
        Err(refused) => refused.into(),
    }
}

/// Runs a command that calls [`become_traced`], and counts; none if it ended without
/// becoming the program.
///
/// # Errors
///
/// If the process cannot be started or traced. It has ended then.
pub(crate) fn follow(mut command: Command) -> io::Result<Option<Run>> {
    let before = of_children()?;
    let mut child = command.spawn()?;
    // The pipes of the program are to close with the program.
    drop(command);
    let run = trace(Pid::from_raw(child.id().cast_signed()), before);
    if run.is_err() {
        // It waits for its tracer, and would for ever.
        let _ended = child.kill().and_then(|()| child.wait());
    }
    run
}

/// Follows a process that asks for it; `before` was counted before it was born.
fn trace(pid: Pid, before: Counts) -> io::Result<Option<Run>> {
    let WaitStatus::Stopped(..) = waitpid(pid, None)? else {
        return Ok(None);
    };
    let options =
        Options::PTRACE_O_TRACEEXEC | Options::PTRACE_O_TRACESYSGOOD | Options::PTRACE_O_EXITKILL;
    ptrace::setoptions(pid, options)?;
    let Some(called) = until_exec(pid)? else {
        return Ok(None);
    };
    let executed = counted(pid)?;
    let became = until_end(pid)?;
    let whole = less(of_children()?, before);
    Ok(Some(Run {
        faults: Followed {
            exec: less(executed, called),
            program: less(whole, executed),
        },
        became,
    }))
}

/// Lets the process run into the first execve that succeeds; the count as it was
/// called. None if the process has ended before.
fn until_exec(pid: Pid) -> io::Result<Option<Counts>> {
    let mut called = Counts::default();
    let mut signal = None;
    loop {
        ptrace::syscall(pid, signal.take())?;
        match waitpid(pid, None)? {
            WaitStatus::PtraceSyscall(_) => called = counted(pid)?,
            WaitStatus::PtraceEvent(..) => return Ok(Some(called)),
            WaitStatus::Stopped(_, other) => signal = Some(other),
            _ => return Ok(None),
        }
    }
}

/// Lets the process run to its end; the program that it became on the way, if it
/// called execve again.
fn until_end(pid: Pid) -> io::Result<Option<Program>> {
    let mut became = None;
    let mut signal = None;
    loop {
        ptrace::cont(pid, signal.take())?;
        match waitpid(pid, None)? {
            WaitStatus::PtraceEvent(..) => became = Some(program_of(pid)?),
            WaitStatus::Stopped(_, other) => signal = Some(other),
            WaitStatus::Exited(..) | WaitStatus::Signaled(..) => return Ok(became),
            _ => {}
        }
    }
}

/// Fields of `/proc/PID/stat` between the name and `minflt`.
const FIELDS_BEFORE_MINFLT: usize = 7;

/// `minflt` and `majflt` of a process, and those of the children it has waited
/// for (proc_pid_stat(5)).
fn counted(pid: Pid) -> io::Result<Counts> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // The second field is the program's name, in brackets; it may hold anything.
    let fields = stat.rsplit_once(')').map(|(_, rest)| rest);
    let fields = fields.unwrap_or_default().split_ascii_whitespace();
    let counts = fields.skip(FIELDS_BEFORE_MINFLT).take(4);
    let counts: Result<Vec<u64>, _> = counts.map(str::parse).collect();
    match counts.as_deref() {
        Ok(&[minor, of_children, major, major_of_children]) => Ok(Counts {
            minor: minor + of_children,
            major: major + major_of_children,
        }),
        _ => Err(io::Error::other("/proc/PID/stat is not as it should be")),
    }
}

/// What a process that has just called execve is going to be.
fn program_of(pid: Pid) -> io::Result<Program> {
    let texts = |name: &str| -> io::Result<Vec<OsString>> {
        let bytes = fs::read(format!("/proc/{pid}/{name}"))?;
        let texts = bytes.split_inclusive(|&byte| byte == 0);
        Ok(texts
            .map(|text| OsStr::from_bytes(text.strip_suffix(b"\0").unwrap_or(text)).into())
            .collect())
    };
    let mut args = texts("cmdline")?.into_iter();
    let name = args.next().unwrap_or_default();
    let variables: Vec<_> = texts("environ")?.iter().filter_map(variable).collect();
    Ok(Program {
        path: path_of(pid, &name, &variables)?,
        args: args.collect(),
        surroundings: Some(Surroundings {
            variables,
            folder: fs::read_link(format!("/proc/{pid}/cwd"))?,
        }),
    })
}

fn variable(text: &OsString) -> Option<(OsString, OsString)> {
    let bytes = text.as_bytes();
    let at = bytes.iter().position(|&byte| byte == b'=')?;
    let (name, value) = (&bytes[..at], &bytes[at + 1..]);
    Some((
        OsStr::from_bytes(name).into(),
        OsStr::from_bytes(value).into(),
    ))
}

/// The path by which the program knows itself, if that is the file which runs:
/// some look for their libraries beside a symbolic link. Else the file.
fn path_of(pid: Pid, name: &OsStr, variables: &[(OsString, OsString)]) -> io::Result<PathBuf> {
    let file = fs::read_link(format!("/proc/{pid}/exe"))?;
    let folder = fs::read_link(format!("/proc/{pid}/cwd"))?;
    let paths = variables.iter().find(|(name, _)| name == "PATH");
    let paths = paths
        .map(|(_, paths)| paths.as_os_str())
        .unwrap_or_default();
    let is_it = |path: &Path| fs::canonicalize(path).is_ok_and(|path| path == file);
    let mut names = candidates(name, paths).map(|path| folder.join(path));
    Ok(names.find(|path| is_it(path)).unwrap_or(file))
}
