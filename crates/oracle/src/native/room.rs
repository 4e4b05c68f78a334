//! An empty address space: where the tracee's own pages go, and what must leave.

use std::ops::Range;

use rustix::process::{Resource, Rlimit};
use vmsim::addr::{PAGE_SIZE, TASK_SIZE, VirtAddr};

use crate::error::Error;
use crate::native::call::Call;
use crate::native::files::Program;
use crate::native::tracee::{Layout, Stop, Tracee};
use crate::outcome::End;
use crate::plan::Plan;

/// Lays the address space out as the trace needs it, and empties it.
pub(crate) fn make(tracee: &mut Tracee, program: &Program, plan: &Plan) -> Result<(), Error> {
    limit_stack(tracee, plan.stack_limit)?;
    if plan.moves_heap {
        check_heap(tracee, plan.heap)?;
    }
    move_away(tracee, program, place(&plan.used)?)?;
    empty(tracee)
}

/// Touches the process's own pages.
pub(crate) fn settle(tracee: &mut Tracee) -> Result<(), Error> {
    let scratch = tracee.layout().scratch.0;
    match tracee.store(scratch, 8, 0)? {
        Stop::Done => Ok(()),
        stop => Err(Error::Unexpected(format!("the scratch page: {stop:?}"))),
    }
}

/// Where the heap starts: where the trace wants it, if it has one.
pub(crate) fn heap(plan: &Plan) -> Result<VirtAddr, Error> {
    /// Neither the lowest pages nor the stack's place can hold a program.
    const POSSIBLE: Range<u64> = 1 << 20..1 << 46;
    match (POSSIBLE.contains(&plan.heap.0), plan.moves_heap) {
        (true, _) => Ok(plan.heap),
        (false, false) => Ok(vmsim::event::Config::default().heap),
        (false, true) => Err(Error::Lacking(format!(
            "no program can have its heap at {}",
            plan.heap
        ))),
    }
}

/// A place for the process's own pages, far from all that the trace uses.
fn place(used: &[Range<u64>]) -> Result<VirtAddr, Error> {
    /// Farther than a stack grows.
    const FAR: u64 = 1 << 32;
    let candidates = (1..TASK_SIZE >> 40).map(|number| (number << 40) + FAR / 2);
    let is_free = |&at: &u64| {
        let near = |used: &Range<u64>| used.start < at + FAR && at - FAR / 2 < used.end + FAR / 2;
        !used.iter().any(near)
    };
    let free = candidates.rev().find(is_free).map(VirtAddr);
    free.ok_or_else(|| Error::Lacking("the trace leaves the oracle no room".to_owned()))
}

/// Moves the routines to their place.
fn move_away(tracee: &mut Tracee, program: &Program, code: VirtAddr) -> Result<(), Error> {
    let layout = Layout {
        code,
        scratch: VirtAddr(code.0 + 2 * PAGE_SIZE),
    };
    for call in [
        Call::map_routines(layout.code, program.descriptor()),
        Call::map_scratch(layout.scratch),
    ] {
        match call.make(tracee)? {
            End::Done => {}
            end => {
                return Err(Error::Unexpected(format!(
                    "no room for the routines: {end:?}"
                )));
            }
        }
    }
    tracee.moved_to(layout);
    settle(tracee)
}

/// Unmaps everything else: the loaded program, the stack, the vDSO. Some kernels
/// seal the vDSO; it stays where it is, at the very top.
fn empty(tracee: &mut Tracee) -> Result<(), Error> {
    let own = tracee.layout();
    for (start, end) in mappings(tracee)? {
        if ![own.code.0, own.scratch.0].contains(&start) && end <= TASK_SIZE {
            Call::munmap(VirtAddr(start), end - start).make(tracee)?;
        }
    }
    Ok(())
}

/// Start and end of each mapping (proc_pid_maps(5)).
fn mappings(tracee: &Tracee) -> Result<Vec<(u64, u64)>, Error> {
    let path = format!("/proc/{}/maps", tracee.pid());
    let maps =
        std::fs::read_to_string(&path).map_err(|error| Error::io(format!("read {path}"), error))?;
    let range = |line: &str| {
        let (start, rest) = line.split_once('-')?;
        let (end, _) = rest.split_once(' ')?;
        let number = |text| u64::from_str_radix(text, 16).ok();
        Some((number(start)?, number(end)?))
    };
    Ok(maps.lines().filter_map(range).collect())
}

/// Limits how far stacks grow (`RLIMIT_STACK`).
fn limit_stack(tracee: &Tracee, bytes: u64) -> Result<(), Error> {
    let pid = rustix::process::Pid::from_raw(tracee.pid().as_raw());
    // The hard limit is the tracer's, and may not be raised.
    let hard = rustix::process::getrlimit(Resource::Stack).maximum;
    if hard.is_some_and(|hard| hard < bytes) {
        let text = format!("a stack may not grow to {bytes} bytes here (RLIMIT_STACK)");
        return Err(Error::Lacking(text));
    }
    let limit = Rlimit {
        current: Some(bytes),
        maximum: hard,
    };
    let old = rustix::process::prlimit(pid, Resource::Stack, limit);
    old.map(|_| ())
        .map_err(|errno| Error::io("limit the stack".into(), errno.into()))
}

/// brk(2) with 0 tells where the heap ends.
fn check_heap(tracee: &mut Tracee, heap: VirtAddr) -> Result<(), Error> {
    let start = tracee.syscall(libc::SYS_brk, [0; 6])? as u64;
    if start == heap.0 {
        return Ok(());
    }
    Err(Error::Lacking(format!(
        "the heap starts at {start:#x}, not at {heap}: this machine randomises it"
    )))
}
