//! The oracle: what the kernel of this computer does with a trace.
//!
//! A trace's processes become real ones. Each is a program of a few bytes that
//! runs under ptrace(2) and does one thing at a time: a load, a store, a jump, a
//! system call. Around each the oracle reads how many faults the kernel has
//! counted, and which signal it sends. So the answer to "what does Linux do?" is
//! not remembered but measured, access by access.
//!
//! In reading order:
//!
//! - [`outcome`]: what is measured
//! - `native`: the machine (Linux on x86-64 only)
//!   - `stub`: the program of the traced processes
//!   - `tracee`: one of them, under ptrace
//!   - `call`: their system calls
//!   - `files`: the files that they map
//!   - `proc_files`: counters and page tables, as `/proc` shows them
//! - [`error`]: what is no verdict
//!
//! What the oracle measures exactly, and what no run can tell, is in
//! `docs/linux-rules.md`.

pub mod error;
pub mod outcome;

#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod native;

#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
pub use native::NativeMachine;
