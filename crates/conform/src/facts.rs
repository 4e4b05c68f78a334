//! What this computer can tell, and what it cannot.

use std::path::PathBuf;

use comparable::computer::{Computer, Swap};
use vmsim::vma::MMAP_MIN_ADDR;

use crate::case::Need;

/// What this computer can tell, and where it can be asked.
#[derive(Clone, Debug)]
pub struct Facts {
    /// Name and version of the kernel.
    pub kernel: String,
    /// Where the files of traces are put.
    pub folder: PathBuf,
    /// The swap devices that were switched on as this was found out.
    pub swap_devices: Vec<String>,
    /// Whether files can be evicted, are read page by page, and their first write
    /// is noticed.
    pub files: bool,
    /// Whether the heap starts where a trace wants it.
    pub heap: bool,
    /// What can be seen of page tables.
    pub pages: Pages,
    /// What decides whether an event can be compared.
    pub computer: Computer,
}

/// What can be seen of page tables (`/proc/PID/pagemap`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pages {
    /// Which frame: whether a page was copied.
    Frames,
    /// What kind of page.
    Kinds,
    /// Nothing.
    Hidden,
}

/// Something that this computer cannot tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lack {
    /// What is left out for it.
    pub skipped: &'static str,
    /// Why, and what helps.
    pub why: String,
}

impl Facts {
    /// What this computer cannot tell.
    pub fn lacks(&self) -> Vec<Lack> {
        let folder = self.folder.display();
        let makes_one = "as root, `--with-swap` makes one for the run";
        [
            (
                self.computer.swap != Swap::None,
                Need::Swap.cases(),
                format!("no page goes to swap: there is no swap device; {makes_one}"),
            ),
            (
                self.computer.swap != Swap::Cached,
                Need::Swap.cases(),
                format!(
                    "pages linger in the swap cache, or bring their neighbours along; {makes_one} \
                     that does not"
                ),
            ),
            (
                self.computer.swap != Swap::Twice,
                Need::Zram.cases(),
                format!("the swap device is written late; {makes_one} of zram"),
            ),
            (
                self.files,
                Need::Files.cases(),
                format!(
                    "files in {folder} are not read page by page, or never leave memory; \
                     `--dir` names a folder on a disk (and it takes Linux 6.5, for cachestat)"
                ),
            ),
            (
                self.heap,
                Need::Heap.cases(),
                "the kernel randomises where the heap starts, and personality(2) is refused"
                    .to_owned(),
            ),
            (
                self.computer.fault_around,
                "fault-around",
                "the window is not 16 pages; traces run with fault-around=1".to_owned(),
            ),
            (
                self.computer.exec_only_readable,
                "reads of execute-only pages",
                "the CPU has protection keys, which forbid them".to_owned(),
            ),
            (
                self.computer.four_level_paging,
                "addresses from 2^47 to 2^56",
                "the CPU has five levels of page tables".to_owned(),
            ),
            (
                self.computer.lowest_address == MMAP_MIN_ADDR,
                "addresses below 64 KiB",
                format!(
                    "this kernel's vm.mmap_min_addr is {}",
                    self.computer.lowest_address.0
                ),
            ),
            (
                self.pages != Pages::Hidden,
                "page states",
                "/proc/PID/pagemap cannot be read".to_owned(),
            ),
            (
                self.pages == Pages::Frames,
                "copy or reuse",
                "only root may see frame numbers".to_owned(),
            ),
        ]
        .into_iter()
        .filter(|(has, ..)| !has)
        .map(|(_, skipped, why)| Lack { skipped, why })
        .collect()
    }
}
