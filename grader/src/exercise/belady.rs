//! A trace with Belady's anomaly: with one frame more, FIFO takes more page-ins.
//!
//! The trace says how many frames; it runs with FIFO on a machine of that size and on
//! one with a frame more. Page-ins are faults that read a device: first touches of
//! anonymous memory read none, and are as many on both machines.

use std::fmt;
use std::rc::Rc;

use course::handed_in::BELADY_TRACE;
use policies::fifo::Fifo;
use solution::Reference;
use verdict::end::End;
use vmsim::event::{Config, Event, Op, Populate};
use vmsim::machine::Machine;
use vmsim::observe::End as EventEnd;
use vmtrace::Line;
use vmtrace::open::open;

use crate::exercise::Asked;
use crate::intake::Sources;
use crate::points::Weighed;

/// Events that the trace may have: Belady's own string has twelve accesses.
pub const EVENTS_MAX: usize = 100;

/// Frames that it may ask for.
pub const FRAMES_MAX: u32 = 16;

/// Bytes that a file or a mapping may have: ten times what [`FRAMES_MAX`] frames hold.
pub const SIZE_MAX: u64 = 640 << 10;

/// What FIFO makes of a trace with so many frames, and with one more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageIns {
    /// The frames that the trace asks for.
    pub frames: u32,
    /// Page-ins with these.
    pub few: usize,
    /// Page-ins with one frame more.
    pub more: usize,
}

impl fmt::Display for PageIns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let PageIns { frames, few, more } = *self;
        write!(
            f,
            "FIFO takes {few} page-ins with {frames} frames and {more} with {}",
            frames + 1
        )
    }
}

pub(super) fn grade(asked: &Asked<'_>, sources: &Sources) -> Vec<Weighed> {
    let handed_in = sources
        .attachments
        .iter()
        .find(|(name, _)| name == BELADY_TRACE);
    let Some((_, trace)) = handed_in else {
        return asked.nothing_handed_in(BELADY_TRACE);
    };
    let (end, message) = match anomaly(trace.as_bytes()) {
        Ok(shown) => (End::Passed, shown.to_string()),
        Err(why) => (End::Failed, format!("{BELADY_TRACE}: {why}")),
    };
    vec![asked.result("belady", end, message)]
}

/// Finds the anomaly in a trace.
///
/// # Errors
///
/// With the reason if the trace does not show it.
pub fn anomaly(trace: &[u8]) -> Result<PageIns, String> {
    let (config, lines) = read(trace)?;
    let larger = Config {
        frames: config.frames + 1,
        ..config
    };
    let (small, large) = (run(config, &lines)?, run(larger, &lines)?);
    let counts = PageIns {
        frames: config.frames,
        few: small.page_ins,
        more: large.page_ins,
    };
    if counts.more > counts.few {
        return Ok(counts);
    }
    Err(if !small.is_short {
        format!(
            "all pages fit into {} frames: nobody ever has to go, so no policy decides \
             anything",
            config.frames
        )
    } else if counts.more == counts.few {
        format!("{counts}: as many, and it must be more")
    } else {
        format!("{counts}: the frame more helps here, as one would expect; it must harm")
    })
}

/// Reads the trace, within limits: whatever is handed in, the runs are short.
fn read(trace: &[u8]) -> Result<(Config, Vec<Line>), String> {
    let parsed = open(trace).map_err(|error| error.to_string())?;
    let config = *parsed.config();
    if config.frames > FRAMES_MAX {
        return Err(format!(
            "the machine has {} frames, at most {FRAMES_MAX} are allowed\nhelp: begin with \
             `machine frames=N`",
            config.frames
        ));
    }
    let mut lines = Vec::new();
    for line in parsed {
        let line = line.map_err(|error| error.to_string())?;
        if lines.len() == EVENTS_MAX {
            return Err(format!("more than {EVENTS_MAX} events"));
        }
        check(&line.event).map_err(|why| format!("line {}: {why}", line.number))?;
        lines.push(line);
    }
    Ok((config, lines))
}

/// A reference string consists of accesses, and of the memory that they are to: what
/// gives pages up or brings them in by other ways is no business of a policy.
fn check(event: &Event) -> Result<(), String> {
    let size = match event.op {
        Op::Read { .. } | Op::Write { .. } | Op::Exec { .. } => 0,
        Op::File { size, .. } => size,
        Op::Mmap { len, map, .. } if map.populate == Populate::Lazily => len,
        _ => {
            return Err(
                "only `file`, `mmap` (without `populate`), `read`, `write` and `exec` make a \
                 reference string"
                    .to_owned(),
            );
        }
    };
    if size > SIZE_MAX {
        return Err(format!("{size} bytes, at most {SIZE_MAX} are allowed"));
    }
    Ok(())
}

/// What FIFO makes of a trace.
struct Played {
    page_ins: usize,
    /// Whether any page had to go.
    is_short: bool,
}

fn run(config: Config, lines: &[Line]) -> Result<Played, String> {
    let mut machine = Machine::with_policy(config, Rc::new(Reference), Box::<Fifo>::default());
    let mut page_ins = 0;
    for line in lines {
        let seen = machine.step(&line.event);
        if seen.end != EventEnd::Done {
            let class = seen.class();
            return Err(format!(
                "line {}: ends in `{class}` with {} frames; every event must succeed",
                line.number, config.frames
            ));
        }
        page_ins += seen.faults.iter().filter(|fault| fault.major).count();
    }
    Ok(Played {
        page_ins,
        is_short: machine.evictions() > 0,
    })
}
