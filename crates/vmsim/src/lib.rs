//! A deterministic simulator of what happens between a memory access and its
//! result.
//!
//! Draft.
#![expect(missing_docs)]
// hardware
pub mod addr;
pub mod content;
pub mod frames;
mod mmu;
pub mod page_table;
pub mod pte;
mod rng;
pub mod tlb;
// kernel
pub mod access;
pub mod cache;
mod dispatch;
pub mod fault;
mod fault_around;
pub mod handlers;
pub mod kernel;
pub mod mm;
mod populate;
pub mod prot;
mod reclaim;
pub mod refs;
mod services;
pub mod swap;
pub mod syscalls;
pub mod vma;
// world
pub mod audit;
pub mod cost;
pub mod event;
pub mod machine;
pub mod observe;
pub mod prelude;
pub mod rules;
pub mod trail;
