//! An import from beginning to end.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use vmsim::addr::PAGE_SIZE;
use vmsim::event::Config;
use vmtrace::limits::PAGES_MAX;

use crate::compact::{Compact, Compaction};
use crate::cut::{Cut, Cutter};
use crate::declare::Declare;
use crate::error::Error;
use crate::findings::Findings;
use crate::log::Log;
use crate::prelude::Prelude;
use crate::segments::Layout;
use crate::sink::Sink;
use crate::summary::Summary;
use crate::translate::Translator;

/// Pages that Linux maps around a fault (`fault_around_bytes`, 64 KiB).
const FAULT_AROUND: u16 = 16;

/// Frames of the machine, if the program needs no more: 256 MiB.
const FRAMES: u32 = 65_536;

/// What to import, and how.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The log of the first process; packed with xz, or plain.
    pub log: PathBuf,
    /// The logs of the processes it forked, and of theirs, in any order.
    pub children: Vec<PathBuf>,
    /// The program headers (`readelf -lW`) of a static program. Without them
    /// what the program began with is guessed from the pages it used.
    pub segments: Option<PathBuf>,
    /// Which accesses are worth an event.
    pub compaction: Compaction,
    /// Which part of the trace is kept.
    pub cut: Cut,
    /// Ends the import with [`Error::Interrupted`] as soon as somebody sets it.
    pub interrupt: Arc<AtomicBool>,
}

/// Imports logs of real programs, reading each of them twice, and hands the
/// trace to the sink.
///
/// A child's events stand directly after the fork that made it. A modify is a
/// single write, and a fetch across a page boundary is two `exec` events. Memory
/// that the kernel is known to have read or written for the program is copied in
/// or out. Calls that failed leave no event.
pub fn import(request: &Request, sink: &mut dyn Sink) -> Result<Summary, Error> {
    let sources = Sources::open(request)?;
    let findings = Findings::gather(&sources)?;
    let (events, accesses_dropped) = write(request, &sources, &findings, sink)?;
    Ok(Summary {
        records: findings.records,
        processes: 1 + sources.children.len() as u32,
        files: findings.files,
        regions: findings.regions,
        pages: findings.pages,
        accesses_dropped,
        events,
    })
}

/// All that is read.
pub(crate) struct Sources {
    pub first: Log,
    pub children: Vec<Log>,
    pub layout: Option<Layout>,
    pub interrupt: Arc<AtomicBool>,
}

impl Sources {
    fn open(request: &Request) -> Result<Self, Error> {
        let children = request.children.iter().map(|path| Log::open(path));
        Ok(Self {
            first: Log::open(&request.log)?,
            children: children.collect::<Result<_, _>>()?,
            layout: request.segments.as_deref().map(Layout::read).transpose()?,
            interrupt: Arc::clone(&request.interrupt),
        })
    }
}

/// The second pass; counts the events written and the accesses left out.
fn write(
    request: &Request,
    sources: &Sources,
    findings: &Findings,
    sink: &mut dyn Sink,
) -> Result<(u64, u64), Error> {
    sink.machine(&config(findings))?;
    let cutter = Cutter::new(request.cut, findings.accesses(request.compaction), sink);
    let declare = Declare::new(&findings.files, cutter);
    let mut stage = Compact::new(request.compaction, declare);
    prelude(sources, findings).write(&mut stage)?;
    Translator::new(sources, &mut stage).run()?;
    let cutter = &stage.next.next;
    Ok((cutter.events, stage.dropped + cutter.dropped))
}

fn prelude<'a>(sources: &'a Sources, findings: &'a Findings) -> Prelude<'a> {
    Prelude {
        command: &sources.first.command,
        layout: sources.layout.as_ref(),
        regions: &findings.regions,
        files: &findings.files,
        stack_start: findings.stack_start,
    }
}

/// A heap begins with a page, wherever the first answer of brk(2) lies in it.
fn config(findings: &Findings) -> Config {
    let usual = Config::default();
    let heap = findings.heap;
    Config {
        frames: frames(findings),
        fault_around: FAULT_AROUND,
        heap: heap.map_or(usual.heap, |start| start.page().start()),
        ..usual
    }
}

/// So many that nothing is ever evicted: for all pages of the files, which are in
/// memory from the start, and a frame for every page that a process used.
fn frames(findings: &Findings) -> u32 {
    let file_pages = findings
        .files
        .iter()
        .map(|file| file.size.div_ceil(PAGE_SIZE));
    let needed = findings.pages as u64 + file_pages.sum::<u64>();
    let needed = u32::try_from(needed).unwrap_or(PAGES_MAX).min(PAGES_MAX);
    needed.next_power_of_two().max(FRAMES)
}
