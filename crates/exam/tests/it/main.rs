//! Tests of next year's exam, as one program: a seed and a lab in, files out.
//!
//! Lab 6 stands for all of them, with less effort than is usual: it takes seconds.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use exam::Refusal;
use exam::make::Effort;
use exam::order::{Made, Order};
use mutants::Mutant;
use runner::log::{Oracle, Record};
use tempfile::TempDir;

const LAB: u8 = 6;
const FOLDER: &str = "06-tlb";

/// Enough for lab 6, whatever the seed.
const SOME: Effort = Effort {
    random: 60,
    variants: 2,
    rounds: 3,
};

/// Next to nothing.
const HARDLY_ANY: Effort = Effort {
    random: 1,
    variants: 0,
    rounds: 1,
};

/// An exam in a folder of its own.
struct Exam {
    place: TempDir,
    outcome: Result<Made, Refusal>,
}

fn exam(seed: u64, jobs: usize, effort: Effort) -> Exam {
    let place = TempDir::new().expect("a temporary folder");
    let order = Order {
        root: Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."),
        seed,
        labs: vec![LAB],
        out: place.path().join("exam"),
        jobs,
        effort,
    };
    Exam {
        outcome: order.make(&Mutant::all(), &|_| {}),
        place,
    }
}

impl Exam {
    /// Every file of the lab, with its text.
    fn files(&self) -> BTreeMap<PathBuf, String> {
        self.outcome
            .as_ref()
            .unwrap_or_else(|error| panic!("{error}"));
        let lab = self.place.path().join("exam").join(FOLDER);
        let mut files = BTreeMap::new();
        for folder in [lab.clone(), lab.join("keys")] {
            for entry in fs::read_dir(folder).expect("a folder") {
                let path = entry.expect("an entry").path();
                if path.is_file() {
                    let text = fs::read_to_string(&path).expect("text");
                    let name = path.strip_prefix(&lab).expect("it is in there");
                    files.insert(name.to_owned(), text);
                }
            }
        }
        files
    }

    /// The class of every access, in all keys.
    fn classes(&self) -> Vec<String> {
        let files = self.files();
        let keys = files.iter().filter(|(name, _)| name.starts_with("keys"));
        let records = keys.flat_map(|(_, text)| text.lines().filter_map(Record::parse));
        records
            .filter(|record| record.line > 0)
            .map(|record| record.column(Oracle::Class).to_owned())
            .filter(|class| !class.is_empty())
            .collect()
    }
}

#[test]
fn a_seed_gives_one_exam_however_many_hands_help() {
    let alone = exam(7, 1, SOME);
    assert_eq!(alone.files(), exam(7, 3, SOME).files());
    assert_ne!(alone.files(), exam(8, 3, SOME).files());
}

#[test]
fn an_exam_asks_for_what_the_lab_teaches_and_refuses_little() {
    let classes = exam(9, 2, SOME).classes();
    for class in [
        "hit",
        "minor spurious",
        "minor reuse",
        "minor write-notify",
        "segv accerr",
    ] {
        assert!(classes.iter().any(|other| other == class), "no {class}");
    }
    let refused = classes
        .iter()
        .filter(|class| class.contains("segv"))
        .count();
    assert!(
        8 * refused < classes.len(),
        "{refused} of {}",
        classes.len()
    );
}

#[test]
fn an_exam_that_exposes_too_little_is_refused_and_nothing_is_left() {
    let weak = exam(7, 2, HARDLY_ANY);
    assert!(
        matches!(weak.outcome, Err(Refusal::TooWeak(_))),
        "{:?}",
        weak.outcome
    );
    let left = fs::read_dir(weak.place.path()).expect("a folder");
    assert_eq!(left.count(), 0);
}
