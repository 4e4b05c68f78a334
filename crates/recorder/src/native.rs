//! A program by itself, without valgrind: what the kernel counts.

use std::fs::{self, File};
use std::io;
use std::process::{Command, Stdio};
use std::thread;

use nix::sys::utsname::uname;
use runner::totals::Counts;
use tally::Followed;

use crate::error::RunError;
use crate::follow::follow;
use crate::program::Program;
use crate::usage::{less, of_children};

/// What the kernel counted.
#[derive(Clone, Debug)]
pub struct Native {
    /// The program to record: what the given one became, if it became another.
    pub program: Program,
    /// `ru_minflt` and `ru_majflt` of a run that was started as with vfork(2).
    pub started: Counts,
    /// A run that was followed; none if ptrace(2) is not allowed.
    pub followed: Option<Followed>,
    /// An earlier run that read files from the disk.
    pub cold: Option<Counts>,
}

/// A run that was followed.
pub(crate) struct Run {
    pub faults: Followed,
    /// The program that it became, if execve was called more than once; then the
    /// faults are of all of them.
    pub became: Option<Program>,
}

/// Runs the program up to four times and counts its faults: once followed, once
/// more if it became another program, once more if files had to be read from the
/// disk, and once as a parent starts it that leaves it no memory of its own.
///
/// `helper` is a command that calls [`become_traced`](crate::follow::become_traced)
/// with the arguments behind its own. The program's output goes nowhere; its input
/// is ours if that is a file, else there is none.
///
/// # Errors
///
/// If the program cannot be executed.
pub fn count(program: &Program, helper: impl Fn() -> Command) -> Result<Native, RunError> {
    let mut program = program.clone();
    let mut cold = None;
    let mut followed = try_follow(&program, &helper)?;
    if let Some(Run {
        became: Some(other),
        ..
    }) = followed
    {
        program = other;
        followed = try_follow(&program, &helper)?;
    }
    if let Some(Run { faults, .. }) = &followed
        && faults.exec.major + faults.program.major > 0
    {
        cold = Some(sum(faults));
        followed = try_follow(&program, &helper)?;
    }
    let mut started = start(&program)?;
    if started.major > 0 && cold.is_none() {
        cold = Some(started);
        started = start(&program)?;
    }
    Ok(Native {
        started,
        followed: followed.map(|run| run.faults),
        program,
        cold,
    })
}

fn sum(Followed { exec, program }: &Followed) -> Counts {
    let mut all = *exec;
    all += *program;
    all
}

/// A run that was followed; none if that is not allowed. That the program does not
/// start is found out by [`start`].
fn try_follow(program: &Program, helper: &impl Fn() -> Command) -> Result<Option<Run>, RunError> {
    let mut command = program.under(helper());
    silence(&mut command).map_err(failed(program))?;
    Ok(follow(command).ok().flatten())
}

/// Runs the program to its end. The standard library starts it with
/// posix_spawn(3), which is vfork(2) in effect: the child borrows its parent's
/// page tables until it calls execve.
fn start(program: &Program) -> Result<Counts, RunError> {
    let mut command = program.command();
    silence(&mut command).map_err(failed(program))?;
    let before = of_children().map_err(failed(program))?;
    let mut child = command.spawn().map_err(|source| RunError::Execute {
        path: program.path.clone(),
        source,
    })?;
    // The pipes of the program are to close with the program.
    drop(command);
    let ended = child.wait().and_then(|_| of_children());
    Ok(less(ended.map_err(failed(program))?, before))
}

fn failed(program: &Program) -> impl FnOnce(io::Error) -> RunError {
    let what = program.path.display().to_string();
    move |source| RunError::Run { what, source }
}

/// Gives a program what it can be given more than once. Its output goes into a
/// pipe that somebody empties: some programs do less if they write to /dev/null.
fn silence(command: &mut Command) -> io::Result<()> {
    let (mut reader, writer) = io::pipe()?;
    command.stdout(writer.try_clone()?).stderr(writer);
    command.stdin(input()?);
    // It ends when the last process that may write does.
    thread::spawn(move || io::copy(&mut reader, &mut io::sink()));
    Ok(())
}

/// Our input from its beginning, if it is a file.
fn input() -> io::Result<Stdio> {
    const INPUT: &str = "/dev/stdin";
    match fs::metadata(INPUT) {
        Ok(file) if file.is_file() => Ok(File::open(INPUT)?.into()),
        _ => Ok(Stdio::null()),
    }
}

/// `uname -sr`.
pub fn kernel() -> String {
    match uname() {
        Ok(name) => {
            let words = [name.sysname(), name.release()];
            words.map(|word| word.to_string_lossy()).join(" ")
        }
        Err(_) => "Linux".to_owned(),
    }
}

/// Whether the kernel uses huge pages without being asked: `always`, `madvise` or
/// `never`.
pub fn huge_pages() -> String {
    let setting = fs::read_to_string("/sys/kernel/mm/transparent_hugepage/enabled");
    let setting = setting.unwrap_or_default();
    let chosen = setting
        .split_once('[')
        .and_then(|(_, rest)| rest.split_once(']'));
    chosen.map_or("never", |(word, _)| word).to_owned()
}
