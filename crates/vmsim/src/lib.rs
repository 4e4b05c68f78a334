//! A deterministic simulator of what happens between a memory access and its
//! result.
//!
//! A program reads a byte. Mostly the hardware finds it, and nobody notices. If it
//! does not, a *page fault* begins, and this crate is about its seven steps:
//!
//! 1. **The MMU detects** that it cannot translate the address as asked: the TLB
//!    or the page tables have no entry, or one that forbids the access.
//! 2. **The exception is raised**: #PF, vector 14, with an error code and, in CR2,
//!    the address. It is synchronous, unlike an interrupt, and it is no signal.
//! 3. **The kernel takes control**; the saved RIP points *at* the instruction.
//! 4. **The kernel investigates**: is there a VMA, does it allow the access, what
//!    does the page table know, who else uses the frame?
//! 5. **The kernel acts**: it allocates, zeroes, copies, reads the disk; or it
//!    sends a signal, because there is nothing to repair.
//! 6. **The page table is updated**, and the TLBs are told where they must be.
//! 7. **The process resumes**: the same instruction is executed again.
//!
//! The verdicts are those of Linux on x86-64, access by access: which repair,
//! minor or major, which signal. The rules are numbered in `docs/linux-rules.md`.
//!
//! # Reading order
//!
//! Hardware, from the number to the translation:
//!
//! - [`addr`]: addresses, pages, frames, and the types that keep them apart
//! - [`pte`]: the 64 bits of a page-table entry
//! - [`page_table`]: four levels of tables in simulated frames
//! - [`tlb`]: what a CPU remembers, and does not forget by itself
//! - `mmu`: the translation, and steps 1 and 2
//! - [`frames`] and [`content`]: physical memory and what it holds
//!
//! Kernel, from the promise to the repair:
//!
//! - [`prot`], [`vma`] and [`vmas`]: what was promised
//! - [`mm`]: an address space, to look at
//! - [`fault`]: faults, their classes and signals
//! - [`handlers`]: the decisions and repairs, which students write
//! - `dispatch`: the order of steps 3 to 7
//! - [`access`]: the loop around them: access, fault, again
//! - [`express`]: the fault of a machine short of memory, in one go
//! - [`kernel`]: all state, and the services that change it
//! - `processes`, `rmap` and `hash`: what is asked for all the time, found by its number
//! - `ring`: frames in the order in which they came, and the clock's hand
//! - [`refs`]: references that cannot get lost
//! - [`cache`] and [`swap`]: pages that are elsewhere
//! - `reclaim`, `fault_around`, `populate`: pages before they are asked for, and
//!   pages that must go
//! - [`replacement`]: policies with a memory, which choose who goes
//! - [`syscalls`]: mmap, fork and the others
//!
//! World, what surrounds the machine:
//!
//! - [`event`]: what can happen
//! - [`machine`] and `carry_out`: events in, observations out
//! - [`observe`] and [`cost`]: what came of it, and what it cost
//! - [`audit`]: what must always hold; `touched`, the part of it that an event concerns
//! - [`trail`] and [`rules`]: the seven steps of a fault, and the rule that decided
//! - [`naive`]: what the machine does wrong when a check is checked, and only then
//! - [`prelude`]: all that a lab file needs
//!
//! # What is left out on purpose
//!
//! There is no clock, no file, no thread and no random number but the seed, so
//! that the same trace gives the same log everywhere. There are no huge pages, no
//! NUMA nodes, no asynchronous write-back and no locks: they change when faults
//! happen, or how many, and not what a fault is.
//!
//! # An event
//!
//! ```
//! use vmsim::addr::{CpuId, Pid, VirtAddr};
//! use vmsim::event::{Event, Op};
//! use vmsim::handlers::Handlers;
//! use vmsim::machine::Machine;
//!
//! /// What a program sees that reads where nothing is mapped.
//! fn wild_read(handlers: std::rc::Rc<dyn Handlers>) -> String {
//!     let mut machine = Machine::new(Default::default(), handlers);
//!     let (pid, addr) = (Pid(1), VirtAddr(0x1000));
//!     let op = Op::Read { pid, addr, size: 1 };
//!     machine.step(&Event { cpu: CpuId(0), op }).class() // "segv maperr"
//! }
//! ```

// Hardware
pub mod addr;
pub mod content;
mod contents;
pub mod frames;
mod hash;
mod mmu;
pub mod page_table;
pub mod pte;
mod rng;
pub mod tlb;

// Kernel
pub mod access;
pub mod cache;
mod dispatch;
pub mod express;
pub mod fault;
mod fault_around;
pub mod handlers;
pub mod kernel;
pub mod mm;
mod populate;
mod processes;
pub mod prot;
mod reclaim;
pub mod refs;
pub mod replacement;
mod ring;
mod rmap;
mod services;
pub mod swap;
pub mod syscalls;
pub mod vma;
pub mod vmas;

// World
pub mod audit;
mod carry_out;
pub mod cost;
pub mod event;
pub mod journal;
pub mod machine;
pub mod naive;
pub mod observe;
pub mod prelude;
pub mod rules;
mod touched;
pub mod trail;
