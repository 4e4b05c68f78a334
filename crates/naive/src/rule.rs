//! What people believe of Linux, and what Linux does.

macro_rules! rules {
    ($(
        $(#[$doc:meta])*
        $variant:ident, $name:literal, $rule:literal, $belief:literal;
    )*) => {
        /// One rule of `docs/linux-rules.md`, replaced by what people believe.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum NaiveRule {
            $(
                #[doc = concat!("Breaks ", $rule, ": *", $belief, ".*")]
                #[doc = ""]
                $(#[$doc])*
                $variant,
            )*
        }

        impl NaiveRule {
            /// All of them, in the order of the rules that they break.
            pub const ALL: &[NaiveRule] = &[$( NaiveRule::$variant ),*];

            /// The name, in kebab-case.
            pub fn name(self) -> &'static str {
                match self { $( NaiveRule::$variant => $name, )* }
            }

            /// The rule of Linux that is broken, as in `R15`.
            pub fn rule(self) -> &'static str {
                match self { $( NaiveRule::$variant => $rule, )* }
            }

            /// What is believed, in one line.
            pub fn belief(self) -> &'static str {
                match self { $( NaiveRule::$variant => $belief, )* }
            }

            /// A trace in the trace language that shows the rule to be wrong: what
            /// Linux does is noted behind `# =>`.
            pub fn trace(self) -> &'static str {
                match self {
                    $( NaiveRule::$variant =>
                        include_str!(concat!("../traces/", $name, ".trace")), )*
                }
            }
        }
    };
}

rules! {
    /// Linux never hears of a page fault: the CPU raises a general-protection
    /// exception, and the signal is `SI_KERNEL` with address 0
    /// (`exc_general_protection` in Linux arch/x86/kernel/traps.c).
    NonCanonicalFaults, "non-canonical-faults", "R1",
    "a non-canonical address is unmapped, like any other that nobody mapped";

    /// For the program nothing is mapped there: `SEGV_MAPERR`, whatever the
    /// hardware found (`do_kern_addr_fault` in Linux arch/x86/mm/fault.c).
    KernelAddressIsForbidden, "kernel-address-is-forbidden", "R1",
    "a program that reads the kernel's half is refused with SEGV_ACCERR";

    /// Linux brings a page in before it refuses the fetch, unless the mapping is
    /// `PROT_NONE`: the refusal comes with the second fault (`access_error` in
    /// Linux arch/x86/mm/fault.c).
    FetchAsksVmaFirst, "fetch-asks-vma-first", "R3",
    "a fetch from a mapping without PROT_EXEC is refused at once";

    /// x86-64 page tables cannot forbid reading alone, and Linux does not either,
    /// on CPUs without protection keys (`access_error`).
    ExecOnlyUnreadable, "exec-only-unreadable", "R3",
    "a mapping with PROT_EXEC alone cannot be read";

    /// The same for writing: what can be written can be read (`access_error`).
    WriteOnlyUnreadable, "write-only-unreadable", "R3",
    "a mapping with PROT_WRITE alone cannot be read";

    /// Linux refuses a write by the VMA, before it looks at the page table: a
    /// refused write brings nothing in and costs no fault (`access_error`).
    PresenceFirst, "presence-first", "R3",
    "a page is brought in first, and its permission is checked then";

    /// Linux refuses what the VMA forbids before it looks at the file: `SIGSEGV`
    /// also behind the end (`access_error`; `filemap_fault` in mm/filemap.c comes
    /// later).
    FileSizeFirst, "file-size-first", "R3",
    "behind the end of a file every access ends in SIGBUS";

    /// Linux maps the shared zero page read-only, and the first write faults
    /// again (`do_anonymous_page` in Linux mm/memory.c).
    ZeroPageUnused, "zero-page-unused", "R4",
    "the first touch allocates, be it a read or a write";

    /// Linux gives the last owner the right to write, and copies nothing
    /// (`wp_page_reuse` in Linux mm/memory.c). On one CPU counters, signals and
    /// values are the same: only the frame tells.
    NeverReuses, "never-reuses", "R5",
    "a write to a page that fork shared always copies it";

    /// Linux reads the page and copies it in one fault (`do_cow_fault` in Linux
    /// mm/memory.c).
    PrivateWriteReadsFirst, "private-write-reads-first", "R6",
    "a private write to a cold page takes two faults: one reads, one copies";

    /// The page cache belongs to all: only the first one waits for the disk, and
    /// only its fault is major (`filemap_fault` in Linux mm/filemap.c).
    EachReaderPays, "each-reader-pays", "R6",
    "the first touch of a file's page is a major fault in every process";

    /// Shared memory has no file that must be kept true; its pages are mapped with
    /// all rights at once (`do_read_fault` in Linux mm/memory.c, and
    /// `vma_wants_writenotify` in mm/mmap.c).
    SharedReadIsReadOnly, "shared-read-is-read-only", "R7",
    "a read maps a page of shared memory read-only, so the first write faults";

    /// Linux must notice the first write to a clean page, to write it back one day:
    /// a page that was only read is mapped read-only (`wp_page_shared` in Linux
    /// mm/memory.c).
    FileReadIsWritable, "file-read-is-writable", "R7",
    "a read of a writable shared file mapping maps the page writable";

    /// Linux takes the right to write from every entry before it writes the page
    /// back, to notice the next write (`folio_mkclean` in Linux mm/rmap.c).
    MsyncKeepsWritable, "msync-keeps-writable", "R7",
    "msync writes the page to the disk and leaves the page tables alone";

    /// Linux maps up to 16 pages around a read fault, if the page cache has them
    /// (`do_fault_around` in Linux mm/memory.c).
    NoFaultAround, "no-fault-around", "R8",
    "a fault maps one page: the one that was touched";

    /// Zeroes fill the last page of the file; an access to a page behind it ends in
    /// SIGBUS (`filemap_fault` in Linux mm/filemap.c).
    ZeroesBehindEnd, "zeroes-behind-end", "R9",
    "a mapping that is longer than its file shows zeroes behind the end";

    /// Linux gives the pages up at once (`SYSCALL_DEFINE1(brk, …)` in Linux
    /// mm/mmap.c).
    BrkKeepsPages, "brk-keeps-pages", "R10",
    "a smaller brk moves a number, and the pages stay until they are needed";

    /// munmap takes pages, of one mapping or of many, and splits what sticks out
    /// (`do_vmi_munmap` in Linux mm/vma.c).
    MunmapTakesMappings, "munmap-takes-mappings", "R10",
    "munmap undoes an mmap: the whole mapping goes";

    /// Pages of shared memory stay in the page cache until the last mapping goes:
    /// `MADV_DONTNEED` empties the entries only (`madvise_dontneed_single_vma` in
    /// Linux mm/madvise.c).
    UnmappedSharedIsLost, "unmapped-shared-is-lost", "R11",
    "MADV_DONTNEED loses the data of shared memory, as it does of private memory";

    /// Linux leaves a page alone that is mapped more than once
    /// (`madvise_cold_or_pageout_pte_range` in Linux mm/madvise.c).
    PageOutTakesShared, "page-out-takes-shared", "R11",
    "MADV_PAGEOUT swaps out pages that others use as well";

    /// Linux writes where the mapping is private and writable, so that no fault is
    /// left for the program (`populate_vma_page_range` in Linux mm/gup.c).
    PopulateReads, "populate-reads", "R12",
    "MAP_POPULATE reads the pages, so the first write still faults";

    /// Linux merges neighbours that could be one VMA; what the one half was, the
    /// other is then, too (`can_vma_merge_left` in Linux mm/vma.c).
    VmasStayApart, "vmas-stay-apart", "R13",
    "each mmap makes a VMA, and neighbours stay apart";

    /// Linux changes what lies before the hole, and then returns `ENOMEM`
    /// (`do_mprotect_pkey` in Linux mm/mprotect.c).
    MprotectAllOrNothing, "mprotect-all-or-nothing", "R14",
    "an mprotect that fails has changed nothing";

    /// Linux makes an entry writable at once, if nobody has to notice the write
    /// (`can_change_pte_writable` in Linux mm/mprotect.c).
    MprotectNeverRestores, "mprotect-never-restores", "R14",
    "after mprotect gave the right to write back, the next write faults";

    /// Frames stay under `PROT_NONE`: they are only hidden (`change_pte_range` in
    /// Linux mm/mprotect.c).
    ProtNoneDropsPages, "prot-none-drops-pages", "R14",
    "mprotect with PROT_NONE gives the memory back";

    /// Linux copies entries only of VMAs that were ever written: a fault can bring
    /// the others back (`vma_needs_copy` in Linux mm/memory.c).
    ForkCopiesPrivate, "fork-copies-private", "R15",
    "the child of a fork has every private page mapped that its parent had";

    /// Shared mappings start empty in the child, which takes minor faults of its
    /// own (`vma_needs_copy`).
    ForkCopiesShared, "fork-copies-shared", "R15",
    "the child of a fork has every shared page mapped that its parent had";

    /// Linux copies entries and takes the right to write from both; the copy comes
    /// with the first write (`copy_present_ptes` in Linux mm/memory.c).
    ForkCopiesMemory, "fork-copies-memory", "R15",
    "fork copies the memory, so neither process faults when it writes";

    /// The frame has two owners after a fork, and its note of one must go, or one
    /// process writes what the other reads (`folio_try_dup_anon_rmap_pte` in Linux
    /// include/linux/rmap.h).
    ForkKeepsExclusive, "fork-keeps-exclusive", "R15",
    "fork need only write-protect a page; who owns it does not change";

    /// Linux keeps 256 pages free between a stack and what lies below
    /// (`expand_downwards` in Linux mm/vma.c).
    StackNeedsNoGap, "stack-needs-no-gap", "R16",
    "a stack grows until it meets the mapping below";

    /// Linux asks for the limit and the gap, and not how far the access is from the
    /// stack (`expand_downwards`).
    StackGrowsNearby, "stack-grows-nearby", "R16",
    "a stack grows only for an access a few pages below it";

    /// A page that comes back from swap for its only owner may be written at once
    /// (`do_swap_page` in Linux mm/memory.c).
    SwapInIsReadOnly, "swap-in-is-read-only", "R17",
    "a read brings a page back read-only, so the first write faults";

    /// The first reader leaves the page in the swap cache, where the others find it
    /// (`swap_cache_get_folio` in Linux mm/swap_state.c).
    EachSwapInPays, "each-swap-in-pays", "R17",
    "a page that is shared in swap is a major fault in every process";

    /// The system call returns `EFAULT`, and no signal is sent
    /// (`fixup_exception` in Linux arch/x86/mm/extable.c).
    SystemCallSignals, "system-call-signals", "R18",
    "a system call that gets a bad pointer ends in SIGSEGV";
}
