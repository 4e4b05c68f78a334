//! Mistakes in lab 6.

use naive::nearly::Nearly;
use solution::{lab2, lab5, lab6};
use vmsim::handlers::Hole::{ProtectPage, Spurious};
use vmsim::prelude::*;
use vmsim::pte::{Pte, Rights};
use vmsim::refs::Change;

use crate::{Mutant, kernel, mutant};

pub(crate) const MUTANTS: &[Mutant] = &[
    mutant(
        "T10",
        "mprotect-without-flush",
        "no CPU is told that mprotect took a right away",
        &[ProtectPage],
        kernel::<MprotectWithoutFlush>,
    ),
    mutant(
        "T+13",
        "mprotect-tells-this-cpu-only",
        "only the CPU that runs mprotect forgets the old entry; the others count as idle",
        &[ProtectPage],
        kernel::<TellsThisCpuOnly>,
    ),
    mutant(
        "T+10",
        "flush-before-the-change",
        "the TLBs are flushed, and then the entry is changed",
        &[ProtectPage],
        kernel::<FlushBeforeTheChange>,
    ),
    mutant(
        "T+11",
        "flushes-the-next-page",
        "the page behind the one that changed is flushed",
        &[ProtectPage],
        kernel::<FlushesTheNextPage>,
    ),
    mutant(
        "T+1",
        "always-shoots-down",
        "all CPUs are told of every page, changed or not",
        &[ProtectPage],
        kernel::<AlwaysShootsDown>,
    ),
    mutant(
        "T+2",
        "tells-of-hidden-pages",
        "CPUs are told of entries that were not present",
        &[ProtectPage],
        kernel::<TellsOfHiddenPages>,
    ),
    mutant(
        "T+3",
        "tells-of-unchanged-entries",
        "CPUs are told of entries that stay as they are",
        &[ProtectPage],
        kernel::<TellsOfUnchangedEntries>,
    ),
    mutant(
        "T+4",
        "given-rights-are-not-told",
        "no CPU is told of a right that was given, be it to execute",
        &[ProtectPage],
        kernel::<GivenRightsAreNotTold>,
    ),
    mutant(
        "T+5",
        "given-rights-are-told-here",
        "only the CPU that runs mprotect is told of a right that was given",
        &[ProtectPage],
        kernel::<GivenRightsAreToldHere>,
    ),
    mutant(
        "T+6",
        "only-writing-is-told",
        "CPUs are told only if the right to write went, not that to execute or to access",
        &[ProtectPage],
        kernel::<OnlyWritingIsTold>,
    ),
    mutant(
        "T+7",
        "only-dirty-pages-are-told",
        "CPUs are told only of pages that were written",
        &[ProtectPage],
        kernel::<OnlyDirtyPagesAreTold>,
    ),
    mutant(
        "T+8",
        "zero-page-is-not-told",
        "no CPU is told of a page that shows the zero page",
        &[ProtectPage],
        kernel::<ZeroPageIsNotTold>,
    ),
    mutant(
        "A10",
        "entry-is-not-changed",
        "mprotect changes the VMA, and the entry stays as it was",
        &[ProtectPage],
        kernel::<EntryIsNotChanged>,
    ),
    mutant(
        "A+601",
        "hidden-pages-stay-hidden",
        "a page that PROT_NONE hid is not shown again",
        &[ProtectPage],
        kernel::<HiddenPagesStayHidden>,
    ),
    mutant(
        "A+602",
        "none-gives-the-page-up",
        "PROT_NONE gives the page back instead of hiding it",
        &[ProtectPage],
        kernel::<NoneGivesThePageUp>,
    ),
    mutant(
        "A+603",
        "zero-page-is-skipped",
        "a page that shows the zero page keeps its rights",
        &[ProtectPage],
        kernel::<ZeroPageIsSkipped>,
    ),
    mutant(
        "A+604",
        "pages-of-objects-are-skipped",
        "only private memory gets the new rights, not pages of the page cache",
        &[ProtectPage],
        kernel::<PagesOfObjectsAreSkipped>,
    ),
    mutant(
        "C23",
        "writes-shared-frames",
        "a right that mprotect gives is given at once, whoever owns the frame",
        &[ProtectPage],
        kernel::<WritesSharedFrames>,
    ),
    mutant(
        "C+603",
        "alone-is-exclusive",
        "a frame that one entry maps counts as exclusive",
        &[ProtectPage],
        kernel::<AloneIsExclusive>,
    ),
    mutant(
        "C+601",
        "writes-the-zero-page",
        "the zero page is made writable like any other",
        &[ProtectPage],
        kernel::<WritesTheZeroPage>,
    ),
    mutant(
        "C+602",
        "never-gives-back",
        "mprotect takes the right to write and never gives it back",
        &[ProtectPage],
        kernel::<NeverGivesBack>,
    ),
    mutant(
        "F+601",
        "writes-clean-pages",
        "a clean page of a shared file mapping may be written without notice",
        &[ProtectPage],
        kernel::<WritesCleanPages>,
    ),
    mutant(
        "F+602",
        "notices-dirty-pages",
        "the first write to a page that is dirty already faults again",
        &[ProtectPage],
        kernel::<NoticesDirtyPages>,
    ),
    mutant(
        "F+603",
        "dirty-in-any-mapping",
        "a page counts as dirty if anybody wrote it, not by its own entry",
        &[ProtectPage],
        kernel::<DirtyInAnyMapping>,
    ),
    mutant(
        "F+604",
        "private-pages-of-files-are-written",
        "a private mapping may write the page cache",
        &[ProtectPage],
        kernel::<PrivatePagesOfFilesAreWritten>,
    ),
    mutant(
        "F+605",
        "shared-memory-is-noticed",
        "shared memory is treated as a file that must be kept true",
        &[ProtectPage],
        kernel::<SharedMemoryIsNoticed>,
    ),
    mutant(
        "F+606",
        "mprotect-cleans",
        "the dirty bit is lost when the rights change",
        &[ProtectPage],
        kernel::<MprotectCleans>,
    ),
    mutant(
        "N12",
        "spurious-panics",
        "a fault for a page that is there is taken for impossible",
        &[Spurious],
        kernel::<SpuriousPanics>,
    ),
    mutant(
        "T+12",
        "spurious-flushes-here",
        "this CPU is flushed, though it forgot the entry by itself",
        &[Spurious],
        kernel::<SpuriousFlushesHere>,
    ),
    mutant(
        "T+9",
        "spurious-flushes-everywhere",
        "all CPUs are flushed for one that was stale",
        &[Spurious],
        kernel::<SpuriousFlushesEverywhere>,
    ),
    mutant(
        "N+601",
        "spurious-takes-the-right",
        "the entry is mended by making it read-only",
        &[Spurious],
        kernel::<SpuriousTakesTheRight>,
    ),
    mutant(
        "N+602",
        "spurious-gives-the-page-up",
        "the entry is mended by emptying it, so that it is made anew",
        &[Spurious],
        kernel::<SpuriousGivesThePageUp>,
    ),
    mutant(
        "N+603",
        "spurious-copies",
        "the writer gets a copy, as if others used the frame",
        &[Spurious],
        kernel::<SpuriousCopies>,
    ),
];

fn pte(k: &Kernel, page: Page) -> Pte {
    k.mm(page.pid).pte(page.vpn)
}

/// The rights that the reference gives.
fn wanted(k: &Kernel, page: Page) -> Rights {
    let all = k.vma(page).rights();
    let unnoticed = match k.entry(page) {
        Entry::Anon { pfn, .. } => is_exclusive(k, pfn),
        Entry::Object { pfn, .. } if is_of_file(k, pfn) => {
            !k.vma(page).is_private() && pte(k, page).dirty()
        }
        Entry::Object { .. } => true,
        Entry::Zero | Entry::None | Entry::Swapped(_) => false,
    };
    if unnoticed { all } else { all.read_only() }
}

fn is_exclusive(k: &Kernel, pfn: Pfn) -> bool {
    let usage = k.frame(pfn).usage;
    matches!(
        usage,
        Usage::Anon {
            exclusive: true,
            ..
        }
    )
}

fn is_of_file(k: &Kernel, pfn: Pfn) -> bool {
    matches!(k.frame(pfn).usage, Usage::Object(page) if k.is_file(page))
}

/// Gives a page rights, and tells of it as a mistake would have it.
fn protect(
    k: &mut Kernel,
    page: Page,
    rights: Rights,
    tell: impl FnOnce(&mut Kernel, Change, Pte, Pte) -> Old,
) {
    let before = pte(k, page);
    let change = k.protect(page, rights);
    let after = pte(k, page);
    let old = tell(k, change, before, after);
    k.put_old(old);
}

/// Whom the reference tells.
fn as_needed(k: &mut Kernel, change: Change, before: Pte, after: Pte) -> Old {
    match before.present() && before != after {
        true => change.shoot_down(k),
        false => change.only_widens(k),
    }
}

/// Whether the change took a right away.
fn takes(before: Pte, after: Pte) -> bool {
    (before.present() && !after.present())
        || (before.writable() && !after.writable())
        || (before.executable() && !after.executable())
}

#[derive(Default)]
struct MprotectWithoutFlush;

impl Nearly for MprotectWithoutFlush {
    fn protect_page(&self, k: &mut Kernel, page: Page) {
        let rights = wanted(k, page);
        protect(k, page, rights, |k, change, _, _| change.only_widens(k));
    }
}

#[derive(Default)]
struct TellsThisCpuOnly;

impl Nearly for TellsThisCpuOnly {
    fn protect_page(&self, k: &mut Kernel, page: Page) {
        let rights = wanted(k, page);
        protect(k, page, rights, |k, change, _, _| change.flush_local(k));
    }
}

#[derive(Default)]
struct FlushBeforeTheChange;

impl Nearly for FlushBeforeTheChange {
    fn protect_page(&self, k: &mut Kernel, page: Page) {
        k.shoot_down(page);
        let rights = wanted(k, page);
        protect(k, page, rights, |k, change, _, _| change.only_widens(k));
    }
}

#[derive(Default)]
struct FlushesTheNextPage;

impl Nearly for FlushesTheNextPage {
    fn protect_page(&self, k: &mut Kernel, page: Page) {
        let rights = wanted(k, page);
        let next = Vpn(page.vpn.0 + 1);
        protect(k, page, rights, |k, change, _, _| change.only_widens(k));
        k.shoot_down(Page { vpn: next, ..page });
    }
}

#[derive(Default)]
struct AlwaysShootsDown;

impl Nearly for AlwaysShootsDown {
    fn protect_page(&self, k: &mut Kernel, page: Page) {
        let rights = wanted(k, page);
        protect(k, page, rights, |k, change, _, _| change.shoot_down(k));
    }
}

#[derive(Default)]
struct TellsOfHiddenPages;

impl Nearly for TellsOfHiddenPages {
    fn protect_page(&self, k: &mut Kernel, page: Page) {
        let rights = wanted(k, page);
        protect(k, page, rights, |k, change, before, after| {
            match before == after {
                true => change.only_widens(k),
                false => change.shoot_down(k),
            }
        });
    }
}

#[derive(Default)]
struct TellsOfUnchangedEntries;

impl Nearly for TellsOfUnchangedEntries {
    fn protect_page(&self, k: &mut Kernel, page: Page) {
        let rights = wanted(k, page);
        protect(k, page, rights, |k, change, before, _| {
            match before.present() {
                true => change.shoot_down(k),
                false => change.never_cached(k),
            }
        });
    }
}

#[derive(Default)]
struct GivenRightsAreNotTold;

impl Nearly for GivenRightsAreNotTold {
    fn protect_page(&self, k: &mut Kernel, page: Page) {
        let rights = wanted(k, page);
        protect(k, page, rights, |k, change, before, after| {
            match takes(before, after) {
                true => change.shoot_down(k),
                false => change.only_widens(k),
            }
        });
    }
}

#[derive(Default)]
struct GivenRightsAreToldHere;

impl Nearly for GivenRightsAreToldHere {
    fn protect_page(&self, k: &mut Kernel, page: Page) {
        let rights = wanted(k, page);
        protect(k, page, rights, |k, change, before, after| {
            match takes(before, after) {
                false if before.present() && before != after => change.flush_local(k),
                _ => as_needed(k, change, before, after),
            }
        });
    }
}

#[derive(Default)]
struct OnlyWritingIsTold;

impl Nearly for OnlyWritingIsTold {
    fn protect_page(&self, k: &mut Kernel, page: Page) {
        let rights = wanted(k, page);
        protect(k, page, rights, |k, change, before, after| {
            match before.writable() == after.writable() {
                true => change.only_widens(k),
                false => as_needed(k, change, before, after),
            }
        });
    }
}

#[derive(Default)]
struct OnlyDirtyPagesAreTold;

impl Nearly for OnlyDirtyPagesAreTold {
    fn protect_page(&self, k: &mut Kernel, page: Page) {
        let rights = wanted(k, page);
        protect(k, page, rights, |k, change, before, after| {
            match before.dirty() {
                true => as_needed(k, change, before, after),
                false => change.only_widens(k),
            }
        });
    }
}

#[derive(Default)]
struct ZeroPageIsNotTold;

impl Nearly for ZeroPageIsNotTold {
    fn protect_page(&self, k: &mut Kernel, page: Page) {
        match k.entry(page) {
            Entry::Zero => {
                let rights = wanted(k, page);
                protect(k, page, rights, |k, change, _, _| change.never_cached(k));
            }
            _ => lab6::protect_page(k, page),
        }
    }
}

#[derive(Default)]
struct EntryIsNotChanged;

impl Nearly for EntryIsNotChanged {
    fn protect_page(&self, _: &mut Kernel, _: Page) {}
}

#[derive(Default)]
struct HiddenPagesStayHidden;

impl Nearly for HiddenPagesStayHidden {
    fn protect_page(&self, k: &mut Kernel, page: Page) {
        if pte(k, page).present() {
            lab6::protect_page(k, page);
        }
    }
}

#[derive(Default)]
struct NoneGivesThePageUp;

impl Nearly for NoneGivesThePageUp {
    fn protect_page(&self, k: &mut Kernel, page: Page) {
        match k.vma(page).prot.is_none() {
            true => lab2::unmap_page(k, page),
            false => lab6::protect_page(k, page),
        }
    }
}

#[derive(Default)]
struct ZeroPageIsSkipped;

impl Nearly for ZeroPageIsSkipped {
    fn protect_page(&self, k: &mut Kernel, page: Page) {
        if k.entry(page) != Entry::Zero {
            lab6::protect_page(k, page);
        }
    }
}

#[derive(Default)]
struct PagesOfObjectsAreSkipped;

impl Nearly for PagesOfObjectsAreSkipped {
    fn protect_page(&self, k: &mut Kernel, page: Page) {
        if !matches!(k.entry(page), Entry::Object { .. }) {
            lab6::protect_page(k, page);
        }
    }
}

#[derive(Default)]
struct WritesSharedFrames;

impl Nearly for WritesSharedFrames {
    fn protect_page(&self, k: &mut Kernel, page: Page) {
        let rights = match k.entry(page) {
            Entry::Anon { .. } => k.vma(page).rights(),
            _ => wanted(k, page),
        };
        protect(k, page, rights, as_needed);
    }
}

#[derive(Default)]
struct AloneIsExclusive;

impl Nearly for AloneIsExclusive {
    fn protect_page(&self, k: &mut Kernel, page: Page) {
        let rights = match k.entry(page) {
            Entry::Anon { pfn, .. } if k.frame(pfn).mappings == 1 => k.vma(page).rights(),
            _ => wanted(k, page),
        };
        protect(k, page, rights, as_needed);
    }
}

#[derive(Default)]
struct WritesTheZeroPage;

impl Nearly for WritesTheZeroPage {
    fn protect_page(&self, k: &mut Kernel, page: Page) {
        let rights = match k.entry(page) {
            Entry::Zero => k.vma(page).rights(),
            _ => wanted(k, page),
        };
        protect(k, page, rights, as_needed);
    }
}

#[derive(Default)]
struct NeverGivesBack;

impl Nearly for NeverGivesBack {
    fn protect_page(&self, k: &mut Kernel, page: Page) {
        let rights = wanted(k, page);
        let rights = match pte(k, page).writable() {
            true => rights,
            false => rights.read_only(),
        };
        protect(k, page, rights, as_needed);
    }
}

#[derive(Default)]
struct WritesCleanPages;

impl Nearly for WritesCleanPages {
    fn protect_page(&self, k: &mut Kernel, page: Page) {
        let rights = match k.entry(page) {
            Entry::Object { .. } if !k.vma(page).is_private() => k.vma(page).rights(),
            _ => wanted(k, page),
        };
        protect(k, page, rights, as_needed);
    }
}

#[derive(Default)]
struct NoticesDirtyPages;

impl Nearly for NoticesDirtyPages {
    fn protect_page(&self, k: &mut Kernel, page: Page) {
        let rights = match k.entry(page) {
            Entry::Object { pfn, .. } if is_of_file(k, pfn) => k.vma(page).rights().read_only(),
            _ => wanted(k, page),
        };
        protect(k, page, rights, as_needed);
    }
}

#[derive(Default)]
struct DirtyInAnyMapping;

impl Nearly for DirtyInAnyMapping {
    fn protect_page(&self, k: &mut Kernel, page: Page) {
        let vma = k.vma(page);
        let rights = match k.entry(page) {
            Entry::Object { pfn, .. } if !vma.is_private() && k.is_dirty(pfn) => vma.rights(),
            _ => wanted(k, page),
        };
        protect(k, page, rights, as_needed);
    }
}

#[derive(Default)]
struct PrivatePagesOfFilesAreWritten;

impl Nearly for PrivatePagesOfFilesAreWritten {
    fn protect_page(&self, k: &mut Kernel, page: Page) {
        let vma = k.vma(page);
        let rights = match k.entry(page) {
            Entry::Object { .. } if vma.is_private() => vma.rights(),
            _ => wanted(k, page),
        };
        protect(k, page, rights, as_needed);
    }
}

#[derive(Default)]
struct SharedMemoryIsNoticed;

impl Nearly for SharedMemoryIsNoticed {
    fn protect_page(&self, k: &mut Kernel, page: Page) {
        let rights = match k.entry(page) {
            Entry::Object { .. } if !pte(k, page).dirty() => k.vma(page).rights().read_only(),
            _ => wanted(k, page),
        };
        protect(k, page, rights, as_needed);
    }
}

#[derive(Default)]
struct MprotectCleans;

impl Nearly for MprotectCleans {
    fn protect_page(&self, k: &mut Kernel, page: Page) {
        let rights = wanted(k, page).clean();
        protect(k, page, rights, as_needed);
    }
}

#[derive(Default)]
struct SpuriousPanics;

impl Nearly for SpuriousPanics {
    fn spurious(&self, _: &mut Kernel, fault: &PageFault) {
        panic!("{} is mapped already", fault.addr);
    }
}

#[derive(Default)]
struct SpuriousFlushesHere;

impl Nearly for SpuriousFlushesHere {
    fn spurious(&self, k: &mut Kernel, fault: &PageFault) {
        k.flush_local(fault.page);
    }
}

#[derive(Default)]
struct SpuriousFlushesEverywhere;

impl Nearly for SpuriousFlushesEverywhere {
    fn spurious(&self, k: &mut Kernel, fault: &PageFault) {
        k.shoot_down(fault.page);
    }
}

#[derive(Default)]
struct SpuriousTakesTheRight;

impl Nearly for SpuriousTakesTheRight {
    fn spurious(&self, k: &mut Kernel, fault: &PageFault) {
        let rights = k.vma(fault.page).rights().read_only();
        protect(k, fault.page, rights, as_needed);
    }
}

#[derive(Default)]
struct SpuriousGivesThePageUp;

impl Nearly for SpuriousGivesThePageUp {
    fn spurious(&self, k: &mut Kernel, fault: &PageFault) {
        lab2::unmap_page(k, fault.page);
    }
}

#[derive(Default)]
struct SpuriousCopies;

impl Nearly for SpuriousCopies {
    fn spurious(&self, k: &mut Kernel, fault: &PageFault) {
        if let Entry::Anon { pfn, .. } | Entry::Object { pfn, .. } = k.entry(fault.page) {
            let _out_of_memory = lab5::copy_on_write(k, fault, pfn);
        }
    }
}
