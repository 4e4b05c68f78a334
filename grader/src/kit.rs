//! The libraries that every submission is compiled against, built once.

use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use cargo_metadata::{Message, TargetKind};

/// Prebuilt libraries and the compiler for submissions.
#[derive(Clone, Debug)]
pub struct Kit {
    /// The real compiler, by its absolute path: a toolchain file in a submission
    /// cannot choose another.
    pub rustc: PathBuf,
    /// `libvmsim.rlib`.
    pub vmsim: PathBuf,
    /// `librunner.rlib`.
    pub runner: PathBuf,
    /// `libsolution.rlib`: the methods around a graft.
    pub solution: PathBuf,
    /// The folder with what these need.
    pub dependencies: PathBuf,
    /// The handler files of the skeleton, for those that a submission lacks.
    pub skeleton: PathBuf,
}

/// The kit cannot be built.
#[derive(Debug, thiserror::Error)]
#[error("the kit cannot be built: {0}\nhelp: `cargo build -p runner -p solution` shows why")]
pub struct KitError(String);

impl Kit {
    /// Builds the kit of a workspace.
    ///
    /// # Errors
    ///
    /// If cargo fails, or builds something unexpected.
    pub fn build(root: &Path) -> Result<Self, KitError> {
        let libraries = build_libraries(root)?;
        let library = |name: &str| {
            let found = libraries.iter().find(|(built, _)| built == name);
            found
                .map(|(_, path)| path.clone())
                .ok_or_else(|| KitError(format!("no lib{name}.rlib")))
        };
        let runner = library("runner")?;
        // An rlib's own folder has hard links to the files of `deps`.
        let folder = runner.parent().unwrap_or(root);
        let dependencies = match folder.ends_with("deps") {
            true => folder.to_owned(),
            false => folder.join("deps"),
        };
        Ok(Self {
            rustc: rustc()?,
            vmsim: library("vmsim")?,
            solution: library("solution")?,
            runner,
            dependencies,
            skeleton: root.join("labs/skeleton/src"),
        })
    }
}

fn build_libraries(root: &Path) -> Result<Vec<(String, PathBuf)>, KitError> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut child = Command::new(cargo)
        .current_dir(root)
        .args([
            "build",
            "--quiet",
            "--message-format=json-render-diagnostics",
            "--lib",
        ])
        .args([
            "--package",
            "vmsim",
            "--package",
            "runner",
            "--package",
            "solution",
        ])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| KitError(error.to_string()))?;
    let messages = child.stdout.take().map(BufReader::new);
    let libraries = messages.map(|messages| {
        Message::parse_stream(messages)
            .flatten()
            .filter_map(library)
            .collect()
    });
    match child.wait() {
        Ok(status) if status.success() => Ok(libraries.unwrap_or_default()),
        Ok(status) => Err(KitError(format!("cargo ended with {status}"))),
        Err(error) => Err(KitError(error.to_string())),
    }
}

fn library(message: Message) -> Option<(String, PathBuf)> {
    let Message::CompilerArtifact(artifact) = message else {
        return None;
    };
    if !artifact.target.kind.contains(&TargetKind::Lib) {
        return None;
    }
    let rlib = artifact
        .filenames
        .iter()
        .find(|name| name.extension() == Some("rlib"))?;
    Some((
        artifact.target.name.clone(),
        rlib.clone().into_std_path_buf(),
    ))
}

fn rustc() -> Result<PathBuf, KitError> {
    let shim = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let asked = Command::new(shim).args(["--print", "sysroot"]).output();
    let output = asked.map_err(|error| KitError(format!("cannot start rustc: {error}")))?;
    let sysroot = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    Ok(Path::new(&sysroot).join("bin").join("rustc"))
}
