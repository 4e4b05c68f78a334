//! Tests of `cargo xtask`, as a program, in temporary workspaces.

mod audit;
mod conform;
mod course_system;
mod engines;
mod grade;
mod gradebook;
mod handed_in;
mod handout;
mod import;
mod kills;
mod memory;
mod new_exam;
mod one_student;
mod record;
mod record_program;
mod sheet;
mod skeleton;
mod usage;

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use tempfile::TempDir;

/// A workspace that has only what a chore looks at.
fn workspace() -> TempDir {
    let root = TempDir::new().expect("a temporary folder");
    fs::create_dir(root.path().join("xtask")).expect("a new folder");
    root
}

/// `cargo xtask`, in the workspace at `root`.
fn xtask(root: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.env("CARGO_MANIFEST_DIR", root.join("xtask"));
    command
}
