//! `cargo xtask book`: the handouts as pages to read and to step through.

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::process::Command;

use book::assemble::{BookError, assemble};
use handout::films;

use crate::exit::{Exit, Trouble};
use crate::workspace;

/// Makes a book of the handouts, with pictures that can be stepped through.
///
/// The pictures show what the reference comes to, and nothing of how. mdBook makes the
/// pages (`cargo install mdbook`); without it the source is written all the same, and the
/// exit code is 77.
#[derive(clap::Args)]
pub struct Args {
    /// Where it goes
    #[arg(long, value_name = "DIR", default_value = "target/book")]
    out: PathBuf,
}

pub fn run(args: &Args) -> Result<Exit, Trouble> {
    let chapters = assemble(&workspace::root(), &args.out, &mut draw).map_err(trouble)?;
    let source = args.out.join("src");
    println!("{} chapters in {}", chapters.len(), source.display());
    let Ok(mdbook) = which::which("mdbook") else {
        println!("skipped: mdbook is not installed, so there are no pages yet");
        println!("  cargo install mdbook, then say this again");
        return Ok(Exit::Skipped);
    };
    let built = Command::new(mdbook)
        .arg("build")
        .arg(&args.out)
        .status()
        .map_err(|error| Trouble::OurFault(error.into()))?;
    if !built.success() {
        return Ok(Exit::Failed);
    }
    println!("open {}", args.out.join("html/index.html").display());
    Ok(Exit::Done)
}

/// Draws a trace as students may see it.
fn draw(trace: &Path, picture: &Path) -> Result<(), String> {
    let film = films::expected(trace)?;
    let name = trace.file_stem().unwrap_or_default().to_string_lossy();
    let file = File::create(picture).map_err(|error| error.to_string())?;
    let mut out = BufWriter::new(file);
    page::write::write(&mut out, &name, film.as_bytes()).map_err(|error| error.to_string())?;
    std::io::Write::flush(&mut out).map_err(|error| error.to_string())
}

fn trouble(error: BookError) -> Trouble {
    match error {
        BookError::File { .. } | BookError::Picture { .. } => Trouble::OurFault(error.into()),
        BookError::Catalogue(_) | BookError::Session { .. } => Trouble::BadInput(error.into()),
    }
}
