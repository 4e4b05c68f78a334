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
pub mod prot;
pub mod vma;
pub mod mm;
pub mod cache;
pub mod swap;
pub mod kernel;
pub mod refs;
mod services;
pub mod fault;
pub mod handlers;
mod dispatch;
mod fault_around;
mod reclaim;
pub mod access;
mod populate;
pub mod syscalls;
// world
pub mod event;
pub mod machine;
pub mod observe;
pub mod audit;
pub mod cost;
pub mod rules;
pub mod trail;
pub mod prelude;
