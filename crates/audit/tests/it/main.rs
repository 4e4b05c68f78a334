//! Tests of the audit, as one program.

mod bench;
mod course;
mod cover;
mod kernels;
mod matrix;
mod reports;
mod submissions;
