//! How a run ended: told by its runner, or seen from outside.

use std::time::Duration;

use course::catalogue::Limits;
use runner::end::{End as Told, Place};
use sandbox::tier::Tier;

use crate::bounded::{Ended, Exceeded};
use crate::end::End;

/// Clock time for each second of CPU time, and a second on top: a busy machine is
/// not the student's fault.
const WALL_PER_CPU: u64 = 3;

/// How long a run may take on the clock.
pub fn wall(limits: Limits) -> Duration {
    Duration::from_secs(limits.cpu_seconds * WALL_PER_CPU + 1)
}

/// What is said when the machine has no sandbox for student code.
pub fn not_confined(why: &str) -> String {
    format!("the sandbox is not complete, and no code was run: {why}")
}

/// What a runner that is still ours does not tell: that it is not confined, after it has
/// told how it is, or that a trace is malformed, which the grader has read before. Both
/// would be no fault of the submission's, and cost no points.
pub fn is_impossible(told: &Told, confined: Option<Tier>) -> bool {
    match told {
        Told::NotConfined { .. } => confined.is_some(),
        Told::BadTrace { .. } => true,
        _ => false,
    }
}

/// The runner told how it ended.
pub fn end_told(told: Told) -> (End, String, Option<String>) {
    let at = |end, Place { message, at }: Place| (end, message, students_line(at));
    match told {
        Told::Finished => (End::Passed, String::new(), None),
        Told::NotWritten(place) => at(End::NotWritten, place),
        Told::Panicked(place) => at(End::Panicked, place),
        Told::KernelBug(place) => {
            let (_, message, at) = at(End::Failed, place);
            (End::Failed, format!("kernel bug: {message}"), at)
        }
        Told::Livelock { line } => {
            let message = format!("line {line}: the same access faults again and again");
            (End::Livelock, message, None)
        }
        Told::BadTrace { message } => (End::NotGraded, format!("bad trace: {message}"), None),
        Told::NotConfined { message } => (End::NotGraded, not_confined(&message), None),
    }
}

/// Where the student's code is to blame: a verdict of `classify` that is wrong may
/// show in the reference's repair only, and that line says nothing to a student.
fn students_line(at: String) -> Option<String> {
    at.starts_with("labs/skeleton/src/").then_some(at)
}

/// Said of a run that seccomp has ended. Which call it was, the kernel tells nobody but a
/// debugger.
const FORBIDDEN: &str = "a system call that handlers have no use for: they compute, and change \
     the machine through `Kernel`. Files, other programs, threads, the network, sleeping, reading \
     standard input and waiting for a lock that is held already are not there";

/// The process ended without a word: was it a limit, a crash, or an early exit? It had
/// `begun` if student code can have run.
pub fn end_untold(ended: &Ended, limits: Limits, begun: bool) -> (End, String, Option<String>) {
    let said = String::from_utf8_lossy(&ended.stderr);
    let too_long = || format!("more than {} s of CPU time", limits.cpu_seconds);
    let too_large = || format!("needed more than {} MiB", limits.memory_mib);
    let overflowed = || "the stack overflowed: endless recursion?".to_owned();
    let cpu_limit = Duration::from_secs(limits.cpu_seconds);
    let (end, message) = match (ended.exceeded, signal(ended)) {
        (Some(Exceeded::Output), _) => (
            End::OutputLimit,
            format!("printed more than {} KiB", limits.output_kib),
        ),
        (Some(Exceeded::Time), _) => (
            End::TimeLimit,
            format!(
                "not finished after {} s on the clock",
                wall(limits).as_secs()
            ),
        ),
        (None, Some(SIGXCPU)) => (End::TimeLimit, too_long()),
        (None, Some(SIGSYS)) => (End::ForbiddenCall, FORBIDDEN.to_owned()),
        // SIGXCPU comes a second earlier, unless it is held back.
        (None, Some(SIGKILL)) if ended.took > cpu_limit => (End::TimeLimit, too_long()),
        // The kernel cannot load it: its static data is too large.
        (None, Some(SIGKILL | SIGSEGV)) if !begun => (End::MemoryLimit, too_large()),
        // No call that could send them is left to a run.
        (None, Some(SIGHUP | SIGINT | SIGKILL | SIGTERM)) => (
            End::NotGraded,
            "the run was killed from outside: the machine may have run out of memory\n\
             help: grade it again, with fewer `--jobs`"
                .to_owned(),
        ),
        (None, Some(SIGABRT)) if said.contains("memory allocation of") => {
            (End::MemoryLimit, too_large())
        }
        (None, Some(SIGABRT)) if said.contains("has overflowed its stack") => {
            (End::Panicked, overflowed())
        }
        (None, Some(SIGSEGV)) => (End::Panicked, overflowed()),
        (None, Some(signal)) => (End::Panicked, format!("killed by signal {signal}")),
        // No code of the student's has run; the runner has given up.
        (None, None) if !begun => (
            End::NotGraded,
            format!("the run ended before it began ({})", ended.status),
        ),
        (None, None) => (
            End::Failed,
            format!("ended before the end of the trace ({})", ended.status),
        ),
    };
    (end, message, None)
}

const SIGHUP: i32 = 1;
const SIGINT: i32 = 2;
const SIGABRT: i32 = 6;
const SIGKILL: i32 = 9;
const SIGSEGV: i32 = 11;
const SIGTERM: i32 = 15;
const SIGXCPU: i32 = 24;
const SIGSYS: i32 = 31;

fn signal(ended: &Ended) -> Option<i32> {
    std::os::unix::process::ExitStatusExt::signal(&ended.status)
}

#[cfg(test)]
mod tests {
    use sandbox::tier::Tier;

    use super::{Told, is_impossible};

    /// It must be told before the layers are, or it was not the runner who told it.
    #[test]
    fn nobody_is_excused_by_a_sandbox_that_was_there() {
        let told = Told::NotConfined {
            message: String::new(),
        };
        assert!(!is_impossible(&told, None));
        assert!(is_impossible(&told, Some(Tier::NOTHING)));
    }

    #[test]
    fn nobody_is_excused_by_a_trace_that_was_read_before() {
        let told = Told::BadTrace {
            message: String::new(),
        };
        assert!(is_impossible(&told, None));
        assert!(!is_impossible(&Told::Finished, None));
    }
}
