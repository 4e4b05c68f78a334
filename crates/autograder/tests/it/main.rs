//! Tests of the archive that Gradescope grades with: what is in it, and what it does.

mod archive;
mod container;

use std::path::{Path, PathBuf};

use autograder::pack::{Packed, pack};
use autograder::wish::Wish;

/// The workspace.
fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.join("../..").canonicalize().expect("the workspace")
}

/// The version of the toolchain here.
fn rust() -> String {
    let asked = std::process::Command::new("rustc")
        .arg("--version")
        .output()
        .expect("rustc");
    let said = String::from_utf8(asked.stdout).expect("text");
    said.split_whitespace()
        .nth(1)
        .expect("a version")
        .to_owned()
}

/// The workspace, packed.
fn packed(wish: &Wish) -> Packed {
    pack(&root(), &rust(), wish).expect("an archive")
}
