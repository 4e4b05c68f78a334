//! What no single run of a real kernel can tell, by name (`docs/linux-rules.md`, "What
//! is not compared, and why").

use std::collections::BTreeMap;
use std::fmt;

macro_rules! exclusions {
    ($( $(#[$doc:meta])* $variant:ident, $words:literal; )*) => {
        /// Why an event is not compared.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Exclusion {
            $( $(#[$doc])* $variant, )*
        }

        impl Exclusion {
            /// All of them, numbered N1, N2, … in `docs/linux-rules.md`.
            pub const ALL: &[Exclusion] = &[$( Exclusion::$variant ),*];
        }

        impl fmt::Display for Exclusion {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self { $( Exclusion::$variant => $words, )* })
            }
        }
    };
}

exclusions! {
    /// The bytes at the address of an `exec` would do harm if they were executed;
    /// they are read instead.
    Instruction, "read instead of executed";
    /// A cold page of an executable file mapping: Linux reads ahead there, whatever
    /// the program has advised (since 6.16).
    ExecutableReadAhead, "read-ahead of executable mappings";
    /// `pageout` with a swap device whose pages linger in the swap cache.
    CachedSwap, "pageout to a swap device that is not exact";
    /// `pageout` of shared memory, or of pages that cannot be read, with a swap device
    /// that is written late.
    LateSwap, "pageout of shared or unreadable memory to a late device";
    /// `willneed`: the pages come when they come.
    WillNeed, "willneed";
    /// A read behind the end of a file where no page table is yet: Linux 6.18 may
    /// look around, or not.
    MissingTable, "behind the end of a file, without a page table";
    /// A page of a file that was dirty when `pageout` met it: Linux marks it
    /// (`PG_reclaim`, which is the same bit as `PG_readahead`), and then
    /// fault-around passes it over and read(2) reads ahead.
    DirtyPageOut, "beside a dirty page that was paged out";
    /// `populate` of a file mapping that continues another one: the oracle switches
    /// read-ahead off first, and populates before the two merge.
    PopulateMerged, "populate of a file mapping that merges";
    /// A read of a page that may only be executed, on a CPU with protection keys.
    ProtectionKey, "reads of execute-only pages";
    /// An address that is canonical on a CPU with five levels of page tables.
    FiveLevels, "addresses from 2^47 to 2^56";
    /// An address below 64 KiB, where this kernel lets programs map (`mmap_min_addr`).
    LowAddress, "addresses below 64 KiB";
    /// An access of 3 bytes, say: natively it is several instructions. Left out where
    /// that shows: a store whose second page is refused or is the first one again, and
    /// an access that reaches across the last canonical address.
    SeveralInstructions, "not a single instruction";
    /// A fetch from the vsyscall page: the kernel emulates what is called there.
    Vsyscall, "fetches from the vsyscall page";
    /// More memory than the computer has: whether that is promised depends on it
    /// (`vm.overcommit_memory`).
    Overcommit, "more memory than there is";
}

/// An event that is not compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Excluded {
    /// The line of the trace.
    pub line: u64,
    /// Why it is not.
    pub why: Exclusion,
}

/// Counts of exclusions.
pub type Exclusions = BTreeMap<Exclusion, u64>;

/// How many events are not compared, reason by reason.
pub fn counts(excluded: &[Excluded]) -> Exclusions {
    let mut counts = Exclusions::new();
    for one in excluded {
        *counts.entry(one.why).or_default() += 1;
    }
    counts
}
