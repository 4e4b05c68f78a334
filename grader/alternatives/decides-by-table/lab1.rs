// Lab 1. Two tables decide: one says whether a protection allows an access (three bits of
// protection, four kinds of access taken from the error code), the other what a write
// does to a page that is mapped read-only. Around them there is only looking up.

use vmsim::prelude::*;

/// Rows: the protection as a number (r = 1, w = 2, x = 4). Columns: what was tried, from
/// bits P and W of the error code: read or fetch of an absent page, of a present one,
/// write to an absent page, to a present one.
const ALLOWED: [[bool; 4]; 8] = [
    [false, false, false, false], // none
    [true, false, false, false],  // r
    [true, false, true, true],    // w: x86 cannot forbid reading alone
    [true, false, true, true],    // rw
    [true, false, false, false],  // x
    [true, false, false, false],  // rx
    [true, false, true, true],    // wx
    [true, false, true, true],    // rwx
];

/// A write to an entry that forbids it, by who else has the frame.
#[derive(Clone, Copy)]
enum Owners {
    MeAlone,
    SeveralProcesses,
    FileAndMe,
    AllWhoShare,
}

type Repair = fn(Pfn) -> FaultKind;

const WRITE_REPAIR: [(Owners, Repair); 4] = [
    (Owners::MeAlone, FaultKind::Reuse),
    (Owners::SeveralProcesses, FaultKind::CopyOnWrite),
    (Owners::FileAndMe, FaultKind::CopyOnWrite),
    (Owners::AllWhoShare, FaultKind::WriteNotify),
];

pub fn classify(mm: &Mm<'_>, fault: &PageFault) -> Result<FaultKind, Signal> {
    let vma = mm.vma(fault.addr).ok_or(Signal::maperr(fault.addr))?;
    if !ALLOWED[row(vma)][column(fault)] {
        return Err(Signal::accerr(fault.addr));
    }
    let write = fault.code.bits() & 0b10 != 0;
    match mm.entry(fault.page.vpn) {
        Entry::None => match vma.object_page(fault.page.vpn) {
            None => Ok([FaultKind::ZeroPage, FaultKind::DemandZero][usize::from(write)]),
            Some(page) => from_object(mm.residence(page), page, write && vma.is_private())
                .ok_or(Signal::adrerr(fault.addr)),
        },
        Entry::Zero => Ok(FaultKind::DemandZero),
        Entry::Anon { writable: true, .. } | Entry::Object { writable: true, .. } => {
            Ok(FaultKind::Spurious)
        }
        Entry::Anon { pfn, .. } | Entry::Object { pfn, .. } => {
            let (_, repair) = WRITE_REPAIR[owners(mm, vma, pfn) as usize];
            Ok(repair(pfn))
        }
        Entry::Swapped(slot) => Ok(from_slot(mm, slot, write)),
    }
}

fn row(vma: &Vma) -> usize {
    let bits = [vma.prot.read(), vma.prot.write(), vma.prot.exec()];
    bits.iter()
        .rev()
        .fold(0, |number, &bit| number << 1 | usize::from(bit))
}

fn column(fault: &PageFault) -> usize {
    // Bit 0 is P and bit 1 is W, which is just the order of the columns.
    (fault.code.bits() & 0b11) as usize
}

fn owners(mm: &Mm<'_>, vma: &Vma, pfn: Pfn) -> Owners {
    let frame = mm.frame(pfn);
    match frame.usage {
        Usage::Object(_) if vma.is_private() => Owners::FileAndMe,
        Usage::Object(_) => Owners::AllWhoShare,
        Usage::Anon {
            exclusive: true, ..
        } => Owners::MeAlone,
        Usage::Anon {
            swap_cache: None, ..
        } if frame.mappings == 1 => Owners::MeAlone,
        _ => Owners::SeveralProcesses,
    }
}

fn from_object(place: Residence, page: ObjectPage, private_write: bool) -> Option<FaultKind> {
    Some(match (place, private_write) {
        (Residence::PastEnd, _) => return None,
        (Residence::Cached(pfn), true) => FaultKind::CopyOnWrite(pfn),
        (Residence::Cached(pfn), false) => FaultKind::MapResident(pfn),
        (Residence::OnDisk, _) => FaultKind::FileRead(page),
        (Residence::Swapped(slot), _) => FaultKind::SwapIn(slot),
        (Residence::Missing, _) => FaultKind::NewShared(page),
    })
}

fn from_slot(mm: &Mm<'_>, slot: SwapSlot, write: bool) -> FaultKind {
    let cached = mm.swap_cached(slot);
    let users = cached.map(|pfn| mm.slot_users(slot) as usize + mm.frame(pfn).mappings);
    match (cached, users, write) {
        (None, ..) => FaultKind::SwapIn(slot),
        (Some(pfn), Some(2..), true) => FaultKind::CopyOnWrite(pfn),
        (Some(pfn), ..) => FaultKind::SwapCached(slot, pfn),
    }
}

// Nothing of this folder is for students: STAYS-HOME-536e95df
