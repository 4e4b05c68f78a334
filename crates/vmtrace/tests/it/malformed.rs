//! Every way to write a line wrong, with the message that it earns.
//!
//! `tests/malformed/NAME.trace` is the trace, `NAME.error` all of its messages.

use std::fs;
use std::path::{Path, PathBuf};

use vmtrace::error::ReadError;
use vmtrace::text::parser::Parser;

fn traces() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/malformed");
    let entries = fs::read_dir(folder).expect("the folder is in the repository");
    let mut paths = entries
        .map(|entry| entry.unwrap().path())
        .collect::<Vec<_>>();
    paths.retain(|path| path.extension().is_some_and(|end| end == "trace"));
    paths.sort();
    paths
}

fn messages(bytes: &[u8], name: &str) -> String {
    let show = |error: ReadError| format!("{}\n", error.in_file(name));
    match Parser::new(bytes) {
        Ok(parser) => parser.filter_map(Result::err).map(show).collect(),
        Err(error) => show(error),
    }
}

#[test]
fn each_mistake_has_its_message() {
    let mut wrong = Vec::new();
    for path in traces() {
        let name = path.file_name().unwrap().to_string_lossy();
        let expected = fs::read_to_string(path.with_extension("error")).unwrap_or_default();
        let found = messages(&fs::read(&path).unwrap(), &name);
        if found != expected {
            wrong.push(format!("expected:\n{expected}found:\n{found}"));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of them differ:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn there_are_many() {
    assert!(
        traces().len() >= 45,
        "only {} malformed traces",
        traces().len()
    );
}
