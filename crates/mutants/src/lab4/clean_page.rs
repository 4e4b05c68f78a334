//! Mistakes in `clean_page`.

use naive::nearly::Nearly;
use solution::lab4::clean_page;
use vmsim::prelude::*;
use vmsim::pte::Rights;
use vmsim::refs::Change;

/// Takes from some mappers what `weaker` takes, and lets `settle` deal with the TLBs.
fn protect_mappers(
    k: &mut Kernel,
    mappers: &[Page],
    weaker: fn(Rights) -> Rights,
    settle: fn(Change, &mut Kernel) -> Old,
) {
    for &mapper in mappers {
        let rights = weaker(k.vma(mapper).rights());
        let change = k.protect(mapper, rights);
        let old = settle(change, k);
        k.put_old(old);
    }
}

fn unwritable_and_clean(rights: Rights) -> Rights {
    rights.read_only().clean()
}

#[derive(Default)]
pub(crate) struct StaysWritable;

impl Nearly for StaysWritable {
    fn clean_page(&self, k: &mut Kernel, page: ObjectPage, pfn: Pfn) {
        for mapper in k.mappers(pfn) {
            let all = k.vma(mapper).rights().clean();
            let rights = match k.entry(mapper) {
                Entry::Object { writable: true, .. } => all,
                _ => all.read_only(),
            };
            let old = k.protect(mapper, rights).shoot_down(k);
            k.put_old(old);
        }
        k.write_file(page, pfn);
    }
}

#[derive(Default)]
pub(crate) struct StaysDirty;

impl Nearly for StaysDirty {
    fn clean_page(&self, k: &mut Kernel, page: ObjectPage, pfn: Pfn) {
        let mappers = k.mappers(pfn);
        protect_mappers(k, &mappers, Rights::read_only, Change::shoot_down);
        k.write_file(page, pfn);
    }
}

#[derive(Default)]
pub(crate) struct NoFlush;

impl Nearly for NoFlush {
    fn clean_page(&self, k: &mut Kernel, page: ObjectPage, pfn: Pfn) {
        let mappers = k.mappers(pfn);
        protect_mappers(k, &mappers, unwritable_and_clean, Change::only_widens);
        k.write_file(page, pfn);
    }
}

#[derive(Default)]
pub(crate) struct FlushesLocally;

impl Nearly for FlushesLocally {
    fn clean_page(&self, k: &mut Kernel, page: ObjectPage, pfn: Pfn) {
        let mappers = k.mappers(pfn);
        protect_mappers(k, &mappers, unwritable_and_clean, Change::flush_local);
        k.write_file(page, pfn);
    }
}

#[derive(Default)]
pub(crate) struct FlushesTheFirstMapper;

impl Nearly for FlushesTheFirstMapper {
    fn clean_page(&self, k: &mut Kernel, page: ObjectPage, pfn: Pfn) {
        let mappers = k.mappers(pfn);
        let (first, others) = mappers.split_at(mappers.len().min(1));
        protect_mappers(k, first, unwritable_and_clean, Change::shoot_down);
        protect_mappers(k, others, unwritable_and_clean, Change::only_widens);
        k.write_file(page, pfn);
    }
}

#[derive(Default)]
pub(crate) struct FirstMapperOnly;

impl Nearly for FirstMapperOnly {
    fn clean_page(&self, k: &mut Kernel, page: ObjectPage, pfn: Pfn) {
        let mappers = k.mappers(pfn);
        let first = &mappers[..mappers.len().min(1)];
        protect_mappers(k, first, unwritable_and_clean, Change::shoot_down);
        k.write_file(page, pfn);
    }
}

#[derive(Default)]
pub(crate) struct LastMapperOnly;

impl Nearly for LastMapperOnly {
    fn clean_page(&self, k: &mut Kernel, page: ObjectPage, pfn: Pfn) {
        let mappers = k.mappers(pfn);
        let last = &mappers[mappers.len().saturating_sub(1)..];
        protect_mappers(k, last, unwritable_and_clean, Change::shoot_down);
        k.write_file(page, pfn);
    }
}

#[derive(Default)]
pub(crate) struct DirtyMappersOnly;

impl Nearly for DirtyMappersOnly {
    fn clean_page(&self, k: &mut Kernel, page: ObjectPage, pfn: Pfn) {
        let mut mappers = k.mappers(pfn);
        mappers.retain(|mapper| k.mm(mapper.pid).pte(mapper.vpn).dirty());
        protect_mappers(k, &mappers, unwritable_and_clean, Change::shoot_down);
        k.write_file(page, pfn);
    }
}

#[derive(Default)]
pub(crate) struct AccessibleMappersOnly;

impl Nearly for AccessibleMappersOnly {
    fn clean_page(&self, k: &mut Kernel, page: ObjectPage, pfn: Pfn) {
        let mut mappers = k.mappers(pfn);
        mappers.retain(|mapper| k.mm(mapper.pid).pte(mapper.vpn).present());
        protect_mappers(k, &mappers, unwritable_and_clean, Change::shoot_down);
        k.write_file(page, pfn);
    }
}

#[derive(Default)]
pub(crate) struct WritableMappingsOnly;

impl Nearly for WritableMappingsOnly {
    fn clean_page(&self, k: &mut Kernel, page: ObjectPage, pfn: Pfn) {
        let mut mappers = k.mappers(pfn);
        mappers.retain(|&mapper| k.vma(mapper).prot.write());
        protect_mappers(k, &mappers, unwritable_and_clean, Change::shoot_down);
        k.write_file(page, pfn);
    }
}

#[derive(Default)]
pub(crate) struct TablesStay;

impl Nearly for TablesStay {
    fn clean_page(&self, k: &mut Kernel, page: ObjectPage, pfn: Pfn) {
        k.write_file(page, pfn);
    }
}

#[derive(Default)]
pub(crate) struct NotWritten;

impl Nearly for NotWritten {
    fn clean_page(&self, k: &mut Kernel, _page: ObjectPage, pfn: Pfn) {
        let mappers = k.mappers(pfn);
        protect_mappers(k, &mappers, unwritable_and_clean, Change::shoot_down);
    }
}

#[derive(Default)]
pub(crate) struct PagesAreUnmapped;

impl Nearly for PagesAreUnmapped {
    fn clean_page(&self, k: &mut Kernel, page: ObjectPage, pfn: Pfn) {
        for mapper in k.mappers(pfn) {
            let old = k.unmap(mapper).shoot_down(k);
            k.put_old(old);
        }
        k.write_file(page, pfn);
    }
}

#[derive(Default)]
pub(crate) struct RightsOfTheFirstMapper;

impl Nearly for RightsOfTheFirstMapper {
    fn clean_page(&self, k: &mut Kernel, page: ObjectPage, pfn: Pfn) {
        let mappers = k.mappers(pfn);
        if let Some(&first) = mappers.first() {
            let rights = k.vma(first).rights().read_only().clean();
            for mapper in mappers {
                let old = k.protect(mapper, rights).shoot_down(k);
                k.put_old(old);
            }
        }
        k.write_file(page, pfn);
    }
}

#[derive(Default)]
pub(crate) struct WrittenForEachMapper;

impl Nearly for WrittenForEachMapper {
    fn clean_page(&self, k: &mut Kernel, page: ObjectPage, pfn: Pfn) {
        for mapper in k.mappers(pfn) {
            protect_mappers(k, &[mapper], unwritable_and_clean, Change::shoot_down);
            k.write_file(page, pfn);
        }
    }
}

#[derive(Default)]
pub(crate) struct NotedAsDirtyAgain;

impl Nearly for NotedAsDirtyAgain {
    fn clean_page(&self, k: &mut Kernel, page: ObjectPage, pfn: Pfn) {
        clean_page(k, page, pfn);
        k.mark_dirty(pfn);
    }
}

#[derive(Default)]
pub(crate) struct WrittenTooEarly;

impl Nearly for WrittenTooEarly {
    fn clean_page(&self, k: &mut Kernel, page: ObjectPage, pfn: Pfn) {
        k.write_file(page, pfn);
        let mappers = k.mappers(pfn);
        protect_mappers(k, &mappers, unwritable_and_clean, Change::shoot_down);
    }
}

#[derive(Default)]
pub(crate) struct OnlyWithADirtyEntry;

impl Nearly for OnlyWithADirtyEntry {
    fn clean_page(&self, k: &mut Kernel, page: ObjectPage, pfn: Pfn) {
        let is_dirty = |mapper: &Page| k.mm(mapper.pid).pte(mapper.vpn).dirty();
        if k.mappers(pfn).iter().any(is_dirty) {
            clean_page(k, page, pfn);
        }
    }
}
