//! What the student code of a chore is confined to.

use grader::launch::Confinement;
use sandbox::tier::{self, Layer};

use crate::exit::Trouble;

/// Options of every chore that runs student code on hidden traces.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct Args {
    /// Run student code without the whole sandbox, where this machine has none. It may
    /// then read the hidden traces, and change files.
    #[arg(long)]
    allow_unsandboxed: bool,
}

/// Decides what student code is confined to. This process hides its memory from all
/// processes that it starts.
///
/// # Errors
///
/// If the machine does not offer the sandbox, and nobody allowed to go on without.
pub fn decide(args: Args) -> Result<Confinement, Trouble> {
    sandbox::user::hide_memory().map_err(|error| Trouble::OurFault(error.into()))?;
    let lacking = tier::offered().lacks();
    if lacking.is_empty() {
        return Ok(Confinement::REQUIRED);
    }
    let names: Vec<&str> = lacking.into_iter().map(Layer::name).collect();
    let names = names.join(", ");
    if args.allow_unsandboxed {
        eprintln!("warning: student code runs without {names}");
        return Ok(Confinement::BEST_EFFORT);
    }
    Err(Trouble::Missing(
        format!(
            "this machine does not offer {names}, so that student code could read the hidden \
             traces\nhelp: grade on Linux 5.13 or newer, with landlock and seccomp enabled, or in \
             a container that has no files worth reading and add `--allow-unsandboxed`"
        )
        .into(),
    ))
}
