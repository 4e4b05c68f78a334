//! How cargo built the student's program, and what that depended on.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::stamp::{Stamp, files_below};

/// Grows when a recipe of an older `cargo lab` must not be used.
const VERSION: u32 = 1;

/// Variables that cargo and the compiler heed, and beginnings of such.
const VARIABLES: [&str; 11] = [
    "CARGO_ENCODED_RUSTFLAGS",
    "CARGO_HOME",
    "CARGO_INCREMENTAL",
    "PATH",
    "RUSTC",
    "RUSTC_BOOTSTRAP",
    "RUSTC_WORKSPACE_WRAPPER",
    "RUSTC_WRAPPER",
    "RUSTFLAGS",
    "RUSTUP_HOME",
    "RUSTUP_TOOLCHAIN",
];
const BEGINNINGS: [&str; 4] = [
    "CARGO_BUILD_",
    "CARGO_PROFILE_",
    "CARGO_TARGET_",
    "CARGO_UNSTABLE_",
];

/// A variable that cargo sets for tests, each time as it likes.
const NOT_HEEDED: &str = "CARGO_TARGET_TMPDIR";

/// What may stand in a workspace, or around it, and decides how things are built.
const SETTINGS: [&str; 4] = [
    ".cargo/config",
    ".cargo/config.toml",
    "rust-toolchain",
    "rust-toolchain.toml",
];

/// The command that compiled the student's crate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Recipe {
    version: u32,
    /// The workspace, where the command is carried out.
    pub root: PathBuf,
    /// The compiler and its options.
    pub command: Vec<String>,
    environment: BTreeMap<String, String>,
    inputs: Vec<Stamp>,
}

impl Recipe {
    /// Writes down what holds now. `built_from` is what cargo has made for the program,
    /// and what it made that from.
    pub fn new(root: &Path, command: Vec<String>, built_from: &[PathBuf]) -> Option<Self> {
        let mut inputs = inputs(root, &command)?;
        inputs.extend_from_slice(built_from);
        inputs.sort();
        inputs.dedup();
        Some(Self {
            version: VERSION,
            root: root.to_owned(),
            command,
            environment: environment(),
            inputs: inputs.iter().map(|path| Stamp::of(path)).collect(),
        })
    }

    /// Whether cargo would do the same again for the student's files as they are now.
    pub fn still_holds(&self, root: &Path) -> bool {
        self.version == VERSION
            && self.root == root
            && self.environment == environment()
            && self.inputs.iter().all(Stamp::still_holds)
    }
}

/// Whatever is not the student's, and not made by cargo either.
fn inputs(root: &Path, command: &[String]) -> Option<Vec<PathBuf>> {
    let compiler = PathBuf::from(command.first()?);
    let mut inputs = vec![root.join("Cargo.toml"), root.join("Cargo.lock")];
    inputs.push(root.join("labs/skeleton/Cargo.toml"));
    inputs.push(root.join("labs/skeleton/build.rs"));
    let around = root.ancestors();
    inputs.extend(around.flat_map(|folder| SETTINGS.map(|name| folder.join(name))));
    if let Some(home) = home("CARGO_HOME", ".cargo") {
        inputs.extend(["config", "config.toml"].map(|name| home.join(name)));
    }
    inputs.extend(home("RUSTUP_HOME", ".rustup").map(|home| home.join("settings.toml")));
    inputs.push(compiler);
    Some(inputs)
}

/// A folder in which a tool has its settings.
fn home(variable: &str, name: &str) -> Option<PathBuf> {
    let usual = || Some(std::env::home_dir()?.join(name));
    std::env::var_os(variable).map(PathBuf::from).or_else(usual)
}

/// Sources and manifest of a package of the workspace.
pub(super) fn of_package(manifest: &Path) -> Vec<PathBuf> {
    let folder = manifest.parent().unwrap_or(Path::new("."));
    let mut files = files_below(&folder.join("src"));
    files.extend([manifest.to_owned(), folder.join("build.rs")]);
    files
}

fn environment() -> BTreeMap<String, String> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value)))
        .filter(|(name, _)| is_heeded(name))
        .map(|(name, value)| (name, value.to_string_lossy().into_owned()))
        .collect()
}

fn is_heeded(name: &str) -> bool {
    let begins = BEGINNINGS
        .iter()
        .any(|beginning| name.starts_with(beginning));
    name != NOT_HEEDED && (begins || VARIABLES.contains(&name))
}
