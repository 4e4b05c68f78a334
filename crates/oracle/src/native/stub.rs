//! The program that a traced process runs: some routines of a few bytes each.
//!
//! There is no C library, no stack and no data, so no memory is touched but what
//! the event is about. Every routine ends in `int3`, which gives control back to
//! the tracer. Registers are set from outside (`PTRACE_SETREGS`).

use vmsim::addr::{PAGE_SIZE, VirtAddr};

/// Where in the page of code the routines start: behind the ELF headers.
const CODE_START: u64 = 0x100;

/// Bytes for each routine.
const ROUTINE_BYTES: u64 = 16;

/// `int3`: what is left of the page is full of it.
const INT3: u8 = 0xcc;

/// What the program can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Routine {
    /// `rax` := 1, 2, 4 or 8 bytes at `rdi`; the other bits may be anything.
    Load(u16),
    /// 1, 2, 4 or 8 bytes at `rdi` := `rax`.
    Store(u16),
    /// Loads `rcx` bytes from `rsi` on, one by one.
    LoadMany,
    /// Stores `al` to `rcx` bytes from `rdi` on, one by one.
    StoreMany,
    /// Jumps to `rdi`.
    Jump,
    /// The system call `rax`.
    Syscall,
}

impl Routine {
    const ALL: [Routine; 12] = [
        Routine::Load(1),
        Routine::Load(2),
        Routine::Load(4),
        Routine::Load(8),
        Routine::Store(1),
        Routine::Store(2),
        Routine::Store(4),
        Routine::Store(8),
        Routine::LoadMany,
        Routine::StoreMany,
        Routine::Jump,
        Routine::Syscall,
    ];

    /// The instruction (Intel SDM vol. 2).
    fn code(self) -> &'static [u8] {
        match self {
            Routine::Load(1) => &[0x8a, 0x07],        // mov al, [rdi]
            Routine::Load(2) => &[0x66, 0x8b, 0x07],  // mov ax, [rdi]
            Routine::Load(4) => &[0x8b, 0x07],        // mov eax, [rdi]
            Routine::Load(_) => &[0x48, 0x8b, 0x07],  // mov rax, [rdi]
            Routine::Store(1) => &[0x88, 0x07],       // mov [rdi], al
            Routine::Store(2) => &[0x66, 0x89, 0x07], // mov [rdi], ax
            Routine::Store(4) => &[0x89, 0x07],       // mov [rdi], eax
            Routine::Store(_) => &[0x48, 0x89, 0x07], // mov [rdi], rax
            Routine::LoadMany => &[0xf3, 0xac],       // rep lodsb
            Routine::StoreMany => &[0xf3, 0xaa],      // rep stosb
            Routine::Jump => &[0xff, 0xe7],           // jmp rdi
            Routine::Syscall => &[0x0f, 0x05],        // syscall
        }
    }

    /// Where the routine is, if the page of code starts at `base`.
    pub(crate) fn address(self, base: VirtAddr) -> u64 {
        let index = Routine::ALL.iter().position(|&routine| routine == self);
        let index = index.expect("sizes of loads and stores are 1, 2, 4 or 8") as u64;
        base.0 + CODE_START + index * ROUTINE_BYTES
    }
}

/// The program as an ELF file of one page, which the kernel loads at `base`.
///
/// The heap starts behind the last segment of a program, so the choice of `base`
/// decides where `brk` starts (`load_elf_binary` in Linux fs/binfmt_elf.c).
pub(crate) fn image(base: VirtAddr) -> Vec<u8> {
    let mut page = vec![INT3; PAGE_SIZE as usize];
    let header = elf_header(Routine::Syscall.address(base));
    page[..header.len()].copy_from_slice(&header);
    let mut at = header.len();
    for segment in [code_segment(base), stack_segment()] {
        page[at..at + segment.len()].copy_from_slice(&segment);
        at += segment.len();
    }
    for routine in Routine::ALL {
        let (at, code) = (routine.address(VirtAddr(0)) as usize, routine.code());
        page[at..at + code.len()].copy_from_slice(code);
    }
    page
}

/// `Elf64_Ehdr` (elf(5)): an executable for x86-64 with two program headers.
fn elf_header(entry: u64) -> Vec<u8> {
    let mut header = vec![0x7f, b'E', b'L', b'F', 2, 1, 1, 0];
    header.extend([0; 8]);
    header.extend(2u16.to_le_bytes()); // e_type: ET_EXEC
    header.extend(62u16.to_le_bytes()); // e_machine: EM_X86_64
    header.extend(1u32.to_le_bytes()); // e_version
    header.extend(entry.to_le_bytes()); // e_entry
    header.extend(64u64.to_le_bytes()); // e_phoff: directly behind this header
    header.extend(0u64.to_le_bytes()); // e_shoff
    header.extend(0u32.to_le_bytes()); // e_flags
    for field in [64u16, 56, 2, 0, 0, 0] {
        // e_ehsize, e_phentsize, e_phnum, e_shentsize, e_shnum, e_shstrndx
        header.extend(field.to_le_bytes());
    }
    header
}

/// `PT_LOAD`: the page itself, readable and executable.
fn code_segment(base: VirtAddr) -> Vec<u8> {
    segment(1, 5, [base.0, base.0, PAGE_SIZE, PAGE_SIZE, PAGE_SIZE])
}

/// `PT_GNU_STACK`, readable and writable: without it old kernels make every
/// readable page executable as well.
fn stack_segment() -> Vec<u8> {
    segment(0x6474_e551, 6, [0, 0, 0, 0, 16])
}

/// `Elf64_Phdr`: type, flags, and from the offset 0 of the file on p_vaddr,
/// p_paddr, p_filesz, p_memsz, p_align.
fn segment(kind: u32, flags: u32, numbers: [u64; 5]) -> Vec<u8> {
    let mut header = Vec::new();
    header.extend(kind.to_le_bytes());
    header.extend(flags.to_le_bytes());
    header.extend(0u64.to_le_bytes());
    header.extend(numbers.into_iter().flat_map(u64::to_le_bytes));
    header
}
