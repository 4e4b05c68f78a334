//! Traces and predictions of students: graded in the grader's own process, so that a
//! panic there would be the whole class's.

use std::path::Path;
use std::sync::LazyLock;

use course::catalogue::{Catalogue, Exercise, ExerciseKind, Lab};
use grader::exercise;
use grader::intake::Sources;
use verdict::end::End;

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    Catalogue::read(&root).unwrap_or_else(|error| panic!("{error}"))
});

/// Hands in a text for an exercise. Whatever it is, it is graded: `not graded` is for
/// faults of ours.
///
/// # Panics
///
/// If it is not graded.
pub fn is_graded(kind: ExerciseKind, file: &str, text: &str) {
    let (lab, exercise) = asked(kind);
    let sources = Sources {
        attachments: vec![(file.to_owned(), text.to_owned())],
        ..Sources::default()
    };
    for graded in exercise::grade(lab, exercise, &sources) {
        assert!(graded.result.end != End::NotGraded, "{:?}", graded.result);
        assert!((0.0..=1.0).contains(&graded.earned), "{:?}", graded);
    }
}

fn asked(kind: ExerciseKind) -> (&'static Lab, &'static Exercise) {
    let mut all = CATALOGUE.labs.iter().flat_map(|lab| {
        let exercises = lab.exercises.iter();
        exercises.map(move |exercise| (lab, exercise))
    });
    let found = all.find(|(_, exercise)| exercise.kind == kind);
    found.expect("some lab asks for it")
}
