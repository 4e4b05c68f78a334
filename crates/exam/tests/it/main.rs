//! Tests of next year's exam, as one program.

mod draws;
mod exams;
mod variants;

use std::path::{Path, PathBuf};

use audit::exam::{self as papers, Paper};
use course::catalogue::Catalogue;
use exam::make::Effort;
use exam::syllabus::Syllabus;
use mutants::Mutant;

/// Enough for a test.
const LITTLE: Effort = Effort {
    random: 100,
    variants: 1,
    rounds: 2,
};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn catalogue() -> Catalogue {
    Catalogue::read(&root()).unwrap_or_else(|error| panic!("{error}"))
}

fn papers(catalogue: &Catalogue) -> Vec<Paper> {
    papers::read(catalogue).unwrap_or_else(|error| panic!("{error}"))
}

/// What the exams of these labs are about; of all labs if none is named.
fn syllabi(labs: &[u8]) -> Vec<Syllabus> {
    let catalogue = catalogue();
    let papers = papers(&catalogue);
    Syllabus::of(&catalogue, &papers, &Mutant::all(), labs)
        .unwrap_or_else(|error| panic!("{error}"))
}

fn syllabus(lab: u8) -> Syllabus {
    syllabi(&[lab]).remove(0)
}
