//! Makes the works that our replay and other programs are compared on.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use works::files::{for_others, for_us};
use works::mapped::Backing;
use works::recording::{ls, read};
use works::scan::scan;
use works::work::{Access, Work};
use works::zipf::zipf;

/// Writes the works into a folder, each in all forms:
///
/// `a`: 10,000,000 references, zipf(1.0) over 100,000 pages, 10,000 frames; written to
/// (swap) as `a`, and read from a file as `a-file`. `scan`: as many references, one page
/// after another, so that each is a fault. `b`: all accesses of `ls`, 25 times, 50 frames.
/// `a-short` and `b-short`: the beginning of `a`, and `b` once, for programs that would
/// take hours.
#[derive(Parser)]
struct Args {
    /// The folder; three gigabytes
    folder: PathBuf,
    /// A log of valgrind's lackey to use for `b`, instead of running `ls`
    #[arg(long, value_name = "FILE")]
    log: Option<PathBuf>,
    /// Chooses the references of `a`
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// References of `a` for the slowest program: it takes seconds.
const SHORT: usize = 200_000;

fn main() -> ExitCode {
    match make(&Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn make(args: &Args) -> Result<(), Box<dyn Error>> {
    let folder = &args.folder;
    fs::create_dir_all(folder)?;
    let a = zipf(100_000, 10_000, 10_000_000, args.seed);
    both(folder, "a", &a, Backing::Swap)?;
    for_us(folder, "a-file", &a.all(Access::Read), Backing::File)?;
    both(folder, "a-short", &a.beginning(SHORT), Backing::Swap)?;
    drop(a);
    both(folder, "scan", &scan(100_000, 10_000, 100), Backing::Swap)?;
    let b = match &args.log {
        Some(log) => read(log.clone(), 50, 25)?,
        None => ls(50, 25)?,
    };
    both(folder, "b", &b, Backing::SharedFile)?;
    both(
        folder,
        "b-short",
        &b.beginning(b.round.len()),
        Backing::SharedFile,
    )?;
    Ok(())
}

fn both(folder: &Path, name: &str, work: &Work, backing: Backing) -> Result<(), Box<dyn Error>> {
    for_others(folder, name, work)?;
    for_us(folder, name, work, backing)?;
    println!(
        "{name}: {} references to {} pages, {} frames",
        work.len(),
        work.pages,
        work.frames
    );
    Ok(())
}
