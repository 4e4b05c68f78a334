//! Runs a trace with the reference: what `cargo lab run --with solution` starts.

use std::process::ExitCode;
use std::rc::Rc;

fn main() -> ExitCode {
    runner::process::main(Rc::new(solution::Reference), None, || {
        Box::<solution::policy::Own>::default()
    })
}
