//! What exercises take in.

use course::catalogue::ExerciseKind;
use fuzz::attachments::is_graded;

fn check(bytes: &[u8], kind: ExerciseKind, file: &str) {
    // Intake refuses what is no text.
    if let Ok(text) = std::str::from_utf8(bytes) {
        is_graded(kind, file, text);
    }
}

#[test]
fn predictions() {
    bolero::check!()
        .with_iterations(500)
        .for_each(|bytes: &[u8]| check(bytes, ExerciseKind::Predict, "predict.toml"));
}

#[test]
fn a_trace_against_wrong_kernels() {
    bolero::check!()
        .with_iterations(500)
        .for_each(|bytes: &[u8]| check(bytes, ExerciseKind::BreakIt, "own.trace"));
}

#[test]
fn a_trace_with_beladys_anomaly() {
    bolero::check!()
        .with_iterations(500)
        .for_each(|bytes: &[u8]| check(bytes, ExerciseKind::Belady, "belady.trace"));
}
