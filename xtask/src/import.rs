//! `cargo xtask import`: what would be graded as whose.

use std::io::{self, Write};
use std::path::PathBuf;

use collect::table::{self, Counts, Lists};

use crate::collected::From;
use crate::exit::{Exit, Trouble};

/// Shows what would be graded as whose, and grades nothing.
///
/// A path is an export as a course system writes it (Canvas, Moodle, Gradescope,
/// Blackboard, Autolab, Classroom 50 or GitHub Classroom, Brightspace), packed or
/// unpacked, a folder of submissions, or one submission. Which it is, is seen by its names.
///
/// Ends with 1 if somebody should look before anything is graded: a hand-in that the
/// roster knows nobody for, or files that were left out. To be late, to have handed in
/// nothing or several times is everyday life, and ends with 0.
#[derive(clap::Args)]
pub struct Args {
    /// Exports, submissions, or folders of them.
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    from: From,
    /// List everybody, and not only the first of those whom somebody may want to look at.
    #[arg(long)]
    all: bool,
}

pub fn run(args: &Args) -> Result<Exit, Trouble> {
    let lists = if args.all { Lists::Whole } else { Lists::Short };
    show(&args.from, &args.paths, lists)
}

/// Prints the table of what is in these paths.
pub fn show(from: &From, paths: &[PathBuf], lists: Lists) -> Result<Exit, Trouble> {
    let class = from.class()?;
    let mut collected = from.collect(paths, &class)?;
    collected.look_inside();
    let text = table::render(&collected, lists);
    let written = io::stdout().lock().write_all(text.as_bytes());
    written.map_err(|error| Trouble::OurFault(error.into()))?;
    Ok(match Counts::of(&collected).want_a_look() {
        true => Exit::Failed,
        false => Exit::Done,
    })
}
