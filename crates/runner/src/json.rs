//! An observation as a JSON object on a line of its own.

use std::io::{self, Write};

use serde::Serialize;
use vmsim::cost::Cost;
use vmsim::event::Op;
use vmsim::fault::Delivery;
use vmsim::observe::{End, FrameName, Observation};
use vmtrace::Line;

/// Version of the objects' form; it grows when a field changes its meaning.
pub const SCHEMA: &str = "faultline.run/1";

#[derive(Serialize)]
struct Object<'a> {
    schema: &'static str,
    line: u64,
    event: &'static str,
    text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pid: Option<u32>,
    cpu: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    addr: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    class: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    faults: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    errno: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    signal: Option<SignalObject>,
    #[serde(skip_serializing_if = "Option::is_none")]
    frame: Option<String>,
    major: bool,
    died: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    flushes: Option<Flushes>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    violations: Vec<String>,
}

#[derive(Serialize)]
struct SignalObject {
    name: &'static str,
    code: String,
    addr: String,
    handled: bool,
}

/// CPUs that were made to forget a page.
#[derive(Serialize)]
struct Flushes {
    /// The one that did it.
    local: u64,
    /// Others, which were interrupted.
    remote: u64,
    /// Those of both that had nothing to forget that matters.
    needless: u64,
}

/// Writes an observation as one line of JSON.
pub(crate) fn write(
    out: &mut impl Write,
    line: &Line,
    text: &str,
    seen: &Observation,
) -> io::Result<()> {
    let object = Object {
        schema: SCHEMA,
        line: line.number,
        event: word(&line.event.op),
        text,
        pid: seen.pid.map(|pid| pid.0),
        cpu: seen.cpu.0,
        addr: seen.addr.map(|addr| addr.to_string()),
        class: seen.is_access.then(|| seen.class()),
        faults: seen.faults.iter().map(ToString::to_string).collect(),
        value: seen.value,
        errno: errno(seen),
        signal: signal(seen),
        frame: frame(seen),
        major: seen.faults.iter().any(|fault| fault.major),
        died: !seen.survived(),
        flushes: flushes(seen.cost),
        violations: seen.violations.iter().map(ToString::to_string).collect(),
    };
    serde_json::to_writer(&mut *out, &object)?;
    out.write_all(b"\n")
}

fn errno(seen: &Observation) -> Option<String> {
    match seen.end {
        End::Failed(errno) => Some(errno.to_string()),
        End::Signalled(_, Delivery::ReturnEfault) => Some("EFAULT".to_owned()),
        _ => None,
    }
}

fn signal(seen: &Observation) -> Option<SignalObject> {
    match seen.end {
        End::Signalled(_, Delivery::ReturnEfault) => None,
        End::Signalled(signal, delivery) => Some(SignalObject {
            name: signal.name(),
            code: signal
                .code
                .to_string()
                .rsplit(' ')
                .next()
                .unwrap_or_default()
                .to_owned(),
            addr: signal.addr.to_string(),
            handled: delivery == Delivery::RunHandler,
        }),
        _ => None,
    }
}

fn frame(seen: &Observation) -> Option<String> {
    let page = seen.page?;
    match page.frame {
        FrameName::None | FrameName::Swapped => None,
        name => Some(name.to_string()),
    }
}

fn flushes(cost: Cost) -> Option<Flushes> {
    let (local, remote) = (cost.local_flushes, cost.remote_flushes);
    (local + remote > 0).then_some(Flushes {
        local,
        remote,
        needless: cost.needless_flushes,
    })
}

/// The event's word in the trace language.
pub(crate) fn word(op: &Op) -> &'static str {
    match op {
        Op::File { .. } => "file",
        Op::Mmap { .. } => "mmap",
        Op::Munmap { .. } => "munmap",
        Op::Mprotect { .. } => "mprotect",
        Op::Madvise { .. } => "madvise",
        Op::Brk { .. } => "brk",
        Op::Fork { .. } => "fork",
        Op::Exit { .. } => "exit",
        Op::Read { .. } => "read",
        Op::Write { .. } => "write",
        Op::Exec { .. } => "exec",
        Op::CopyIn { .. } => "copyin",
        Op::CopyOut { .. } => "copyout",
        Op::Load { .. } => "load",
        Op::Drop { .. } => "drop",
        Op::Msync { .. } => "msync",
        Op::Sigaction { .. } => "sigaction",
    }
}
