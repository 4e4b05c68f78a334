//! Tests of the sandbox, as one program.

mod files;
mod tier;
mod jail;
