//! The page-table entry: 64 bits that hardware and kernel share.
//!
//! ```text
//!  63  62     52 51                            12 11  9  8  7  6  5  4  3  2  1  0
//! +---+---------+--------------------------------+-----+--+--+--+--+--+--+--+--+--+
//! |NX | ignored |          frame number          |avail| G|PS| D| A|CD|WT| U| W| P|
//! +---+---------+--------------------------------+-----+--+--+--+--+--+--+--+--+--+
//! ```
//!
//! P present · W writable · U user · A accessed · D dirty · NX no instruction
//! fetch (Intel SDM vol. 3A, 4.5.4, table 4-20). The MMU reads P, W, U and NX and
//! sets A and D. When P is 0 the hardware ignores all other bits, and the kernel
//! keeps its own notes there, as Linux does:
//!
//! ```text
//! all bits 0                 nothing was ever mapped here
//! P = 0, G = 1               the page is in memory but PROT_NONE forbids access
//!                            (`_PAGE_PROTNONE` in arch/x86/include/asm/pgtable_types.h)
//! P = 0, bit 9 = 1           the page is in the swap slot that the frame field names
//! ```

use crate::addr::{Pfn, SwapSlot};
use crate::fault::Access;
use crate::prot::Prot;

const P: u64 = 1 << 0;
const W: u64 = 1 << 1;
const U: u64 = 1 << 2;
const A: u64 = 1 << 5;
const D: u64 = 1 << 6;
const G: u64 = 1 << 8;
const SWAP: u64 = 1 << 9;
const NX: u64 = 1 << 63;
const FRAME: u64 = ((1 << 52) - 1) & !0xfff;

/// A page-table entry with the x86-64 bit layout.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pte(u64);

/// What the hardware shall allow on a page: the bits of an entry that somebody
/// must decide.
///
/// [`Vma::rights`](crate::vma::Vma::rights) gives all that the mapping allows. An
/// entry may allow less, and often must: [`read_only`](Rights::read_only).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rights {
    /// Of the bits that rights decide, those that are set.
    set: u64,
    /// The other bits of the entry that stay as they are.
    kept: u64,
}

impl Rights {
    /// The bits that rights decide.
    const DECIDED: u64 = P | G | W | NX;

    /// All that a protection allows.
    pub(crate) const fn of(prot: Prot) -> Self {
        let present = if prot.is_none() { G } else { P };
        let writable = if prot.write() { W } else { 0 };
        let executable = if prot.exec() { 0 } else { NX };
        Self {
            set: present | writable | executable,
            kept: !Self::DECIDED,
        }
    }

    /// The same rights without writing: the next write faults.
    pub const fn read_only(self) -> Self {
        Self {
            set: self.set & !W,
            ..self
        }
    }

    /// The same rights with the dirty bit taken back: the page is as its file has it.
    pub const fn clean(self) -> Self {
        Self {
            kept: self.kept & !D,
            ..self
        }
    }

    /// Whether these rights let the program write.
    pub const fn writable(self) -> bool {
        self.set & W != 0
    }
}

impl Pte {
    /// Nothing mapped.
    pub const NONE: Pte = Pte(0);

    /// An entry that maps `pfn`, not accessed and not dirty yet.
    pub fn page(pfn: Pfn, rights: Rights) -> Self {
        Pte(u64::from(pfn.0) << 12 | U).with_rights(rights)
    }

    /// An entry of an upper level that leads to the table in frame `number`.
    ///
    /// Upper levels allow everything; the last level decides.
    pub fn table(number: u32) -> Self {
        Pte(u64::from(number) << 12 | P | W | U)
    }

    /// A note that the page is in a swap slot.
    pub fn swap(slot: SwapSlot) -> Self {
        Pte(u64::from(slot.0) << 12 | SWAP)
    }

    /// The same frame, accessed and dirty as before, with other rights.
    pub fn with_rights(self, rights: Rights) -> Self {
        Pte(self.0 & rights.kept | rights.set)
    }

    /// The 64 bits.
    pub const fn bits(self) -> u64 {
        self.0
    }

    /// An entry with these 64 bits.
    pub const fn from_bits(bits: u64) -> Self {
        Pte(bits)
    }

    /// P: the hardware may use the entry.
    pub const fn present(self) -> bool {
        self.0 & P != 0
    }

    /// W: the hardware lets the program write.
    pub const fn writable(self) -> bool {
        self.0 & W != 0
    }

    /// The complement of NX: the hardware lets the program fetch instructions.
    pub const fn executable(self) -> bool {
        self.0 & NX == 0
    }

    /// A: the page was used since the kernel last cleared the bit.
    pub const fn accessed(self) -> bool {
        self.0 & A != 0
    }

    /// D: the page was written since the kernel last cleared the bit.
    pub const fn dirty(self) -> bool {
        self.0 & D != 0
    }

    /// The frame that holds the page, also when `PROT_NONE` hides it from the
    /// hardware.
    pub const fn frame(self) -> Option<Pfn> {
        if self.0 & (P | G) != 0 {
            Some(Pfn(((self.0 & FRAME) >> 12) as u32))
        } else {
            None
        }
    }

    /// The frame of an entry that is present.
    #[inline(always)]
    pub(crate) const fn frame_if_present(self) -> Pfn {
        debug_assert!(self.present());
        Pfn(((self.0 & FRAME) >> 12) as u32)
    }

    /// The swap slot that holds the page.
    pub const fn swap_slot(self) -> Option<SwapSlot> {
        if self.0 & (P | G) == 0 && self.0 & SWAP != 0 {
            Some(SwapSlot(((self.0 & FRAME) >> 12) as u32))
        } else {
            None
        }
    }

    /// Whether nothing is mapped and nothing is noted.
    pub const fn is_none(self) -> bool {
        self.0 == 0
    }

    /// Whether a CPU that remembers this entry must be told that the table says `new`
    /// now, as mprotect in Linux sees it (`pte_needs_flush` and
    /// `pte_flags_need_flush` in arch/x86/include/asm/tlbflush.h).
    ///
    /// An entry that was not present is never remembered. Of one that was, Linux
    /// tells of another frame, of every change of W or NX, in either direction, and
    /// of P and D that were taken back. D that is set is no news: the hardware looks
    /// into the table for it.
    pub(crate) fn needs_flush(self, new: Pte) -> bool {
        const ON_CHANGE: u64 = FRAME | W | U | NX;
        const ON_CLEAR: u64 = P | D;
        let changed = self.0 ^ new.0;
        self.present() && (changed & ON_CHANGE != 0 || changed & self.0 & ON_CLEAR != 0)
    }

    /// Whether a CPU that remembers this entry need not look into the table: for the first
    /// write through it, it must, to set D there.
    #[inline(always)]
    pub(crate) const fn serves(self, access: Access) -> bool {
        // Which bits each access asks for, and what they must be: no processor can guess
        // what the next one will be.
        const ASKED: [(u64, u64); 3] = [(0, 0), (W | D, W | D), (NX, 0)];
        let (mask, wanted) = ASKED[access as usize];
        self.0 & mask == wanted
    }

    /// The entry after the hardware used it: A set, and D if it was a write.
    pub(crate) const fn used(self, write: bool) -> Self {
        Pte(self.0 | A | if write { D } else { 0 })
    }

    /// The entry with A cleared.
    pub(crate) const fn aged(self) -> Self {
        Pte(self.0 & !A)
    }
}
