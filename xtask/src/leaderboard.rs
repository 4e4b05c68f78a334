//! `cargo xtask leaderboard`: replacement policies, by what they cost.

use std::io::{self, Write};
use std::path::PathBuf;

use course::catalogue::{Catalogue, Contest};
use course::feedback::Feedback;
use grader::feedback::ShownBoard;
use grader::intake;
use grader::kit::Kit;
use grader::leaderboard;
use grader::report;

use crate::confinement;
use crate::exit::{Exit, Trouble};
use crate::interrupt::remove_on_interrupt;
use crate::workspace;

/// Where the bundled class is, below the workspace's root.
const SAMPLES: &str = "grader/samples";

/// Compares the replacement policies of submissions (`policy.rs`) with those of
/// textbooks, and with the best possible.
///
/// The measure is simulated: what the hidden traces of lab 8's leaderboard cost in
/// pages read and written. There are no points for it.
#[derive(clap::Args)]
pub struct Args {
    /// Submissions (folders or archives), or folders of them; without any, the bundled sample class.
    paths: Vec<PathBuf>,
    /// What to print.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    #[command(flatten)]
    confinement: confinement::Allowed,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Format {
    /// A table.
    Text,
    /// One JSON object: grader/schema/leaderboard.schema.json.
    Json,
    /// A row for each policy and trace.
    Csv,
}

pub fn run(args: &Args) -> Result<Exit, Trouble> {
    let root = workspace::root();
    let paths = match args.paths.is_empty() {
        true => vec![root.join(SAMPLES)],
        false => args.paths.clone(),
    };
    let bad_input = |error| Trouble::BadInput(error);
    let submissions = intake::find_all(&paths).map_err(|error| bad_input(error.into()))?;
    let catalogue = Catalogue::read(&root).map_err(|error| bad_input(error.into()))?;
    let labs = catalogue.labs.into_iter();
    let contests: Vec<Contest> = labs.flat_map(|lab| lab.leaderboard).collect();
    let our_fault = |error| Trouble::OurFault(error);
    let confinement = confinement::decide(args.confinement)?;
    let kit = Kit::build(&root).map_err(|error| our_fault(error.into()))?;
    remove_on_interrupt(kit.scratch.path().to_owned())?;
    let board = leaderboard::compare(&kit, &contests, &submissions, &confinement, |_| {})
        .map_err(|error| our_fault(error.into()))?;
    let board = ShownBoard::new(&board, Feedback::default());
    print(&board, args.format).map_err(|error| our_fault(error.into()))?;
    Ok(Exit::Done)
}

fn print(board: &ShownBoard, format: Format) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match format {
        Format::Text => write!(out, "{}", report::leaderboard::render(board)),
        Format::Json => write!(out, "{}", report::json::leaderboard(board)?),
        Format::Csv => report::leaderboard::write_csv(board, out).map_err(io::Error::other),
    }
}
