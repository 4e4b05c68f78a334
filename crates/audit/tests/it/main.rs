//! Tests of the audit, as one program.

mod alternatives;
mod bench;
mod course;
mod cover;
mod flushes;
mod kernels;
mod matrix;
mod reports;
mod submissions;

use std::path::Path;

use ::course::catalogue::{Catalogue, Visibility};
use audit::exam::{self, Paper};
use audit::trial::expose;
use mutants::Mutant;

fn papers() -> Vec<Paper> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let catalogue = Catalogue::read(&root).unwrap_or_else(|error| panic!("{error}"));
    exam::read(&catalogue).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn a_mutant_is_exposed_where_its_hole_is_graded() {
    let mutants = Mutant::all();
    let empty_copy = mutants
        .iter()
        .find(|mutant| mutant.id == "C05")
        .expect("a mutant");
    let exposed = papers()
        .iter()
        .filter(|paper| {
            let run = |hole| expose(empty_copy, &[hole], &paper.trace, &paper.key);
            paper.visibility == Visibility::Hidden
                && paper
                    .holes
                    .iter()
                    .any(|&hole| run(hole).expect("a trace").is_some())
        })
        .map(|paper| paper.lab)
        .collect::<Vec<_>>();
    assert!(exposed.len() >= 2, "{exposed:?}");
    assert!(exposed.iter().all(|&lab| lab == 5), "{exposed:?}");
}
