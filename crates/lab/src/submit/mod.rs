//! `cargo lab submit`: what is handed in, in one archive.
//!
//! - [`gather`]: the student's files that grading takes, or why it would refuse one
//! - [`archive`]: their archive, the same bytes for the same files
//! - [`contents`]: what is in it, and what is missing

mod archive;
mod contents;
mod gather;

use std::fs;
use std::path::PathBuf;

use sha2::{Digest, Sha256};

use crate::check::verdict::{State, Verdict};
use crate::check::{self, What};
use crate::program::{self, Handlers};
use crate::report::Failure;
use crate::workspace::Workspace;

/// The archive's name, unless another one is asked for.
const ARCHIVE: &str = "faultline-submission.zip";

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Hand in labs 1 to N, each of which is built on those before it; all of them
    /// without it.
    lab: Option<u8>,
    /// The archive.
    #[arg(short, long, value_name = "FILE", default_value = ARCHIVE)]
    out: PathBuf,
    /// Hand in nothing that does not pass all public checks.
    #[arg(long)]
    strict: bool,
}

pub(crate) fn command(args: &Args) -> Result<(), Failure> {
    let workspace = Workspace::here()?;
    workspace.labs(args.lab)?;
    let gathered = gather::gather(&workspace, args.lab)?;
    let verdict = checked(&workspace)?;
    let is_done = is_done(verdict.as_ref(), args.lab);
    let contents = contents::text(&workspace, &gathered, verdict.as_ref(), args.lab)?;
    anstream::print!("{contents}");
    if args.strict && !is_done {
        return Err(Failure::Handlers(
            "not all public checks pass, so nothing is handed in (`--strict`)\nhelp: `cargo lab \
             check` says what is wrong"
                .to_owned(),
        ));
    }
    let bytes = archive::pack(&gathered.files).map_err(Failure::Internal)?;
    let name = args.out.display();
    fs::write(&args.out, &bytes).map_err(|error| {
        Failure::BadInput(format!(
            "{name}: {error}\nhelp: name another file with `-o`"
        ))
    })?;
    let hash: String = Sha256::digest(&bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    anstream::println!("\n{name}, {} bytes\nSHA-256 {hash}", bytes.len());
    Ok(())
}

/// Whether all of labs 1 to `last` that can be checked at home passes.
fn is_done(verdict: Option<&Verdict>, last: Option<u8>) -> bool {
    verdict.is_some_and(|verdict| {
        let labs = verdict.labs.iter();
        let mut asked = labs.filter(|lab| last.is_none_or(|last| lab.number <= last));
        asked.all(|lab| {
            let traces = lab.traces.iter().map(|trace| trace.state);
            let parts = lab.parts.iter().map(|part| part.state);
            traces.chain(parts).all(|state| state == State::Passed)
        })
    })
}

/// The check before handing in. What does not compile is no reason not to: none.
fn checked(workspace: &Workspace) -> Result<Option<Verdict>, Failure> {
    let program = match program::build(Handlers::Skeleton, false) {
        Ok(program) => program,
        Err(Failure::DoesNotCompile(_)) => return Ok(None),
        Err(other) => return Err(other),
    };
    check::run(workspace, &program, What::default()).map(Some)
}
