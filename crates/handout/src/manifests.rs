//! What cargo reads in a student's workspace: manifests, the lock file, settings.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use cargo_metadata::{DependencyKind, MetadataCommand};
use toml_edit::{DocumentMut, Item};

use crate::allow::LIST;
use crate::parcel::Parcel;
use crate::refusal::{Finding, Refusal, io_error};
use crate::sources::Sources;

/// What students build by name.
const ROOTS: [&str; 2] = ["lab", "skeleton"];

/// Cargo's settings.
pub const CONFIG: &str = ".cargo/config.toml";

/// What cargo has resolved.
pub const LOCK: &str = "Cargo.lock";

/// What a shipped crate's manifest has for its tests, which are not shipped.
const FOR_TESTS: [&str; 3] = ["dev-dependencies", "test", "bench"];

/// Takes out of a crate's manifest what only its tests need.
pub fn without_tests(path: &str, text: &str) -> Result<String, Refusal> {
    let mut manifest = parse(path, text)?;
    for key in FOR_TESTS {
        manifest.remove(key);
    }
    Ok(manifest.to_string())
}

/// Makes the student's settings of the instructor's: the alias `lab`, and no other.
pub fn config(text: &str) -> Result<String, Refusal> {
    let settings = parse(CONFIG, text)?;
    let lab = settings.get("alias").and_then(|alias| alias.get("lab"));
    let lab = lab.and_then(Item::as_str).ok_or_else(|| {
        Refusal::malformed(
            CONFIG,
            "no alias `lab`\n  students call everything by `cargo lab`",
        )
    })?;
    Ok(format!("[alias]\nlab = {}\n", toml_edit::Value::from(lab)))
}

/// Makes the student's lock file of the instructor's: the same versions, of what the
/// student builds. Cargo does it, without a network.
pub fn lock(parcel: &Parcel, full: &[u8]) -> Result<Vec<u8>, Refusal> {
    let folder = tempfile::tempdir().map_err(io_error(Path::new("a temporary folder")))?;
    parcel
        .write(folder.path())
        .map_err(io_error(folder.path()))?;
    let file = folder.path().join(LOCK);
    fs::write(&file, full).map_err(io_error(&file))?;
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["update", "--workspace", "--offline", "--quiet"])
        .current_dir(folder.path())
        .output()
        .map_err(io_error(Path::new("cargo")))?;
    if !output.status.success() {
        return Err(Refusal::Cargo {
            command: "update --workspace --offline".into(),
            said: String::from_utf8_lossy(&output.stderr).trim().to_owned(),
        });
    }
    let pruned = fs::read(&file).map_err(io_error(&file))?;
    crate::refusal::refuse(new_packages(full, &pruned))?;
    Ok(pruned)
}

/// Packages that the student's lock file has and the instructor's has not: nobody has
/// ever built with them.
fn new_packages(full: &[u8], pruned: &[u8]) -> Vec<Finding> {
    let known = packages(full);
    let new = packages(pruned);
    let new = new.difference(&known).map(|package| {
        let what = format!("the student's would have `{package}`, and this one has not");
        Finding::file(LOCK, what, "run `cargo build`, and commit the lock file")
    });
    new.collect()
}

fn packages(lock: &[u8]) -> BTreeSet<String> {
    let text = String::from_utf8_lossy(lock);
    let mut lines = text.lines();
    let mut packages = BTreeSet::new();
    while let Some(line) = lines.next() {
        if let Some(name) = line.strip_prefix("name = ") {
            let version = lines.next().unwrap_or_default();
            packages.insert(format!("{name} {version}").replace('"', ""));
        }
    }
    packages
}

/// Compares the crates that are shipped with the ones that students need: everything
/// below `cargo lab` and the skeleton.
pub fn closure(sources: &Sources, parcel: &Parcel) -> Result<Vec<Finding>, Refusal> {
    let needed = needed(&sources.root)?;
    let shipped: BTreeSet<&str> = parcel
        .files()
        .filter_map(|(path, _)| path.strip_suffix("/Cargo.toml"))
        .collect();
    let missing = needed
        .iter()
        .filter(|(folder, _)| !shipped.contains(folder.as_str()));
    let missing = missing.map(|(folder, user)| {
        let what = format!("`{user}` needs it, and it is not shipped");
        let remedy = format!("add it to {LIST}, or do without it in `{user}`");
        Finding::file(folder, what, &remedy)
    });
    let idle = shipped
        .iter()
        .filter(|folder| !needed.contains_key(**folder));
    let idle = idle.map(|folder| {
        let what = "shipped, and nothing that students build needs it";
        Finding::file(folder, what, "take it out of crates/handout/allow.toml")
    });
    Ok(missing.chain(idle).collect())
}

/// The folders of the crates that students need, and who needs each.
fn needed(root: &Path) -> Result<BTreeMap<String, String>, Refusal> {
    let metadata = MetadataCommand::new()
        .manifest_path(root.join("Cargo.toml"))
        .no_deps()
        .other_options(["--offline".to_owned()])
        .exec()
        .map_err(|error| Refusal::Cargo {
            command: "metadata --no-deps".into(),
            said: error.to_string(),
        })?;
    let mut needed = BTreeMap::new();
    let mut open: Vec<(String, String)> = ROOTS
        .iter()
        .map(|name| ((*name).to_owned(), "cargo lab".to_owned()))
        .collect();
    while let Some((name, user)) = open.pop() {
        let package = metadata
            .packages
            .iter()
            .find(|package| package.name.as_str() == name);
        let Some(package) = package else { continue };
        let folder = package.manifest_path.parent().map(ToString::to_string);
        let below = folder.as_deref().and_then(|folder| {
            Path::new(folder)
                .strip_prefix(metadata.workspace_root.as_std_path())
                .ok()
        });
        let below = below
            .unwrap_or(Path::new(""))
            .to_string_lossy()
            .replace('\\', "/");
        if needed.insert(below, user).is_none() {
            let built = |kind| matches!(kind, DependencyKind::Normal | DependencyKind::Build);
            for dependency in &package.dependencies {
                if dependency.path.is_some() && built(dependency.kind) {
                    open.push((dependency.name.clone(), name.clone()));
                }
            }
        }
    }
    Ok(needed)
}

fn parse(path: &str, text: &str) -> Result<DocumentMut, Refusal> {
    text.parse()
        .map_err(|error: toml_edit::TomlError| Refusal::malformed(path, error.to_string()))
}
