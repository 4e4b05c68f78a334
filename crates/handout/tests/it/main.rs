//! Tests of the `handout` crate: text in, text out.

mod kit;
mod leaks;
mod lookalikes;
mod make;
mod markers;
mod mutations;
mod pack;
mod proof;
mod properties;
mod reading;
mod skeleton;
mod template;
mod whole;

use std::path::Path;

use handout::generate;

/// Generates `source`; checks the text that comes back, or the refusal with its
/// place and remedy.
#[track_caller]
fn check(source: &str, expected: &str) {
    let found = match generate(source, Path::new("lab.rs")) {
        Ok(generated) => generated.text,
        Err(error) => error.to_string(),
    };
    assert_eq!(found, expected, "\nof source:\n{source}");
}

/// Checks that `source` is refused with a message that begins with `expected`.
#[track_caller]
fn refuses(source: &str, expected: &str) {
    match generate(source, Path::new("lab.rs")) {
        Ok(generated) => panic!("accepted:\n{source}\nas:\n{}", generated.text),
        Err(error) => assert!(
            error.to_string().starts_with(expected),
            "expected: {expected}\n     got: {error}"
        ),
    }
}
