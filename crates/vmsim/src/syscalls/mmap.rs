//! mmap(2) with `MAP_FIXED`: a promise is made; no memory is touched.

use crate::addr::{PAGE_SIZE, Pid, VirtAddr};
use crate::cache::ObjectKind;
use crate::event::{Growth, Mapping, Sharing, Source};
use crate::kernel::Kernel;
use crate::syscalls::{Errno, fits_user_space, munmap, page_range};
use crate::vma::{Backing, MMAP_MIN_ADDR, Vma};

/// Makes a mapping in place of whatever was in the range. The questions come in the
/// order of Linux (`ksys_mmap_pgoff` and `do_mmap` in mm/mmap.c).
pub(crate) fn mmap(
    k: &mut Kernel,
    pid: Pid,
    addr: VirtAddr,
    len: u64,
    map: Mapping,
) -> Result<(), Errno> {
    if len == 0 || !is_offset_aligned(map) {
        return Err(Errno::Einval);
    }
    if !fits_user_space(addr, len) {
        return Err(Errno::Enomem);
    }
    let (start, end) = page_range(addr, len)?;
    if addr < MMAP_MIN_ADDR {
        return Err(Errno::Eperm);
    }
    if !is_offset_of_a_file(map, len) {
        return Err(Errno::Eoverflow);
    }
    if !stack_is_private_memory(map) {
        return Err(Errno::Einval);
    }
    let backing = backing(k, map)?;
    munmap::clear(k, pid, start, end);
    let (prot, sharing, growth) = (map.prot, map.sharing, map.growth);
    let vma = Vma {
        start,
        end,
        prot,
        sharing,
        backing,
        growth,
        accounted: sharing == Sharing::Private && prot.write(),
        anon_vma: None,
    };
    k.process(pid).vmas.insert(vma);
    Ok(())
}

fn stack_is_private_memory(map: Mapping) -> bool {
    map.growth == Growth::Fixed || (map.sharing, map.source) == (Sharing::Private, Source::Anon)
}

fn is_offset_aligned(map: Mapping) -> bool {
    match map.source {
        Source::Anon => true,
        Source::File { offset, .. } => offset % PAGE_SIZE == 0,
    }
}

/// Whether a file can be so large (`file_mmap_ok` in Linux mm/mmap.c).
fn is_offset_of_a_file(map: Mapping, len: u64) -> bool {
    const FILE_SIZE_MAX: u64 = i64::MAX as u64;
    let len = len.next_multiple_of(PAGE_SIZE);
    match map.source {
        Source::Anon => true,
        Source::File { offset, .. } => offset / PAGE_SIZE <= (FILE_SIZE_MAX - len) / PAGE_SIZE,
    }
}

fn backing(k: &mut Kernel, map: Mapping) -> Result<Backing, Errno> {
    match (map.source, map.sharing) {
        (Source::Anon, Sharing::Private) => Ok(Backing::Anonymous),
        (Source::Anon, Sharing::Shared) => {
            let object = k.objects.add(ObjectKind::SharedMemory);
            Ok(Backing::Object { object, first: 0 })
        }
        (Source::File { offset, .. }, _) if offset % PAGE_SIZE != 0 => Err(Errno::Einval),
        (Source::File { file, offset }, _) => Ok(Backing::Object {
            object: k.file_object(file),
            first: offset / PAGE_SIZE,
        }),
    }
}
