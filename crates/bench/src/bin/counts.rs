//! Counts the instructions of the hot paths: `cargo run --profile replay -p bench --bin counts`.
//!
//! Prints a table; nothing is compared with anything, and nothing fails because of it.
//! Without valgrind it says so and exits with 77. With the name of a path it goes along that
//! path, as it does under callgrind.

use std::process::ExitCode;

use bench::callgrind::{self, NotCounted};
use bench::hot::{self, Path};
use bench::plan::Look;
use bench::table;

/// The exit code for what is skipped because the machine lacks something.
const SKIPPED: u8 = 77;

fn main() -> ExitCode {
    let counted = match std::env::args().nth(1) {
        Some(name) => {
            go_along(&name);
            Ok(())
        }
        None => count_all(),
    };
    match counted {
        Ok(()) => ExitCode::SUCCESS,
        Err(missing @ NotCounted::NoValgrind) => {
            eprintln!("skipped: {missing}");
            ExitCode::from(SKIPPED)
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(70)
        }
    }
}

fn go_along(name: &str) {
    let path = hot::find(name).expect("a path has that name");
    callgrind::counted(&mut path.work());
}

fn count_all() -> Result<(), NotCounted> {
    println!("| an event, by class | class alone | all observed |\n|---|---:|---:|");
    for (path, observed) in hot::events(Look::Class).zip(hot::events(Look::All)) {
        let (least, most) = (count(&path)?, count(&observed)?);
        println!("| {} | {least} | {most} |", path.name);
    }
    println!("\n| around events | |\n|---|---:|");
    for path in hot::around() {
        println!("| {} | {} |", path.name, count(&path)?);
    }
    Ok(())
}

/// Instructions for going along a path once.
fn count(path: &Path) -> Result<String, NotCounted> {
    let program = std::env::current_exe()?;
    let all = callgrind::count(&program, &[&path.name])?;
    Ok(table::thousands(all / hot::COUNT))
}
