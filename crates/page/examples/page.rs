//! `cargo run -p page --example page TITLE OUT FILM [EXPECTED]`: a page of films that were
//! kept in files.

use std::fs::File;
use std::io::{BufReader, BufWriter};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let film = |path: &str| File::open(path).map(BufReader::new);
    match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [title, out, one] => {
            let mut out = BufWriter::new(File::create(out)?);
            page::write::write(&mut out, title, film(one)?)?;
        }
        [title, out, yours, expected] => {
            let mut out = BufWriter::new(File::create(out)?);
            page::write::write_compared(&mut out, title, film(yours)?, film(expected)?)?;
        }
        _ => return Err("TITLE OUT FILM [EXPECTED]".into()),
    }
    Ok(())
}
