//! From the workspace to the files of the archive: an allow-list, and nothing else.

use std::path::Path;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use grader::report::gradescope;
use handout::manifests::{self, LOCK};
use handout::parcel::Parcel;
use handout::sources::Sources;

use crate::needed;
use crate::trouble::Trouble;
use crate::wish::Wish;

/// The folder of the workspace in the archive.
pub const WORKSPACE: &str = "faultline";

/// What of each crate is needed that grading is built from: not its tests, not its samples.
const OF_A_CRATE: [&str; 4] = [
    "Cargo.toml",
    "{assets,src}/**",
    // Students' attempts at what the compiler refuses are part of `mutants`.
    "impossible/*.rs",
    // What `naive` knows of its own kernels.
    "traces/*.trace",
];

/// What is needed besides crates.
const BESIDES: [&str; 8] = [
    "Cargo.toml",
    ".cargo/config.toml",
    "labs/skeleton/Cargo.toml",
    "labs/skeleton/src/*",
    "labs/[0-9][0-9]-*/lab.toml",
    "labs/[0-9][0-9]-*/{traces/*.trace,keys/*.snap}",
    "labs/[0-9][0-9]-*/predict.trace",
    "grader/hidden/**",
];

/// The files of an archive, and what is worth knowing of them.
#[derive(Clone, Debug)]
pub struct Packed {
    /// The files, by their paths in the archive.
    pub files: Parcel,
    /// Files that no commit has as they are here.
    pub changed: Vec<String>,
}

/// Packs a workspace, for the toolchain of this version.
///
/// # Errors
///
/// If a lab is not there, or the workspace is not as it must be.
pub fn pack(root: &Path, rust: &str, wish: &Wish) -> Result<Packed, Trouble> {
    let sources = Sources::of(root)?;
    let labs = labs(&sources);
    if let Some(&wanted) = wish.labs.iter().find(|lab| !labs.contains(lab)) {
        return Err(Trouble::NoLab {
            wanted,
            known: labs,
        });
    }
    let chosen: Vec<u8> = match wish.labs.is_empty() {
        true => labs,
        false => wish.labs.clone(),
    };
    let listed = listed(root)?;
    let is_chosen = |path: &&String| lab_of(path).is_none_or(|lab| chosen.contains(&lab));
    let paths = sources.files.iter().filter(|path| listed.is_match(path));
    let paths: Vec<&String> = paths.filter(is_chosen).collect();
    let mut workspace = Parcel::default();
    for path in &paths {
        workspace.put(*path, file(&sources, path)?);
    }
    let lock = manifests::lock(&workspace, &sources.read(LOCK)?)?;
    workspace.put(LOCK, lock);
    let changed = sources.changed.iter().filter(|path| paths.contains(path));
    Ok(Packed {
        changed: changed.cloned().collect(),
        files: around(&workspace, &told(&sources, rust, wish, &chosen)),
    })
}

/// The labs that have a registry.
fn labs(sources: &Sources) -> Vec<u8> {
    let registries = sources.files.iter();
    let registries = registries.filter(|path| path.ends_with("/lab.toml"));
    registries.filter_map(|path| lab_of(path)).collect()
}

/// The lab that a file belongs to: `labs/02-lazy/…`, `grader/hidden/02-lazy/…`.
fn lab_of(path: &str) -> Option<u8> {
    let folder = path
        .strip_prefix("labs/")
        .or_else(|| path.strip_prefix("grader/hidden/"))?;
    folder.split_once('-')?.0.parse().ok()
}

fn listed(root: &Path) -> Result<GlobSet, Trouble> {
    let mut list = GlobSetBuilder::new();
    let crates = needed::folders(root)?;
    let of_crates = crates
        .iter()
        .flat_map(|folder| OF_A_CRATE.map(|pattern| format!("{folder}/{pattern}")));
    for pattern in of_crates.chain(BESIDES.map(str::to_owned)) {
        let glob = GlobBuilder::new(&pattern).literal_separator(true).build();
        list.add(glob.map_err(|error| Trouble::Cargo(error.to_string()))?);
    }
    list.build()
        .map_err(|error| Trouble::Cargo(error.to_string()))
}

/// A file as it is, and a crate's manifest without what its tests need.
fn file(sources: &Sources, path: &str) -> Result<Vec<u8>, Trouble> {
    match path.ends_with("/Cargo.toml") {
        true => {
            let text = sources.text(path)?;
            Ok(manifests::without_tests(path, &text)?.into_bytes())
        }
        false => Ok(sources.read(path)?),
    }
}

/// What the scripts and the warning say, by the names that stand for it.
fn told(sources: &Sources, rust: &str, wish: &Wish, labs: &[u8]) -> [(&'static str, String); 7] {
    let labs: Vec<String> = labs.iter().map(u8::to_string).collect();
    let commit = sources.commit.clone();
    let no_result = gradescope::no_result(
        "This submission was not graded. That is no fault of yours, and no zero. For your \
         instructor: the autograder did not start; see the output of setup.sh.",
    );
    [
        ("{{rust}}", rust.to_owned()),
        ("{{options}}", wish.options()),
        (
            "{{no_result}}",
            no_result.unwrap_or_default().trim_end().to_owned(),
        ),
        ("{{labs}}", labs.join(", ")),
        ("{{commit}}", commit.unwrap_or_else(|| "none".to_owned())),
        ("{{feedback}}", wish.feedback.to_string()),
        ("{{sandbox}}", wish.sandbox().to_owned()),
    ]
}

/// The workspace in its folder, and what Gradescope looks for beside it.
fn around(workspace: &Parcel, told: &[(&'static str, String)]) -> Parcel {
    let mut files = Parcel::default();
    for (path, bytes) in workspace.files() {
        files.put(format!("{WORKSPACE}/{path}"), bytes);
    }
    let templates = [
        ("setup.sh", include_str!("../assets/setup.sh")),
        ("run_autograder", include_str!("../assets/run_autograder")),
        (
            "READ-ME-FIRST.txt",
            include_str!("../assets/READ-ME-FIRST.txt"),
        ),
    ];
    for (name, template) in templates {
        let filled = told.iter().fold(template.to_owned(), |text, (name, said)| {
            text.replace(name, said)
        });
        files.put(name, filled);
    }
    files
}
