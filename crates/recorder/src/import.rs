//! An import from beginning to end.

use std::path::PathBuf;

use vmsim::addr::{FileId, VirtAddr};
use vmsim::event::Config;

use crate::compact::{Compact, Compaction};
use crate::cut::{Cut, Cutter};
use crate::declare::Declare;
use crate::error::Error;
use crate::files::Names;
use crate::log::Log;
use crate::prelude::Prelude;
use crate::regions;
use crate::segments::Layout;
use crate::sink::Sink;
use crate::summary::{MappedFile, Records, Region, Summary};
use crate::survey::Survey;
use crate::translate::Translator;

/// Pages that Linux maps around a fault (`fault_around_bytes`, 64 KiB).
const FAULT_AROUND: u16 = 16;

/// Frames of the machine: 256 MiB, so that nothing is ever evicted.
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
    let found = sources.survey()?;
    sources.write(request, found, sink)
}

struct Sources {
    first: Log,
    children: Vec<Log>,
    layout: Option<Layout>,
}

/// What the first pass leaves for the second.
struct Found {
    records: Records,
    files: Vec<MappedFile>,
    regions: Vec<Region>,
    heap: Option<VirtAddr>,
    stack_start: Option<VirtAddr>,
    pages: usize,
    /// Accesses that [`Compaction::PerPage`] leaves.
    compacted: u64,
    /// Events that are accesses, before any compaction.
    accesses: u64,
}

impl Sources {
    fn open(request: &Request) -> Result<Self, Error> {
        let children: Result<_, _> = request
            .children
            .iter()
            .map(|path| Log::open(path))
            .collect();
        Ok(Self {
            first: Log::open(&request.log)?,
            children: children?,
            layout: request.segments.as_deref().map(Layout::read).transpose()?,
        })
    }

    /// The first pass. It compacts in any case: what an access shows of the
    /// mappings, the next one to the same page shows no better.
    fn survey(&self) -> Result<Found, Error> {
        let mut survey = Survey::default();
        for segment in self.layout.iter().flat_map(|layout| &layout.segments) {
            let (from_file, zeroed) = segment.pages();
            survey.mapped_before(from_file);
            survey.mapped_before(zeroed);
        }
        let mut stage = Compact::new(Compaction::PerPage, survey);
        let mut translator = Translator::new(&self.children, &mut stage);
        translator.run(&self.first)?;
        let Translator {
            files,
            records,
            heap,
            ..
        } = translator;
        let (names, taken) = files.into_names();
        let (compacted, accesses) = (stage.kept, stage.kept + stage.dropped);
        let (files, regions) = self.regions(&stage.next, names, taken);
        let (stack_start, pages) = (stage.next.stack_start, stage.next.touched.len());
        Ok(Found {
            records,
            files,
            regions,
            heap,
            stack_start,
            pages,
            compacted,
            accesses,
        })
    }

    /// All files, those of the regions behind those that the program mapped; and
    /// the regions.
    fn regions(
        &self,
        survey: &Survey,
        names: Vec<Box<str>>,
        mut taken: Names,
    ) -> (Vec<MappedFile>, Vec<Region>) {
        let extent = |nth: usize| {
            survey
                .extents
                .get(&FileId(nth as u32))
                .copied()
                .unwrap_or(0)
        };
        let named = names.into_iter().enumerate();
        let mut files: Vec<_> = named
            .map(|(nth, name)| MappedFile {
                name,
                size: extent(nth),
            })
            .collect();
        let mut regions = Vec::new();
        if let Some(layout) = &self.layout {
            let name = taken.unique(self.first.program());
            let program = MappedFile {
                name,
                size: layout.file_size(),
            };
            regions = regions::of_layout(layout, &program);
            files.push(program);
        }
        regions.extend(regions::guess(survey, &mut taken, &mut files));
        regions.sort_by_key(|region| region.start);
        (files, regions)
    }

    /// The second pass.
    fn write(
        &self,
        request: &Request,
        found: Found,
        sink: &mut dyn Sink,
    ) -> Result<Summary, Error> {
        sink.machine(&config(found.heap))?;
        let total = match request.compaction {
            Compaction::None => found.accesses,
            Compaction::PerPage => found.compacted,
        };
        let cutter = Cutter::new(request.cut, total, sink);
        let declare = Declare::new(&found.files, cutter);
        let mut stage = Compact::new(request.compaction, declare);
        self.prelude(&found).write(&mut stage)?;
        Translator::new(&self.children, &mut stage).run(&self.first)?;
        let (events, cut_away) = (stage.next.next.events, stage.next.next.dropped);
        let accesses_dropped = stage.dropped + cut_away;
        Ok(self.summary(found, accesses_dropped, events))
    }

    fn prelude<'a>(&'a self, found: &'a Found) -> Prelude<'a> {
        Prelude {
            command: &self.first.command,
            layout: self.layout.as_ref(),
            regions: &found.regions,
            files: &found.files,
            stack_start: found.stack_start,
        }
    }

    fn summary(&self, found: Found, accesses_dropped: u64, events: u64) -> Summary {
        Summary {
            records: found.records,
            processes: 1 + self.children.len() as u32,
            files: found.files,
            regions: found.regions,
            pages: found.pages,
            accesses_dropped,
            events,
        }
    }
}

fn config(heap: Option<VirtAddr>) -> Config {
    let usual = Config::default();
    Config {
        frames: FRAMES,
        fault_around: FAULT_AROUND,
        heap: heap.unwrap_or(usual.heap),
        ..usual
    }
}
