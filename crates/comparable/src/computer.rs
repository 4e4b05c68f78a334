//! What a computer can tell of a trace, and what it cannot.

use vmsim::addr::VirtAddr;
use vmsim::vma::MMAP_MIN_ADDR;

/// What decides whether the events of a trace can be compared on a computer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Computer {
    /// Whether a page can be paged out, and comes back.
    pub swap: Swap,
    /// Whether fault-around maps 16 pages.
    pub fault_around: bool,
    /// Whether a mapping that may only be executed can be read (not on CPUs with
    /// protection keys).
    pub exec_only_readable: bool,
    /// Whether the addresses from 2^47 on are not canonical.
    pub four_level_paging: bool,
    /// The lowest address that programs may map (`vm.mmap_min_addr`).
    pub lowest_address: VirtAddr,
    /// Bytes of memory.
    pub memory: u64,
}

/// What a swap device does with a page that is paged out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Swap {
    /// The next access is a major fault, for each page by itself.
    Exact,
    /// So it is, for private memory that can be read, if the page is paged out twice.
    Twice,
    /// The page lingers in the swap cache, or its neighbours come along.
    Cached,
    /// There is none.
    None,
}

impl Computer {
    /// One that can tell as much as any, with 16 GiB of memory.
    pub const BEST: Computer = Computer {
        swap: Swap::Exact,
        fault_around: true,
        exec_only_readable: true,
        four_level_paging: true,
        lowest_address: MMAP_MIN_ADDR,
        memory: 16 << 30,
    };
}
