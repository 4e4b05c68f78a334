//! `cargo xtask doctor`: what this computer offers.

use std::io::{self, Write};

use doctor::answer::Standing;
use doctor::examination::Examination;

use crate::exit::{Exit, Trouble};
use crate::workspace;

/// Tells what this computer offers, and what follows: sandbox, toolchain, optional tools.
///
/// Changes nothing. Ends with 77 if something is missing without which `grade` refuses
/// hidden traces.
#[derive(clap::Args)]
pub struct Args {
    /// What to print.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Format {
    /// A table.
    Text,
    /// One JSON object: crates/doctor/schema/doctor.schema.json.
    Json,
}

pub fn run(args: &Args) -> Result<Exit, Trouble> {
    let found = Examination::of_this_machine(&workspace::root());
    let mut out = io::stdout().lock();
    let written = match args.format {
        Format::Text => write!(out, "{found}"),
        Format::Json => serde_json::to_string(&found)
            .map_err(io::Error::from)
            .and_then(|text| writeln!(out, "{text}")),
    };
    written.map_err(|error| Trouble::OurFault(error.into()))?;
    Ok(match found.standing {
        Standing::Missing => Exit::Skipped,
        Standing::Good | Standing::Weaker => Exit::Done,
    })
}
