//! One process under ptrace(2): its registers are set, it runs one routine, it
//! stops again.
//!
//! Nothing is read or written through ptrace but registers: `PTRACE_PEEK` and
//! `PTRACE_POKE` would fault pages in on the tracer's account, and
//! `PTRACE_SINGLESTEP` makes the kernel read the next instruction itself, which
//! hides the fetch's fault (`is_setting_trap_flag` in Linux
//! arch/x86/kernel/step.c). So single steps are made with the TF bit.

use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};

use libc::{c_int, user_regs_struct};
use nix::sys::personality::{self, Persona};
use nix::sys::ptrace::{self, Options};
use nix::sys::resource::{Resource, setrlimit};
use nix::sys::signal::Signal;
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;
use rustix::thread::{CapabilitySet, remove_capability_from_bounding_set};
use vmsim::addr::{VirtAddr, Vpn};

use crate::error::Error;
use crate::native::files::Program;
use crate::native::proc_files::{Pagemap, Stat};
use crate::native::stub::Routine;
use crate::outcome::{Counters, NativePage};

/// The trap flag: #DB after the next instruction (Intel SDM vol. 3A, 2.3).
const TRAP_FLAG: u64 = 1 << 8;

/// The direction flag is clear, and interrupts are on.
const PLAIN_FLAGS: u64 = 0x202;

/// A process that waits for what it is told to do.
pub(crate) struct Tracee {
    pid: Pid,
    stat: Stat,
    pagemap: Option<Pagemap>,
    /// Segment registers and whatever else is the same for every routine.
    plain: user_regs_struct,
    layout: Layout,
}

/// Where the tracee has its own two pages.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Layout {
    /// The routines.
    pub code: VirtAddr,
    /// A writable page that an instruction under test may scribble on.
    pub scratch: VirtAddr,
}

/// Why a process stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    /// The routine, or the single step, is done.
    Done,
    /// A signal is about to be delivered.
    Signal {
        signal: Signal,
        code: i32,
        addr: u64,
    },
    /// It has made a child, and is on its way out of the system call.
    Cloned(Pid),
    /// It is no more.
    Gone,
}

impl Tracee {
    /// Starts the program, loaded at `code`, under ptrace and waits until it is loaded.
    pub(crate) fn spawn(program: &Program, files: &[i32], code: VirtAddr) -> Result<Self, Error> {
        let mut command = Command::new(program.path());
        command
            .env_clear()
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let files = files.to_vec();
        #[expect(
            unsafe_code,
            reason = "a child asks to be traced before it runs its program"
        )]
        // SAFETY: between fork and exec the closure makes system calls and does
        // nothing else: it takes no lock and allocates no memory.
        unsafe {
            command.pre_exec(move || prepare(&files));
        }
        let child = command.spawn().map_err(not_started)?;
        let pid = Pid::from_raw(child.id() as i32);
        wait_for_stop(pid)?;
        ptrace::setoptions(
            pid,
            Options::PTRACE_O_EXITKILL | Options::PTRACE_O_TRACECLONE,
        )
        .map_err(|errno| os("set ptrace options", errno))?;
        let layout = Layout {
            code,
            scratch: code,
        };
        Self::attached(pid, layout)
    }

    /// A child of a traced process: it is traced from its birth, and stopped.
    pub(crate) fn adopt(pid: Pid, layout: Layout) -> Result<Self, Error> {
        wait_for_stop(pid)?;
        Self::attached(pid, layout)
    }

    fn attached(pid: Pid, layout: Layout) -> Result<Self, Error> {
        let mut plain = ptrace::getregs(pid).map_err(|errno| os("read registers", errno))?;
        plain.eflags = PLAIN_FLAGS;
        // Else an interrupted system call might be started again.
        plain.orig_rax = u64::MAX;
        Ok(Self {
            pid,
            stat: Stat::open(pid)?,
            pagemap: Pagemap::open(pid).ok(),
            plain,
            layout,
        })
    }

    /// The process's number on this machine.
    pub(crate) fn pid(&self) -> Pid {
        self.pid
    }

    /// Ends it at once. Without this it would be killed with the tracer
    /// (`PTRACE_O_EXITKILL`).
    pub(crate) fn kill(&self) {
        let _already_gone = nix::sys::signal::kill(self.pid, Signal::SIGKILL);
        let _already_gone = waitpid(self.pid, Some(WaitPidFlag::__WALL));
    }

    pub(crate) fn layout(&self) -> Layout {
        self.layout
    }

    /// Its own pages are elsewhere from now on.
    pub(crate) fn moved_to(&mut self, layout: Layout) {
        self.layout = layout;
    }

    /// Faults so far.
    pub(crate) fn counters(&self) -> Result<Counters, Error> {
        self.stat.counters()
    }

    /// What its page table has for a page, if that can be seen.
    pub(crate) fn page(&self, vpn: Vpn) -> Option<NativePage> {
        self.pagemap.as_ref()?.page(vpn)
    }

    /// What its page table has for some pages, if that can be seen.
    pub(crate) fn pages(&self, start: Vpn, end: Vpn) -> Option<Vec<NativePage>> {
        self.pagemap.as_ref()?.pages(start, end)
    }

    /// Loads 1, 2, 4 or 8 bytes.
    pub(crate) fn load(&mut self, addr: u64, size: u16) -> Result<(Stop, u64), Error> {
        let stop = self.run(Routine::Load(size), |regs| (regs.rdi, regs.rax) = (addr, 0))?;
        let value = match stop {
            Stop::Done => self.result()?,
            _ => 0,
        };
        Ok((stop, value))
    }

    /// Stores 1, 2, 4 or 8 bytes.
    pub(crate) fn store(&mut self, addr: u64, size: u16, value: u64) -> Result<Stop, Error> {
        self.run(Routine::Store(size), |regs| {
            (regs.rdi, regs.rax) = (addr, value)
        })
    }

    /// Loads bytes one by one.
    pub(crate) fn load_many(&mut self, addr: u64, bytes: u64) -> Result<Stop, Error> {
        self.run(Routine::LoadMany, |regs| {
            (regs.rsi, regs.rcx) = (addr, bytes)
        })
    }

    /// Stores zeroes one by one.
    pub(crate) fn store_zeroes(&mut self, addr: u64, bytes: u64) -> Result<Stop, Error> {
        self.run(Routine::StoreMany, |regs| {
            (regs.rdi, regs.rcx, regs.rax) = (addr, bytes, 0);
        })
    }

    /// Jumps to an address where there can be no instruction.
    pub(crate) fn jump(&mut self, addr: u64) -> Result<Stop, Error> {
        self.run(Routine::Jump, |regs| regs.rdi = addr)
    }

    /// Executes one instruction at an address; its registers all point to the
    /// scratch page.
    pub(crate) fn execute(&mut self, addr: u64) -> Result<Stop, Error> {
        let mut regs = self.plain;
        let scratch = self.layout.scratch.0 + 2048;
        for register in [
            &mut regs.rax,
            &mut regs.rbx,
            &mut regs.rcx,
            &mut regs.rdx,
            &mut regs.rsi,
            &mut regs.rdi,
            &mut regs.rbp,
            &mut regs.rsp,
        ] {
            *register = scratch;
        }
        regs.rip = addr;
        regs.eflags |= TRAP_FLAG;
        self.resume(regs)
    }

    /// Makes a system call; an error is a negative number.
    pub(crate) fn syscall(&mut self, number: i64, args: [u64; 6]) -> Result<i64, Error> {
        match self.run(Routine::Syscall, |regs| set_call(regs, number, args))? {
            Stop::Done => Ok(self.result()? as i64),
            stop => Err(Error::Unexpected(format!(
                "a system call ended in {stop:?}"
            ))),
        }
    }

    /// fork(2), without a signal to the parent when the child ends; the child is
    /// stopped and traced.
    pub(crate) fn fork(&mut self) -> Result<Tracee, Error> {
        // The child is the tracer's: nobody else would wait for it when it has ended.
        let flags = libc::CLONE_PARENT as u64;
        let clone =
            |regs: &mut user_regs_struct| set_call(regs, libc::SYS_clone, [flags, 0, 0, 0, 0, 0]);
        let child = match self.run(Routine::Syscall, clone)? {
            Stop::Cloned(child) => child,
            stop => return Err(Error::Unexpected(format!("fork ended in {stop:?}"))),
        };
        let child = Tracee::adopt(child, self.layout)?;
        match self.go_on(None)? {
            Stop::Done => Ok(child),
            stop => Err(Error::Unexpected(format!("a parent ended in {stop:?}"))),
        }
    }

    /// exit(2), and waits until nothing is left of the address space.
    pub(crate) fn exit(mut self) -> Result<(), Error> {
        let exit = |regs: &mut user_regs_struct| set_call(regs, libc::SYS_exit_group, [0; 6]);
        match self.run(Routine::Syscall, exit)? {
            Stop::Gone => Ok(()),
            stop => Err(Error::Unexpected(format!("exit ended in {stop:?}"))),
        }
    }

    /// Lets a signal have its default action: the process is terminated.
    pub(crate) fn die_of(mut self, signal: Signal) -> Result<(), Error> {
        match self.go_on(Some(signal))? {
            Stop::Gone => Ok(()),
            stop => Err(Error::Unexpected(format!("{signal} ended in {stop:?}"))),
        }
    }

    fn run(
        &mut self,
        routine: Routine,
        set: impl FnOnce(&mut user_regs_struct),
    ) -> Result<Stop, Error> {
        let mut regs = self.plain;
        set(&mut regs);
        regs.rip = routine.address(self.layout.code);
        self.resume(regs)
    }

    fn resume(&mut self, regs: user_regs_struct) -> Result<Stop, Error> {
        ptrace::setregs(self.pid, regs).map_err(|errno| os("set registers", errno))?;
        self.go_on(None)
    }

    fn go_on(&mut self, mut signal: Option<Signal>) -> Result<Stop, Error> {
        loop {
            ptrace::cont(self.pid, signal.take())
                .map_err(|errno| os("go on with a traced process", errno))?;
            match wait(self.pid)? {
                WaitStatus::Stopped(_, Signal::SIGTRAP) => return Ok(Stop::Done),
                WaitStatus::Stopped(_, signal) if is_of_instruction(signal) => {
                    return self.signal_stop(signal);
                }
                WaitStatus::PtraceEvent(_, _, libc::PTRACE_EVENT_CLONE) => {
                    let child =
                        ptrace::getevent(self.pid).map_err(|errno| os("find a child", errno))?;
                    return Ok(Stop::Cloned(Pid::from_raw(child as i32)));
                }
                WaitStatus::Exited(..) | WaitStatus::Signaled(..) => return Ok(Stop::Gone),
                // A signal from elsewhere (a terminal's, say) is none of ours.
                _ => {}
            }
        }
    }

    fn signal_stop(&self, signal: Signal) -> Result<Stop, Error> {
        let info = ptrace::getsiginfo(self.pid).map_err(|errno| os("read a signal", errno))?;
        // SAFETY: `si_addr` is valid for SIGSEGV, SIGBUS, SIGILL and SIGFPE
        // (sigaction(2)), and `is_of_instruction` lets no other signal come here.
        #[expect(unsafe_code, reason = "siginfo_t is a union")]
        let addr = unsafe { info.si_addr() };
        Ok(Stop::Signal {
            signal,
            code: info.si_code,
            addr: addr as u64,
        })
    }

    fn result(&self) -> Result<u64, Error> {
        let regs = ptrace::getregs(self.pid).map_err(|errno| os("read registers", errno))?;
        Ok(regs.rax)
    }
}

/// Why the child could not be started; most likely it may not ask to be traced.
fn not_started(error: std::io::Error) -> Error {
    if error.kind() != std::io::ErrorKind::PermissionDenied {
        return Error::io("start a traced process".into(), error);
    }
    Error::Lacking(format!(
        "ptrace(2) is refused ({error}): this process is traced already, or the seccomp \
         profile of a container or yama's ptrace_scope forbids it"
    ))
}

/// What the child does before it runs the program: it asks to be traced, gives up
/// what would make its faults differ from run to run, and keeps its files open.
fn prepare(files: &[i32]) -> std::io::Result<()> {
    ptrace::traceme()?;
    // Refused in some containers; then the heap starts where the kernel likes.
    let _refused = personality::set(Persona::ADDR_NO_RANDOMIZE);
    // Kernels without huge pages refuse.
    let _refused = nix::sys::prctl::set_thp_disable(true);
    // Root may map the lowest pages, programs may not. The unprivileged have
    // nothing to give up.
    let _refused = remove_capability_from_bounding_set(CapabilitySet::SYS_RAWIO);
    setrlimit(Resource::RLIMIT_CORE, 0, 0)?;
    for &file in files {
        keep_open(file)?;
    }
    Ok(())
}

fn keep_open(file: c_int) -> std::io::Result<()> {
    // SAFETY: the caller's files outlive the child's start.
    #[expect(unsafe_code, reason = "descriptors cross fork and exec as numbers")]
    let file = unsafe { std::os::fd::BorrowedFd::borrow_raw(file) };
    Ok(rustix::io::fcntl_setfd(file, rustix::io::FdFlags::empty())?)
}

/// The order of arguments of a system call (syscall(2)).
fn set_call(regs: &mut user_regs_struct, number: i64, args: [u64; 6]) {
    regs.rax = number as u64;
    (regs.rdi, regs.rsi, regs.rdx) = (args[0], args[1], args[2]);
    (regs.r10, regs.r8, regs.r9) = (args[3], args[4], args[5]);
}

/// Whether the signal is raised by what the process just executed.
fn is_of_instruction(signal: Signal) -> bool {
    matches!(
        signal,
        Signal::SIGSEGV | Signal::SIGBUS | Signal::SIGILL | Signal::SIGFPE
    )
}

fn wait(pid: Pid) -> Result<WaitStatus, Error> {
    loop {
        match waitpid(pid, Some(WaitPidFlag::__WALL)) {
            Err(nix::errno::Errno::EINTR) => {}
            status => return status.map_err(|errno| os("wait for a traced process", errno)),
        }
    }
}

fn wait_for_stop(pid: Pid) -> Result<(), Error> {
    match wait(pid)? {
        WaitStatus::Stopped(..) => Ok(()),
        status => Err(Error::Unexpected(format!("it began with {status:?}"))),
    }
}

pub(crate) fn os(what: &str, errno: nix::errno::Errno) -> Error {
    Error::io(what.to_owned(), errno.into())
}
