//! What student code may do to the machine: nothing.
//!
//! The compiler and each run are processes of their own, and each enters its sandbox
//! before it meets a byte of the student's. In reading order:
//!
//! - [`files`]: which files may be read, written and executed (landlock)
//! - [`calls`]: which system calls are left (seccomp)
//! - [`limits`]: how much time, memory and output (rlimits)
//! - [`user`]: who the process is, and who it dies with
//! - [`tier`]: which of these were in force
//! - [`enter`]: all of them, for a run
//! - [`compiler_calls`]: the calls that a compiler and a linker need
//! - [`jail`]: all of them, for the compiler

pub mod calls;
pub mod compiler_calls;
pub mod enter;
pub mod files;
pub mod jail;
pub mod limits;
pub mod tier;
pub mod user;
