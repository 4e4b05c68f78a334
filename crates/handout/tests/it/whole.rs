//! The handout of this very workspace.

use std::fs;
use std::path::{Path, PathBuf};

use handout::films;
use handout::make::{Archive, History, Made, Wish, make};
use handout::pack::Changed;
use handout::proof;
use handout::refusal::Refusal;
use tempfile::TempDir;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .unwrap()
}

fn made(out: &Path, prove: &dyn Fn(&Path) -> Result<(), Refusal>) -> Made {
    let made = make(&Wish {
        root: &root(),
        out,
        labs: None,
        history: History::OneCommit,
        archive: Archive::Zip,
        changed: Changed::Shipped,
        film: &films::expected,
        log: &films::log,
        prove,
    });
    made.unwrap_or_else(|refusal| panic!("{refusal}"))
}

#[test]
fn this_workspace_can_be_handed_out_twice_the_same() {
    let folder = TempDir::new().unwrap();
    let (one, two) = (folder.path().join("one"), folder.path().join("two"));
    made(&one, &|_| Ok(()));
    made(&two, &|_| Ok(()));
    let [one, two] = [one, two].map(|out| fs::read(out.with_extension("zip")).unwrap());
    assert!(one == two, "two archives of one workspace differ");
}

/// Builds the handout twice; takes minutes.
#[test]
#[ignore = "slow: builds the student's workspace"]
fn this_workspace_s_handout_is_worth_nothing_and_can_be_solved() {
    let folder = TempDir::new().unwrap();
    let prove = |copy: &Path| proof::prove(copy, &root(), &|what| eprintln!("{what}"));
    made(&folder.path().join("out"), &prove);
}
