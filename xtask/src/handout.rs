//! `cargo xtask handout`: the student's workspace.

use std::path::PathBuf;

use ::handout::films;
use ::handout::labs::{self, Numbers};
use ::handout::make::{Archive, History, Made, Wish, make};
use ::handout::manifest;
use ::handout::pack::Changed;
use ::handout::proof;
use ::handout::refusal::Refusal;
use ::handout::skeleton::SkeletonError;

use crate::exit::{Exit, Trouble};
use crate::interrupt::Interrupt;
use crate::workspace;

/// Makes the student's workspace: what crates/handout/allow.toml lists, and nothing else.
///
/// Every byte is searched for the solution, for anything instructor-only, and for holes
/// that are none. Then it is built in a temporary folder, without a network: it must
/// score nothing as it is, and everything with the solution. Whatever is found stops it
/// with exit code 1, and nothing is written.
#[derive(clap::Args)]
pub struct Args {
    /// Where it goes: a folder that is empty, or not there yet
    #[arg(long, value_name = "DIR", required_unless_present = "verify")]
    out: Option<PathBuf>,
    /// Which labs: `1-5`, `1,3,5-7`; all unless said
    #[arg(long, value_name = "LABS")]
    labs: Option<Numbers>,
    /// Writes DIR.zip as well
    #[arg(long)]
    zip: bool,
    /// Makes no git repository of it
    #[arg(long)]
    no_git: bool,
    /// Ships files that are in no commit as they are; the manifest says so
    #[arg(long)]
    allow_changed: bool,
    /// Does not build it: for a look at what would be handed out
    #[arg(long)]
    no_proof: bool,
    /// Compares a handout with its manifest, and makes none
    #[arg(long, value_name = "DIR", conflicts_with_all = ["out", "labs", "zip"])]
    verify: Option<PathBuf>,
}

pub fn run(args: &Args) -> Result<Exit, Trouble> {
    // Everything that was begun is removed before a signal is obeyed.
    let interrupt = Interrupt::listen()?;
    let done = match (&args.verify, &args.out) {
        (Some(folder), _) => verify(folder),
        (None, Some(out)) => made(args, out.clone(), &interrupt),
        (None, None) => Ok(()),
    };
    interrupt.obey();
    match done {
        Ok(()) => Ok(Exit::Done),
        Err(refusal @ Refusal::Found(_)) => {
            println!("{refusal}");
            Ok(Exit::Failed)
        }
        Err(refusal) => Err(trouble(refusal)),
    }
}

fn verify(folder: &std::path::Path) -> Result<(), Refusal> {
    match manifest::verify(folder)? {
        found if found.is_empty() => {
            println!("{} is what was handed out", folder.display());
            Ok(())
        }
        found => Err(Refusal::Found(found)),
    }
}

fn made(args: &Args, out: PathBuf, interrupt: &Interrupt) -> Result<(), Refusal> {
    let root = workspace::root();
    let prove = |folder: &std::path::Path| {
        if !args.no_proof {
            proof::prove(folder, &root, &|what| eprintln!("proving: {what}"))?;
        }
        match interrupt.came() {
            true => Err(Refusal::Interrupted),
            false => Ok(()),
        }
    };
    let made = make(&Wish {
        root: &root,
        out: &out,
        labs: args.labs.as_ref(),
        history: match args.no_git {
            true => History::Without,
            false => History::OneCommit,
        },
        archive: match args.zip {
            true => Archive::Zip,
            false => Archive::Without,
        },
        changed: match args.allow_changed {
            true => Changed::Shipped,
            false => Changed::Refused,
        },
        film: &films::expected,
        log: &films::log,
        prove: &prove,
    })?;
    tell(&made, args.no_proof);
    Ok(())
}

fn tell(made: &Made, unproven: bool) {
    let Made { files, bytes, .. } = made;
    println!(
        "{}: labs {}; {files} files, {} KiB",
        made.folder.display(),
        labs::list(made.labs.iter().copied()),
        bytes / 1024
    );
    if let Some(archive) = &made.archive {
        println!("{}: the same as an archive", archive.display());
    }
    if unproven {
        println!("not proven: hand out nothing that was made with `--no-proof`");
    }
}

fn trouble(refusal: Refusal) -> Trouble {
    match refusal {
        Refusal::NoGit => Trouble::Missing(refusal.into()),
        Refusal::Malformed { .. }
        | Refusal::Occupied(_)
        | Refusal::Inside(_)
        | Refusal::NoSuchLab { .. } => Trouble::BadInput(refusal.into()),
        Refusal::Skeleton(SkeletonError::Io { .. }) => Trouble::OurFault(refusal.into()),
        Refusal::Skeleton(_) => Trouble::BadInput(refusal.into()),
        _ => Trouble::OurFault(refusal.into()),
    }
}
