//! Mistakes in lab 8.

use std::cell::RefCell;
use std::collections::BTreeSet;

use naive::nearly::Nearly;
use solution::lab8;
use vmsim::handlers::Hole::{ChooseVictim, EvictPage};
use vmsim::prelude::*;

use crate::{Mutant, kernel, mutant};

pub(crate) const MUTANTS: &[Mutant] = &[
    mutant(
        "R01",
        "newest-goes",
        "evicts the page that came in last",
        &[ChooseVictim],
        kernel::<NewestGoes>,
    ),
    mutant(
        "R02",
        "hand-starts-over",
        "the hand begins at the oldest page each time, and spares by clearing only",
        &[ChooseVictim],
        kernel::<HandStartsOver>,
    ),
    mutant(
        "R+14",
        "bits-are-never-cleared",
        "looks at the A bits and leaves them set, so that nobody goes once all were used",
        &[ChooseVictim],
        kernel::<BitsAreNeverCleared>,
    ),
    mutant(
        "R+16",
        "bits-stay-of-those-spared",
        "leaves the A bits set, and takes the first page if all are",
        &[ChooseVictim],
        kernel::<BitsStay>,
    ),
    mutant(
        "R04",
        "asks-first-mapper-only",
        "looks at the A bit of the first process that maps the frame, and of no other",
        &[ChooseVictim],
        kernel::<AsksFirstMapperOnly>,
    ),
    mutant(
        "R04+",
        "asks-last-mapper-only",
        "looks at the A bit of the last process that mapped the frame, and of no other",
        &[ChooseVictim],
        kernel::<AsksLastMapperOnly>,
    ),
    mutant(
        "R05",
        "ignores-a-bit",
        "takes whatever is under the hand: first in, first out",
        &[ChooseVictim],
        kernel::<IgnoresABit>,
    ),
    mutant(
        "R+15",
        "clean-pages-first",
        "takes a clean page before any dirty one, used or not",
        &[ChooseVictim],
        kernel::<CleanPagesFirst>,
    ),
    mutant(
        "R07",
        "dirty-pages-only",
        "takes only dirty pages, and none if all are clean",
        &[ChooseVictim],
        kernel::<DirtyPagesOnly>,
    ),
    mutant(
        "N40",
        "new-page-is-unused",
        "the page that came in last counts as unused: it goes before the instruction is done",
        &[ChooseVictim],
        kernel::<NewPageIsUnused>,
    ),
    mutant(
        "N42",
        "hits-do-not-count",
        "takes the page that faulted in longest ago, however often it was hit since",
        &[ChooseVictim],
        kernel::<HitsDoNotCount>,
    ),
    mutant(
        "R+1",
        "used-pages-go",
        "the test is the wrong way round: evicts the first page that was used",
        &[ChooseVictim],
        kernel::<UsedPagesGo>,
    ),
    mutant(
        "R+2",
        "one-round-only",
        "gives up after one round: out of memory when all pages were used",
        &[ChooseVictim],
        kernel::<OneRoundOnly>,
    ),
    mutant(
        "R+3",
        "last-of-the-round",
        "takes the page where the first round ended, if all were used",
        &[ChooseVictim],
        kernel::<LastOfTheRound>,
    ),
    mutant(
        "R+4",
        "all-bits-cleared",
        "clears all A bits at each eviction, and not only those that the hand passes",
        &[ChooseVictim],
        kernel::<AllBitsCleared>,
    ),
    mutant(
        "R+5",
        "third-chance",
        "spares a used page twice",
        &[ChooseVictim],
        kernel::<ThirdChance>,
    ),
    mutant(
        "R+6",
        "written-is-used",
        "looks at the D bit in place of the A bit: reading does not count as use",
        &[ChooseVictim],
        kernel::<WrittenIsUsed>,
    ),
    mutant(
        "R+7",
        "shared-pages-stay",
        "never evicts a page that several entries map",
        &[ChooseVictim],
        kernel::<SharedPagesStay>,
    ),
    mutant(
        "R+8",
        "unmapped-pages-stay",
        "never evicts a page of the page cache that no entry maps",
        &[ChooseVictim],
        kernel::<UnmappedPagesStay>,
    ),
    mutant(
        "R+9",
        "files-first",
        "takes pages of files as long as there are any, used or not",
        &[ChooseVictim],
        kernel::<FilesFirst>,
    ),
    mutant(
        "R+10",
        "private-pages-only",
        "never evicts a page of a file",
        &[ChooseVictim],
        kernel::<PrivatePagesOnly>,
    ),
    mutant(
        "R+11",
        "gives-up-on-a-used-page",
        "does not move on: no victim if the first candidate was used",
        &[ChooseVictim],
        kernel::<GivesUpOnAUsedPage>,
    ),
    mutant(
        "R+12",
        "hand-skips-one",
        "moves the hand on twice for each page that it looks at",
        &[ChooseVictim],
        kernel::<HandSkipsOne>,
    ),
    mutant(
        "R+13",
        "dirty-pages-are-spared",
        "takes an unused page only if it is clean, as long as there is one",
        &[ChooseVictim],
        kernel::<DirtyPagesAreSpared>,
    ),
    mutant(
        "T04",
        "evicts-without-flush",
        "does not flush when a page of a file goes",
        &[EvictPage],
        kernel::<EvictsWithoutFlush>,
    ),
    mutant(
        "T04+",
        "evicts-with-local-flush",
        "flushes this CPU only when a page of a file goes",
        &[EvictPage],
        kernel::<EvictsWithLocalFlush>,
    ),
    mutant(
        "S18",
        "clean-page-is-written",
        "writes every page of a file that goes, dirty or not",
        &[EvictPage],
        kernel::<CleanPageIsWritten>,
    ),
    mutant(
        "S18+",
        "dirty-page-is-dropped",
        "writes no page of a file that goes: what the program wrote is lost",
        &[EvictPage],
        kernel::<DirtyPageIsDropped>,
    ),
    mutant(
        "N43",
        "asks-another-page",
        "writes the page if the next one under the hand is dirty",
        &[EvictPage],
        kernel::<AsksAnotherPage>,
    ),
    mutant(
        "N39+",
        "asks-hardware-only",
        "asks the entries alone whether the page is dirty: one that was unmapped is lost",
        &[EvictPage],
        kernel::<AsksHardwareOnly>,
    ),
    mutant(
        "F+81",
        "asks-first-entry-only",
        "asks the first entry that maps it whether the page is dirty, and no other",
        &[EvictPage],
        kernel::<AsksFirstEntryOnly>,
    ),
    mutant(
        "F+82",
        "writable-is-dirty",
        "writes the page if an entry allows writing: mprotect in between, and it is lost",
        &[EvictPage],
        kernel::<WritableIsDirty>,
    ),
    Mutant {
        equivalent: Some(
            "whether a page is dirty is noted before its entry may be written, by the fault \
             that allows the first write, so the D bits tell nothing new",
        ),
        ..mutant(
            "F+83",
            "asks-when-it-is-too-late",
            "asks whether the page is dirty when the entries are gone",
            &[EvictPage],
            kernel::<AsksTooLate>,
        )
    },
    mutant(
        "S05+",
        "one-mapper-only",
        "unmaps the page from the first process that maps it, and from no other",
        &[EvictPage],
        kernel::<OneMapperOnly>,
    ),
    mutant(
        "F+84",
        "stays-in-the-cache",
        "unmaps the page, and leaves it in the page cache: no frame is free",
        &[EvictPage],
        kernel::<StaysInTheCache>,
    ),
    mutant(
        "F+85",
        "cache-reference-is-leaked",
        "takes the page out of the page cache, and does not put its reference back",
        &[EvictPage],
        kernel::<CacheReferenceIsLeaked>,
    ),
    mutant(
        "F+86",
        "mapper-reference-is-leaked",
        "unmaps the page, and does not put back what the entries held",
        &[EvictPage],
        kernel::<MapperReferenceIsLeaked>,
    ),
    mutant(
        "F+87",
        "written-to-the-first-page",
        "writes the page to the beginning of its file",
        &[EvictPage],
        kernel::<WrittenToTheFirstPage>,
    ),
    mutant(
        "F+88",
        "unmapped-page-is-left",
        "does nothing for a page of the page cache that no entry maps",
        &[EvictPage],
        kernel::<UnmappedPageIsLeft>,
    ),
];

/// The first candidate, clockwise, that this is true of.
fn first(k: &mut Kernel, wanted: impl Fn(&mut Kernel, Pfn) -> bool) -> Option<Pfn> {
    (0..k.clock_size()).find_map(|_| {
        let candidate = k.advance_clock()?;
        wanted(k, candidate).then_some(candidate)
    })
}

/// Second chance among some of the candidates.
fn second_chance(k: &mut Kernel, among: impl Fn(&mut Kernel, Pfn) -> bool) -> Option<Pfn> {
    let spent = |k: &mut Kernel, pfn| among(k, pfn) && !k.test_and_clear_accessed(pfn);
    (0..3).find_map(|_round| first(k, spent))
}

/// The A bits of all pages that map a frame, left as they are.
fn accessed(k: &Kernel, pfn: Pfn) -> Vec<bool> {
    let bit = |page: Page| k.mm(page.pid).pte(page.vpn).accessed();
    k.mappers(pfn).into_iter().map(bit).collect()
}

fn is_clean_file(k: &Kernel, pfn: Pfn) -> bool {
    is_file(k, pfn) && !k.is_dirty(pfn)
}

fn is_file(k: &Kernel, pfn: Pfn) -> bool {
    matches!(k.frame(pfn).usage, Usage::Object(page) if k.is_file(page))
}

#[derive(Default)]
struct NewestGoes;

impl Nearly for NewestGoes {
    fn choose_victim(&self, k: &mut Kernel) -> Option<Pfn> {
        k.evictable().last().copied()
    }
}

#[derive(Default)]
struct HandStartsOver;

impl Nearly for HandStartsOver {
    fn choose_victim(&self, k: &mut Kernel) -> Option<Pfn> {
        let all = k.evictable();
        let spent = all.iter().find(|&&pfn| !k.test_and_clear_accessed(pfn));
        spent.or(all.first()).copied()
    }
}

#[derive(Default)]
struct BitsAreNeverCleared;

impl Nearly for BitsAreNeverCleared {
    fn choose_victim(&self, k: &mut Kernel) -> Option<Pfn> {
        first(k, |k, pfn| !accessed(k, pfn).contains(&true))
    }
}

#[derive(Default)]
struct BitsStay;

impl Nearly for BitsStay {
    fn choose_victim(&self, k: &mut Kernel) -> Option<Pfn> {
        first(k, |k, pfn| !accessed(k, pfn).contains(&true)).or_else(|| k.advance_clock())
    }
}

#[derive(Default)]
struct AsksFirstMapperOnly;

impl Nearly for AsksFirstMapperOnly {
    fn choose_victim(&self, k: &mut Kernel) -> Option<Pfn> {
        let unused = |k: &mut Kernel, pfn| {
            let first = accessed(k, pfn).first() == Some(&true);
            k.test_and_clear_accessed(pfn);
            !first
        };
        first(k, unused).or_else(|| first(k, unused))
    }
}

#[derive(Default)]
struct AsksLastMapperOnly;

impl Nearly for AsksLastMapperOnly {
    fn choose_victim(&self, k: &mut Kernel) -> Option<Pfn> {
        let unused = |k: &mut Kernel, pfn| {
            let last = accessed(k, pfn).last() == Some(&true);
            k.test_and_clear_accessed(pfn);
            !last
        };
        first(k, unused).or_else(|| first(k, unused))
    }
}

#[derive(Default)]
struct IgnoresABit;

impl Nearly for IgnoresABit {
    fn choose_victim(&self, k: &mut Kernel) -> Option<Pfn> {
        k.advance_clock()
    }
}

#[derive(Default)]
struct CleanPagesFirst;

impl Nearly for CleanPagesFirst {
    fn choose_victim(&self, k: &mut Kernel) -> Option<Pfn> {
        first(k, |k, pfn| is_clean_file(k, pfn)).or_else(|| lab8::choose_victim(k))
    }
}

#[derive(Default)]
struct DirtyPagesOnly;

impl Nearly for DirtyPagesOnly {
    fn choose_victim(&self, k: &mut Kernel) -> Option<Pfn> {
        second_chance(k, |k, pfn| !is_clean_file(k, pfn))
    }
}

#[derive(Default)]
struct NewPageIsUnused;

impl Nearly for NewPageIsUnused {
    fn choose_victim(&self, k: &mut Kernel) -> Option<Pfn> {
        let newest = *k.evictable().last()?;
        k.test_and_clear_accessed(newest);
        lab8::choose_victim(k)
    }
}

#[derive(Default)]
struct HitsDoNotCount;

impl Nearly for HitsDoNotCount {
    fn choose_victim(&self, k: &mut Kernel) -> Option<Pfn> {
        k.evictable().first().copied()
    }
}

#[derive(Default)]
struct UsedPagesGo;

impl Nearly for UsedPagesGo {
    fn choose_victim(&self, k: &mut Kernel) -> Option<Pfn> {
        first(k, Kernel::test_and_clear_accessed).or_else(|| k.advance_clock())
    }
}

#[derive(Default)]
struct OneRoundOnly;

impl Nearly for OneRoundOnly {
    fn choose_victim(&self, k: &mut Kernel) -> Option<Pfn> {
        first(k, |k, pfn| !k.test_and_clear_accessed(pfn))
    }
}

#[derive(Default)]
struct LastOfTheRound;

impl Nearly for LastOfTheRound {
    fn choose_victim(&self, k: &mut Kernel) -> Option<Pfn> {
        let mut last = None;
        for _ in 0..k.evictable().len() {
            last = k.advance_clock();
            if !k.test_and_clear_accessed(last?) {
                break;
            }
        }
        last
    }
}

#[derive(Default)]
struct AllBitsCleared;

impl Nearly for AllBitsCleared {
    fn choose_victim(&self, k: &mut Kernel) -> Option<Pfn> {
        let victim = lab8::choose_victim(k);
        for pfn in k.evictable() {
            k.test_and_clear_accessed(pfn);
        }
        victim
    }
}

#[derive(Default)]
struct ThirdChance {
    /// Pages that were spared once, by [`Kernel::came_in`].
    spared: RefCell<BTreeSet<u64>>,
}

impl Nearly for ThirdChance {
    fn choose_victim(&self, k: &mut Kernel) -> Option<Pfn> {
        let spent = |k: &mut Kernel, pfn| {
            let (page, mut spared) = (k.came_in(pfn), self.spared.borrow_mut());
            let used = k.test_and_clear_accessed(pfn);
            if used {
                spared.insert(page);
            }
            !used && !spared.remove(&page)
        };
        (0..3).find_map(|_round| first(k, spent))
    }
}

#[derive(Default)]
struct WrittenIsUsed;

impl Nearly for WrittenIsUsed {
    fn choose_victim(&self, k: &mut Kernel) -> Option<Pfn> {
        first(k, |k, pfn| !k.is_dirty(pfn)).or_else(|| k.advance_clock())
    }
}

#[derive(Default)]
struct SharedPagesStay;

impl Nearly for SharedPagesStay {
    fn choose_victim(&self, k: &mut Kernel) -> Option<Pfn> {
        second_chance(k, |k, pfn| k.frame(pfn).mappings < 2)
    }
}

#[derive(Default)]
struct UnmappedPagesStay;

impl Nearly for UnmappedPagesStay {
    fn choose_victim(&self, k: &mut Kernel) -> Option<Pfn> {
        second_chance(k, |k, pfn| k.frame(pfn).mappings > 0)
    }
}

#[derive(Default)]
struct FilesFirst;

impl Nearly for FilesFirst {
    fn choose_victim(&self, k: &mut Kernel) -> Option<Pfn> {
        second_chance(k, |k, pfn| is_file(k, pfn)).or_else(|| lab8::choose_victim(k))
    }
}

#[derive(Default)]
struct PrivatePagesOnly;

impl Nearly for PrivatePagesOnly {
    fn choose_victim(&self, k: &mut Kernel) -> Option<Pfn> {
        second_chance(k, |k, pfn| !is_file(k, pfn))
    }
}

#[derive(Default)]
struct GivesUpOnAUsedPage;

impl Nearly for GivesUpOnAUsedPage {
    fn choose_victim(&self, k: &mut Kernel) -> Option<Pfn> {
        let candidate = k.advance_clock()?;
        (!k.test_and_clear_accessed(candidate)).then_some(candidate)
    }
}

#[derive(Default)]
struct HandSkipsOne;

impl Nearly for HandSkipsOne {
    fn choose_victim(&self, k: &mut Kernel) -> Option<Pfn> {
        (0..=2 * k.clock_size()).find_map(|_| {
            let _skipped = k.advance_clock()?;
            let candidate = k.advance_clock()?;
            (!k.test_and_clear_accessed(candidate)).then_some(candidate)
        })
    }
}

#[derive(Default)]
struct DirtyPagesAreSpared;

impl Nearly for DirtyPagesAreSpared {
    fn choose_victim(&self, k: &mut Kernel) -> Option<Pfn> {
        second_chance(k, |k, pfn| !k.is_dirty(pfn)).or_else(|| lab8::choose_victim(k))
    }
}

/// Evicts a page with other answers to: is it dirty?
fn evict_if(k: &mut Kernel, page: ObjectPage, pfn: Pfn, dirty: bool) {
    for mapper in k.mappers(pfn) {
        let old = k.unmap(mapper).shoot_down(k);
        k.put_old(old);
    }
    if dirty {
        k.write_file(page, pfn);
    }
    let frame = k.remove_cache(page);
    k.put(frame);
}

#[derive(Default)]
struct EvictsWithoutFlush;

impl Nearly for EvictsWithoutFlush {
    fn evict_page(&self, k: &mut Kernel, page: ObjectPage, pfn: Pfn) {
        let dirty = k.is_dirty(pfn);
        for mapper in k.mappers(pfn) {
            let old = k.unmap(mapper).never_cached(k);
            k.put_old(old);
        }
        evict_if(k, page, pfn, dirty);
    }
}

#[derive(Default)]
struct EvictsWithLocalFlush;

impl Nearly for EvictsWithLocalFlush {
    fn evict_page(&self, k: &mut Kernel, page: ObjectPage, pfn: Pfn) {
        let dirty = k.is_dirty(pfn);
        for mapper in k.mappers(pfn) {
            let old = k.unmap(mapper).flush_local(k);
            k.put_old(old);
        }
        evict_if(k, page, pfn, dirty);
    }
}

#[derive(Default)]
struct CleanPageIsWritten;

impl Nearly for CleanPageIsWritten {
    fn evict_page(&self, k: &mut Kernel, page: ObjectPage, pfn: Pfn) {
        evict_if(k, page, pfn, true);
    }
}

#[derive(Default)]
struct DirtyPageIsDropped;

impl Nearly for DirtyPageIsDropped {
    fn evict_page(&self, k: &mut Kernel, page: ObjectPage, pfn: Pfn) {
        evict_if(k, page, pfn, false);
    }
}

#[derive(Default)]
struct AsksAnotherPage;

impl Nearly for AsksAnotherPage {
    fn evict_page(&self, k: &mut Kernel, page: ObjectPage, pfn: Pfn) {
        let next = k.advance_clock().unwrap_or(pfn);
        let dirty = k.is_dirty(next);
        evict_if(k, page, pfn, dirty);
    }
}

#[derive(Default)]
struct AsksHardwareOnly;

impl Nearly for AsksHardwareOnly {
    fn evict_page(&self, k: &mut Kernel, page: ObjectPage, pfn: Pfn) {
        let bit = |mapper: Page| k.mm(mapper.pid).pte(mapper.vpn).dirty();
        let dirty = k.mappers(pfn).into_iter().any(bit);
        evict_if(k, page, pfn, dirty);
    }
}

#[derive(Default)]
struct AsksFirstEntryOnly;

impl Nearly for AsksFirstEntryOnly {
    fn evict_page(&self, k: &mut Kernel, page: ObjectPage, pfn: Pfn) {
        let bit = |mapper: &Page| k.mm(mapper.pid).pte(mapper.vpn).dirty();
        let dirty = k.mappers(pfn).first().is_some_and(bit);
        evict_if(k, page, pfn, dirty);
    }
}

#[derive(Default)]
struct WritableIsDirty;

impl Nearly for WritableIsDirty {
    fn evict_page(&self, k: &mut Kernel, page: ObjectPage, pfn: Pfn) {
        let may_write = |mapper: Page| k.mm(mapper.pid).pte(mapper.vpn).writable();
        let dirty = k.mappers(pfn).into_iter().any(may_write);
        evict_if(k, page, pfn, dirty);
    }
}

#[derive(Default)]
struct AsksTooLate;

impl Nearly for AsksTooLate {
    fn evict_page(&self, k: &mut Kernel, page: ObjectPage, pfn: Pfn) {
        for mapper in k.mappers(pfn) {
            let old = k.unmap(mapper).shoot_down(k);
            k.put_old(old);
        }
        lab8::evict_page(k, page, pfn);
    }
}

#[derive(Default)]
struct OneMapperOnly;

impl Nearly for OneMapperOnly {
    fn evict_page(&self, k: &mut Kernel, page: ObjectPage, pfn: Pfn) {
        let dirty = k.is_dirty(pfn);
        if let Some(&mapper) = k.mappers(pfn).first() {
            let old = k.unmap(mapper).shoot_down(k);
            k.put_old(old);
        }
        if dirty {
            k.write_file(page, pfn);
        }
        let frame = k.remove_cache(page);
        k.put(frame);
    }
}

#[derive(Default)]
struct StaysInTheCache;

impl Nearly for StaysInTheCache {
    fn evict_page(&self, k: &mut Kernel, page: ObjectPage, pfn: Pfn) {
        let dirty = k.is_dirty(pfn);
        for mapper in k.mappers(pfn) {
            let old = k.unmap(mapper).shoot_down(k);
            k.put_old(old);
        }
        if dirty {
            k.write_file(page, pfn);
        }
    }
}

#[derive(Default)]
struct CacheReferenceIsLeaked;

impl Nearly for CacheReferenceIsLeaked {
    fn evict_page(&self, k: &mut Kernel, page: ObjectPage, pfn: Pfn) {
        let _leaked = k.get(pfn);
        lab8::evict_page(k, page, pfn);
    }
}

#[derive(Default)]
struct MapperReferenceIsLeaked;

impl Nearly for MapperReferenceIsLeaked {
    fn evict_page(&self, k: &mut Kernel, page: ObjectPage, pfn: Pfn) {
        let dirty = k.is_dirty(pfn);
        for mapper in k.mappers(pfn) {
            let _leaked = k.unmap(mapper).shoot_down(k);
        }
        evict_if(k, page, pfn, dirty);
    }
}

#[derive(Default)]
struct WrittenToTheFirstPage;

impl Nearly for WrittenToTheFirstPage {
    fn evict_page(&self, k: &mut Kernel, page: ObjectPage, pfn: Pfn) {
        if k.is_dirty(pfn) {
            k.write_file(ObjectPage { index: 0, ..page }, pfn);
        }
        evict_if(k, page, pfn, false);
    }
}

#[derive(Default)]
struct UnmappedPageIsLeft;

impl Nearly for UnmappedPageIsLeft {
    fn evict_page(&self, k: &mut Kernel, page: ObjectPage, pfn: Pfn) {
        if k.frame(pfn).mappings > 0 {
            lab8::evict_page(k, page, pfn);
        }
    }
}
