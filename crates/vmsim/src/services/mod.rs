//! The services: the only way for a handler to change the machine.
//!
//! Each file here is one kind of service, in the order in which the labs need
//! them: [frames](frames), [page tables](tables), [page cache](cache),
//! [swap](swap), [replacement](replacement). Every service knows the line that
//! called it, so that a mistake is reported where it was made.

mod cache;
mod frames;
mod replacement;
mod swap;
mod tables;
