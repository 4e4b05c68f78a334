//! What was mapped before the program began: from its program headers, or
//! guessed from the pages it used.

use std::ops::Range;

use vmsim::addr::{PAGE_SIZE, VirtAddr, Vpn};
use vmsim::prot::Prot;

use crate::files::Names;
use crate::segments::{Layout, Segment};
use crate::summary::{Backing, MappedFile, Region};
use crate::survey::{STACK_END, Survey};

/// Pages that a program may leave unused in the middle of a region: so many that
/// a library's text stays whole, so few that two libraries stay two.
const GAP_PAGES_MAX: u64 = 64;

/// The regions that a program's headers ask for (`elf_load` in Linux
/// fs/binfmt_elf.c), of which all that shows the file shows this one.
///
/// The file's last page may hold the start of the zeroed part: that page shows
/// the file, with its tail zeroed, and anonymous memory begins behind it.
pub(crate) fn of_layout(layout: &Layout, program: &MappedFile) -> Vec<Region> {
    let mut regions = Vec::new();
    for segment in &layout.segments {
        let (from_file, zeroed) = segment.pages();
        let offset = segment.offset / PAGE_SIZE * PAGE_SIZE;
        let file = Backing::File {
            name: program.name.clone(),
            offset,
        };
        regions.extend(region(from_file, segment.prot, file));
        regions.extend(region(zeroed, segment.prot, Backing::Anon));
    }
    regions
}

/// The kernel's stores of zeroes behind the file's part of each segment, as
/// address and size (`padzero` in Linux fs/binfmt_elf.c).
pub(crate) fn zeroed_tails(layout: &Layout) -> impl Iterator<Item = (u64, u16)> {
    layout.segments.iter().filter_map(Segment::zeroed_tail)
}

/// The regions that the strays of a survey lie in, with a file for each that is
/// not written, and the stack.
pub(crate) fn guess(
    survey: &Survey,
    names: &mut Names,
    files: &mut Vec<MappedFile>,
) -> Vec<Region> {
    let mut regions = Vec::new();
    for (range, prot) in runs(survey) {
        let backing = backing(&range, prot, names, files);
        regions.extend(region(range, prot, backing));
    }
    regions.extend(survey.stack_start.and_then(stack));
    regions
}

/// Joins neighbouring strays that want the same protection.
fn runs(survey: &Survey) -> Vec<(Range<u64>, Prot)> {
    let mut runs: Vec<(Range<u64>, Prot)> = Vec::new();
    for (&page, &used) in &survey.strays {
        let wanted = protection(used);
        match runs.last_mut() {
            Some((run, prot)) if *prot == wanted && is_one(survey, run.end..page) => {
                run.end = page + 1
            }
            _ => runs.push((page..page + 1, wanted)),
        }
    }
    runs
}

/// Whether the pages on both sides of a gap are of one region: nothing else was
/// ever mapped between.
fn is_one(survey: &Survey, gap: Range<u64>) -> bool {
    gap.end - gap.start <= GAP_PAGES_MAX && !survey.ever_mapped.overlaps(gap)
}

/// The usual protection of memory that is used so.
fn protection(used: Prot) -> Prot {
    let exec = if used.exec() { Prot::EXEC } else { Prot::NONE };
    let write = if used.write() {
        Prot::WRITE
    } else {
        Prot::NONE
    };
    Prot::READ.union(write).union(exec)
}

fn backing(
    range: &Range<u64>,
    prot: Prot,
    names: &mut Names,
    files: &mut Vec<MappedFile>,
) -> Backing {
    if prot.write() {
        return Backing::Anon;
    }
    let what = if prot.exec() { "text" } else { "rodata" };
    let name = names.unique(&format!("{what}-{:x}", Vpn(range.start).start().0));
    let size = (range.end - range.start) * PAGE_SIZE;
    files.push(MappedFile {
        name: name.clone(),
        size,
    });
    Backing::File { name, offset: 0 }
}

/// The stack as it is when the program begins: from its first access to the top.
fn stack(first: VirtAddr) -> Option<Region> {
    region(
        first.page().0..STACK_END.page().0,
        Prot::READ_WRITE,
        Backing::Stack,
    )
}

fn region(range: Range<u64>, prot: Prot, backing: Backing) -> Option<Region> {
    let len = range.end.saturating_sub(range.start) * PAGE_SIZE;
    (len > 0).then(|| Region {
        start: Vpn(range.start).start(),
        len,
        prot,
        backing,
    })
}
