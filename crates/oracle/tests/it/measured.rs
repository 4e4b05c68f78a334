//! The traces that were measured on Linux, once more.

use std::fs;
use std::path::Path;

use oracle::host;

use crate::check;

#[test]
fn every_measured_trace_does_what_it_did() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../vmtrace/tests/linux-traces");
    let swap = host::swap_devices();
    let exact_swap = !swap.is_empty() && !swap.iter().any(|device| host::is_late(device));
    let (mut run, mut skipped) = (0, 0);
    for entry in fs::read_dir(folder).expect("the folder is in the repository") {
        let trace = fs::read_to_string(entry.unwrap().path()).unwrap();
        if trace.contains("Needs swap") && !exact_swap {
            skipped += 1;
        } else {
            check(&trace);
            run += 1;
        }
    }
    eprintln!("{skipped} traces need a swap device of zram, and were skipped");
    assert!(run > skipped, "most traces need no swap");
}
