//! The first pass from beginning to end, and what it leaves for the second.

use vmsim::addr::{FileId, VirtAddr};

use crate::compact::{Compact, Compaction};
use crate::error::Error;
use crate::files::Names;
use crate::import::Sources;
use crate::regions;
use crate::segments::Layout;
use crate::summary::{MappedFile, Records, Region};
use crate::survey::Survey;
use crate::translate::Translator;

/// What has to be known before the first event is written.
pub(crate) struct Findings {
    pub records: Records,
    /// The files that the program mapped, in order, then those of the regions.
    pub files: Vec<MappedFile>,
    pub regions: Vec<Region>,
    pub heap: Option<VirtAddr>,
    pub stack_start: Option<VirtAddr>,
    pub pages: usize,
    /// Accesses that [`Compaction::PerPage`] leaves, and leaves out.
    kept: u64,
    dropped: u64,
}

impl Findings {
    /// Reads all logs once. It compacts in any case: what an access shows of the
    /// mappings, the next one to the same page shows no better.
    pub fn gather(sources: &Sources) -> Result<Self, Error> {
        let survey = begin(sources.layout.as_ref());
        let mut stage = Compact::new(Compaction::PerPage, survey);
        let mut translator = Translator::new(sources, &mut stage);
        translator.run()?;
        let (records, heap) = (translator.records, translator.heap);
        let (names, mut taken) = translator.files.into_names();
        let survey = &stage.next;
        let mut files = mapped(names, survey);
        let regions = regions(sources, survey, &mut taken, &mut files);
        Ok(Self {
            records,
            files,
            regions,
            heap,
            stack_start: survey.stack_start,
            pages: survey.touched.len(),
            kept: stage.kept,
            dropped: stage.dropped,
        })
    }

    /// Accesses in the whole trace.
    pub fn accesses(&self, compaction: Compaction) -> u64 {
        match compaction {
            Compaction::None => self.kept + self.dropped,
            Compaction::PerPage => self.kept,
        }
    }
}

fn begin(layout: Option<&Layout>) -> Survey {
    let mut survey = Survey::default();
    for segment in layout.into_iter().flat_map(|layout| &layout.segments) {
        let (from_file, zeroed) = segment.pages();
        survey.mapped_before(from_file);
        survey.mapped_before(zeroed);
    }
    survey
}

/// The files that the program mapped, with their sizes.
fn mapped(names: Vec<Box<str>>, survey: &Survey) -> Vec<MappedFile> {
    let extent = |nth: usize| survey.extents.get(&FileId(nth as u32)).copied();
    let sized = names.into_iter().enumerate().map(|(nth, name)| {
        let size = extent(nth).unwrap_or(0);
        MappedFile { name, size }
    });
    sized.collect()
}

/// What was mapped before the program began; adds the files behind it.
fn regions(
    sources: &Sources,
    survey: &Survey,
    taken: &mut Names,
    files: &mut Vec<MappedFile>,
) -> Vec<Region> {
    let mut regions = Vec::new();
    if let Some(layout) = &sources.layout {
        let name = taken.unique(sources.first.program());
        let size = layout.file_size();
        let program = MappedFile { name, size };
        regions = regions::of_layout(layout, &program);
        files.push(program);
    }
    regions.extend(regions::guess(survey, taken, files));
    regions.sort_by_key(|region| region.start);
    regions
}
