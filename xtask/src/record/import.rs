//! The log that somebody made becomes a trace.

use std::path::{Path, PathBuf};

use recorder::import::Request;

use super::Args;
use super::output::Output;
use crate::exit::{Exit, Trouble};
use crate::interrupt::Interrupt;

pub(super) fn run(args: &Args, log: &Path, interrupt: &Interrupt) -> Result<Exit, Trouble> {
    let request = Request {
        log: log.into(),
        children: args.child.clone(),
        segments: args.segments.clone(),
        compaction: args.compaction(),
        cut: args.cut(),
        interrupt: interrupt.flag(),
    };
    let output = Output {
        path: args.out.clone().unwrap_or_else(|| named_after(log)),
        binary: args.binary,
    };
    let summary = output.write(&request)?;
    eprintln!("{summary}");
    eprintln!("  to {}", output.path.display());
    Ok(Exit::Done)
}

/// The file's name up to its first dot, in the current folder.
fn named_after(log: &Path) -> PathBuf {
    let name = log.file_name().unwrap_or_default().to_string_lossy();
    let stem = name.split('.').find(|part| !part.is_empty());
    format!("{}.trace", stem.unwrap_or("recorded")).into()
}
