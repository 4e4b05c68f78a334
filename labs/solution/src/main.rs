//! Runs a trace with the reference: what `cargo lab run --with solution` starts.

use std::process::ExitCode;
use std::rc::Rc;

fn main() -> ExitCode {
    let reference = Rc::new(solution::Reference);
    runner::process::main_with_express(reference.clone(), reference, || {
        Box::<solution::policy::Own>::default()
    })
}
