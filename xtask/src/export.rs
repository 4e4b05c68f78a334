//! `cargo xtask export`: a gradebook as text that can be compared.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use gradebook::book::{Book, FILE};
use gradebook::canonical::{ExportError, export};

use crate::exit::{Exit, Trouble};
use crate::grade::in_book;
use crate::workspace;

/// Writes the gradebook as JSON lines that are the same wherever, whenever and in however
/// many parts the class was graded.
///
/// Everything is in it, of hidden traces too. The form is
/// crates/gradebook/schema/export.schema.json.
#[derive(clap::Args)]
pub struct Args {
    /// The folder that `grade --out` wrote; `target/grades` unless said.
    folder: Option<PathBuf>,
    /// Where the text goes; `-` is standard output.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

pub fn run(args: &Args) -> Result<Exit, Trouble> {
    let folder = args.folder.clone();
    let folder = folder.unwrap_or_else(|| workspace::root().join("target/grades"));
    let book = Book::read_only(&folder.join(FILE)).map_err(in_book)?;
    let written = match args.out == Path::new("-") {
        true => write(&book, io::stdout().lock()),
        false => File::create(&args.out)
            .map_err(ExportError::from)
            .and_then(|file| write(&book, file)),
    };
    match written {
        Ok(()) => Ok(Exit::Done),
        Err(ExportError::Book(error)) => Err(in_book(error)),
        Err(error) => Err(Trouble::OurFault(error.into())),
    }
}

fn write(book: &Book, out: impl Write) -> Result<(), ExportError> {
    let mut out = BufWriter::new(out);
    export(book, &mut out)?;
    Ok(out.flush()?)
}
