//! How much is too much.
//!
//! Traces come from strangers (a lab is to write them), so whatever costs memory
//! has a limit with a name.

/// Bytes in a line, its end not counted: more is no trace, but some other file,
/// and must not be read into memory as a whole.
pub const LINE_LEN_MAX: usize = 4096;

/// Bytes in a file name: `NAME_MAX` of Linux.
pub const NAME_LEN_MAX: usize = 255;

/// Bytes in one access: a page, so that an access touches two pages at most.
pub const ACCESS_SIZE_MAX: u16 = 4096;

/// Bytes of an access that a value fills; the others are zero.
pub const VALUE_SIZE_MAX: u16 = 8;

/// CPUs of a machine: enough for every race a shoot-down can lose.
pub const CPUS_MAX: u8 = 4;

/// Frames, and swap slots, of a machine: 4 GiB of each, which the simulator
/// keeps tables for.
pub const PAGES_MAX: u32 = 1 << 20;

/// Pages mapped around a fault, or read ahead: those of one page table.
pub const WINDOW_MAX: u16 = 512;
