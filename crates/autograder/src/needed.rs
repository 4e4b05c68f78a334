//! Which crates grading is built from: the program in the container, and everything of
//! this workspace below it. Asked of cargo, so that a new dependency is never forgotten.

use std::collections::BTreeSet;
use std::path::Path;

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package};

use crate::trouble::Trouble;

/// The program in the container.
const PROGRAM: &str = "gradescope";

/// The folders of the crates, below the workspace's root, with `/` between folders.
///
/// # Errors
///
/// If cargo does not tell.
pub fn folders(root: &Path) -> Result<BTreeSet<String>, Trouble> {
    let metadata = MetadataCommand::new()
        .manifest_path(root.join("Cargo.toml"))
        .no_deps()
        .other_options(["--offline".to_owned()])
        .exec()
        .map_err(|error| Trouble::Cargo(error.to_string()))?;
    let mut folders = BTreeSet::new();
    let mut open = vec![PROGRAM.to_owned()];
    while let Some(name) = open.pop() {
        let package = metadata.packages.iter().find(|it| it.name.as_str() == name);
        let package =
            package.ok_or_else(|| Trouble::Cargo(format!("there is no crate `{name}`")))?;
        if folders.insert(folder(&metadata, package)) {
            let built = |kind| matches!(kind, DependencyKind::Normal | DependencyKind::Build);
            let own = package.dependencies.iter();
            let own = own.filter(|it| it.path.is_some() && built(it.kind));
            open.extend(own.map(|dependency| dependency.name.clone()));
        }
    }
    Ok(folders)
}

fn folder(metadata: &Metadata, package: &Package) -> String {
    let manifest = &package.manifest_path;
    let folder = manifest.parent().unwrap_or(manifest);
    let below = folder
        .strip_prefix(&metadata.workspace_root)
        .unwrap_or(folder);
    below.as_str().replace('\\', "/")
}
