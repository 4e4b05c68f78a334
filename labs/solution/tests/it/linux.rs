//! The traces that were measured on Linux: every access as the kernel did it.

use std::fs;
use std::path::{Path, PathBuf};

use crate::check;

/// How many there are, so that none is lost unnoticed.
const TRACES: usize = 86;

fn traces() -> Vec<PathBuf> {
    let folder = "../../crates/vmtrace/tests/linux-traces";
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let entries = fs::read_dir(folder).expect("the folder is in the repository");
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

#[test]
fn every_measured_access_ends_as_it_did_on_linux() {
    let traces = traces();
    assert_eq!(traces.len(), TRACES);
    for path in traces {
        check(&fs::read_to_string(path).unwrap());
    }
}
