//! `cargo xtask skeleton`: the students' crate, from the solution.

use std::path::Path;

use ::handout::skeleton::{self, SkeletonError};

use crate::exit::{Exit, Trouble};
use crate::workspace;

/// Generates labs/skeleton from labs/solution.
#[derive(clap::Args)]
pub struct Args {
    /// Writes nothing; fails if the skeleton is not what the solution says
    #[arg(long)]
    check: bool,
}

pub fn run(args: &Args) -> Result<Exit, Trouble> {
    let root = workspace::root();
    if args.check {
        check(&root)
    } else {
        write(&root)
    }
}

/// Lists what is stale, with a remedy.
pub fn check(root: &Path) -> Result<Exit, Trouble> {
    let stale = skeleton::check(root).map_err(trouble)?;
    if stale.is_empty() {
        return Ok(Exit::Done);
    }
    for stale in stale {
        println!("{stale}");
    }
    println!(
        "  change labs/solution, run `cargo xtask skeleton`, remove files that nothing makes, \
         and commit"
    );
    Ok(Exit::Failed)
}

fn write(root: &Path) -> Result<Exit, Trouble> {
    for path in skeleton::write(root).map_err(trouble)? {
        println!("wrote {}", path.display());
    }
    Ok(Exit::Done)
}

fn trouble(error: SkeletonError) -> Trouble {
    match error {
        SkeletonError::Io { .. } => Trouble::OurFault(error.into()),
        _ => Trouble::BadInput(error.into()),
    }
}
