//! `cargo lab view`: a trace as a film, in the terminal ([`terminal`]) or as a page for
//! browsers ([`page`]).

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use runner::policy::Chooser;

use crate::program::{self, Handlers};
use crate::replay::replay;
use crate::report::Failure;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The trace, text or binary.
    trace: PathBuf,
    /// Step through it in the terminal: what is done unless `--html` is given.
    #[arg(long, conflicts_with = "html")]
    tui: bool,
    /// Write it as a page for browsers into this file: one file, which needs no network.
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Show the expected run beside it, from the first difference on.
    #[arg(long)]
    compare: bool,
    /// Whose handlers to use.
    #[arg(long, value_enum, default_value = "skeleton")]
    with: Handlers,
    /// Who chooses the victims when memory is full, instead of `choose_victim` of lab 8.
    #[arg(long, value_enum)]
    policy: Option<Chooser>,
    /// Build with all optimisations: for long traces.
    #[arg(long)]
    release: bool,
    /// Use no colours in the terminal; so does the environment variable NO_COLOR.
    #[arg(long, alias = "no-color")]
    no_colour: bool,
}

/// Shows the trace.
pub(crate) fn view(args: &Args) -> Result<(), Failure> {
    if let Err(error) = std::fs::File::open(&args.trace) {
        return Err(Failure::BadInput(format!(
            "{}: {error}\nhelp: traces are in labs/*/traces/",
            args.trace.display()
        )));
    }
    match &args.html {
        Some(file) => page(args, file),
        None => terminal(args),
    }
}

/// Films the trace: lines of the form of `crates/film`. If the handlers do not get to the
/// end, what was filmed is written all the same, and the failure says why.
fn film(args: &Args, program: &Path, out: &mut impl Write) -> Result<(), Failure> {
    let parent = std::process::id().to_string();
    let mut options = vec!["--format", "film", "--parent", &parent];
    let policy = args.policy.and_then(|chooser| chooser.to_possible_value());
    if let Some(policy) = &policy {
        options.extend(["--policy", policy.get_name()]);
    }
    replay(program, &options, &args.trace, out).map(drop)
}

/// Writes the page.
fn page(args: &Args, file: &Path) -> Result<(), Failure> {
    let program = program::build(args.with, args.release)?;
    let mut lines = Vec::new();
    let _ended = film(args, &program, &mut lines);
    let missing = format!("{}: pages are not written yet", file.display());
    Err(Failure::Internal(missing))
}

/// Steps through the film in the terminal.
fn terminal(args: &Args) -> Result<(), Failure> {
    if !io::stdout().is_terminal() {
        return Err(Failure::BadInput(
            "standard output is not a terminal\nhelp: `--html FILE` writes a page, and `cargo \
             lab run --steps` the same as text"
                .to_owned(),
        ));
    }
    let program = program::build(args.with, args.release)?;
    let mut lines = Vec::new();
    film(args, &program, &mut lines)
}
