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
//! - [`plan`]: what a trace needs
//! - [`outcome`]: what is measured
//! - `native`: the machine (Linux on x86-64 only)
//!   - `stub`: the program of the traced processes
//!   - `tracee`: one of them, under ptrace
//!   - `room`: an empty address space around it
//!   - `access` and `call`: what it can be told to do
//!   - `process`: what the counters say of it
//!   - `window`: fault-around, on or off
//!   - `page_out`: swap devices that are written late
//!   - `files`: the files that are mapped
//!   - `proc_files`: counters and page tables, as `/proc` shows them
//! - [`host`] and [`swap`]: the computer that it runs on
//! - [`error`]: what is no verdict
//!
//! What the oracle measures exactly, and what no run can tell, is in
//! `docs/linux-rules.md`.

pub mod error;
pub mod host;
pub mod outcome;
pub mod plan;
pub mod swap;

#[cfg(any(test, not(all(target_os = "linux", target_arch = "x86_64"))))]
pub mod elsewhere;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod native;

#[cfg(not(all(target_os = "linux", target_arch = "x86_64")))]
pub use elsewhere::NativeMachine;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
pub use native::NativeMachine;
