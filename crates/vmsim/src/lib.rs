//! A deterministic simulator of what happens between a memory access and its
//! result.
pub mod addr;
pub mod event;
pub mod prot;
