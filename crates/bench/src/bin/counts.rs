//! Counts the instructions of the hot paths: `cargo run --release -p bench --bin counts`.
//!
//! Prints a table; nothing is compared with anything, and nothing fails because of it.
//! Without valgrind it says so and exits with 77. With the name of a path it goes along that
//! path, as it does under callgrind.

use std::process::ExitCode;

use bench::callgrind::{self, NotCounted};
use bench::hot;
use bench::table;

/// The exit code for what is skipped because the machine lacks something.
const SKIPPED: u8 = 77;

fn main() -> ExitCode {
    let counted = match std::env::args().nth(1) {
        Some(name) => Ok(go_along(&name)),
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
    let paths = hot::all();
    let path = paths.iter().find(|path| path.name == name);
    let mut work = path.expect("a path has that name").work();
    callgrind::counted(&mut work);
}

fn count_all() -> Result<(), NotCounted> {
    let program = std::env::current_exe()?;
    println!("| hot path | instructions |\n|---|---:|");
    for path in hot::all() {
        let each = callgrind::count(&program, path.name)? / hot::COUNT;
        println!("| {} | {} |", path.name, table::thousands(each));
    }
    Ok(())
}
