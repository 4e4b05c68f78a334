//! What students hand in.

use fuzz::archive::keeps_to_the_limits;
use grader::intake::archive::Kind;

#[test]
fn zip() {
    bolero::check!()
        .with_iterations(2_000)
        .for_each(|bytes: &[u8]| keeps_to_the_limits(bytes, Kind::Zip));
}

#[test]
fn tar() {
    bolero::check!()
        .with_iterations(2_000)
        .for_each(|bytes: &[u8]| keeps_to_the_limits(bytes, Kind::Tar));
}

#[test]
fn tar_gz() {
    bolero::check!()
        .with_iterations(2_000)
        .for_each(|bytes: &[u8]| keeps_to_the_limits(bytes, Kind::TarGz));
}
