//! Which bytes may be executed to see whether they can be fetched.

use vmsim::addr::{PAGE_SIZE, VirtAddr};
use vmsim::mm::Mm;

/// Whether executing what stands at an address touches nothing but registers and
/// the memory that they point to (Intel SDM vol. 2, appendix A.3: the opcode map).
pub(crate) fn is_harmless(mm: &Mm<'_>, addr: VirtAddr) -> bool {
    let byte = |distance| mm.byte(VirtAddr(addr.0 + distance));
    let Some(opcode) = byte(0) else { return false };
    let second = match addr.page_offset() + 1 < PAGE_SIZE {
        true => byte(1),
        false => None,
    };
    // Register to register, or a register that points to memory: no displacement,
    // no SIB byte, not relative to the instruction.
    let plain_operands =
        |modrm: u8| modrm >> 6 == 3 || (modrm >> 6 == 0 && ![4, 5].contains(&(modrm & 7)));
    match opcode {
        0x50..=0x5f | 0x90..=0x97 => true, // push, pop, xchg
        0x00..=0x3b if opcode & 7 < 4 => second.is_some_and(plain_operands), // add … cmp
        0x84..=0x8b => second.is_some_and(plain_operands), // test, xchg, mov
        0x70..=0x7f | 0xb0..=0xb7 | 0xeb => second.is_some(), // jcc, mov, jmp
        _ => false,
    }
}
