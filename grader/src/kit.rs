//! The libraries that every submission is compiled against, and the compiler in its jail;
//! built once.

use std::cell::RefCell;
use std::fs;
use std::io::BufReader;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::SystemTime;

use cargo_metadata::{Message, TargetKind};
use rustix::io::Errno;
use rustix::process::{Pid, test_kill_process};
use sandbox::tier::{Layer, Tier};
use tempfile::TempDir;

use crate::compile::{self, Compiled};
use crate::jailed::Compiler;
use crate::linker::Linker;
use crate::once::Once;

/// Prebuilt libraries and the compiler for submissions.
#[derive(Clone, Debug)]
pub struct Kit {
    /// The compiler, and what it may touch.
    pub compiler: Compiler,
    /// What of the sandbox is in force while it compiles.
    pub tier: Tier,
    /// The libraries.
    pub libraries: Libraries,
    /// How a program is linked; none if the compiler has to do it.
    pub linker: Option<Linker>,
    /// The handler files of the skeleton, for those that a submission lacks.
    pub skeleton: PathBuf,
    /// The workspace.
    pub root: PathBuf,
    /// The folder of all private folders.
    pub scratch: Arc<TempDir>,
    pub(crate) compiled: Arc<Once<Compiled>>,
    /// What the libraries were when the kit was built.
    pub(crate) stamps: Vec<Option<Stamp>>,
}

/// Which file it is, and since when: cargo puts a new one in the place of an old one.
pub(crate) type Stamp = (u64, SystemTime);

impl Libraries {
    /// What tells these files from others of the same names; none for one that is gone.
    pub(crate) fn stamps(&self) -> Vec<Option<Stamp>> {
        let of = |file: &PathBuf| {
            let about = fs::metadata(file).ok()?;
            Some((about.ino(), about.modified().ok()?))
        };
        [&self.vmsim, &self.runner, &self.solution].map(of).into()
    }

    /// What is read when a program is linked.
    pub(crate) fn reads(&self) -> [&Path; 4] {
        [
            &self.vmsim,
            &self.runner,
            &self.solution,
            &self.dependencies,
        ]
        .map(PathBuf::as_path)
    }
}

/// The libraries that a submission is compiled against.
#[derive(Clone, Debug)]
pub struct Libraries {
    /// `libvmsim.rlib`: all that a student's file can use. It depends on nothing else.
    pub vmsim: PathBuf,
    /// `librunner.rlib`.
    pub runner: PathBuf,
    /// `libsolution.rlib`: the methods around a graft.
    pub solution: PathBuf,
    /// The folder with what these need.
    pub dependencies: PathBuf,
}

/// The kit cannot be built.
#[derive(Debug, thiserror::Error)]
#[error("the kit cannot be built: {0}\nhelp: {1}")]
pub struct KitError(String, &'static str);

/// What to do if cargo fails.
const ASK_CARGO: &str = "`cargo build -p runner -p solution -p sandbox` shows why";

impl Kit {
    /// Builds the kit of a workspace.
    ///
    /// # Errors
    ///
    /// If cargo fails, or builds something unexpected, or nothing can be compiled with it.
    pub fn build(root: &Path) -> Result<Self, KitError> {
        let built = build_all(root)?;
        let file = |wanted: &str| {
            let found = built.iter().find(|(name, _)| name == wanted);
            let path = found.map(|(_, path)| path.clone());
            path.ok_or_else(|| KitError(format!("cargo built no {wanted}"), ASK_CARGO))
        };
        let runner = file("runner")?;
        // An rlib's own folder has hard links to the files of `deps`.
        let folder = runner.parent().unwrap_or(root);
        let dependencies = match folder.ends_with("deps") {
            true => folder.to_owned(),
            false => folder.join("deps"),
        };
        let libraries = Libraries {
            vmsim: file("vmsim")?,
            solution: file("solution")?,
            runner,
            dependencies,
        };
        let scratch = scratch().map_err(|error| KitError(error.to_string(), MAKE_ROOM))?;
        let skeleton = root.join("labs/skeleton/src");
        let linker = RefCell::new(None);
        let attempt = |compiler: &Compiler| {
            let tried = compile::try_out(compiler, &libraries, (scratch.path(), &skeleton))?;
            linker.replace(tried);
            Ok(())
        };
        let compiler = Compiler::new(file("jail")?, &sysroot(root)?, attempt)
            .map_err(|error| KitError(error.to_string(), TRY_OUT))?;
        is_hidden(root, &compiler)?;
        let tier = compiler
            .folder(scratch.path())
            .and_then(|folder| compiler.tier(&folder))
            .map_err(|error| KitError(error.to_string(), TRY_OUT))?;
        Ok(Self {
            compiler,
            tier,
            stamps: libraries.stamps(),
            libraries,
            linker: linker.into_inner(),
            skeleton,
            root: root.to_owned(),
            scratch: Arc::new(scratch),
            compiled: Arc::default(),
        })
    }
}

impl Kit {
    /// The same kit without these layers, for tests that see what a layer is there for.
    #[must_use]
    pub fn without(mut self, layers: &[Layer]) -> Self {
        self.compiler.without = layers.to_vec();
        self.compiled = Arc::default();
        self
    }
}

/// What to do if there is no private folder.
const MAKE_ROOM: &str = "the folder for temporary files (`TMPDIR`) must take new folders";

/// What to do if not even an empty submission compiles.
const TRY_OUT: &str = "`cargo xtask doctor` tells what this machine lacks";

/// The workspace has the hidden traces: it must not lie where a source may read.
fn is_hidden(root: &Path, compiler: &Compiler) -> Result<(), KitError> {
    let root = root.canonicalize().unwrap_or_else(|_| root.to_owned());
    let mut open = compiler.open_folders();
    match open.find(|folder| root.starts_with(folder)) {
        None => Ok(()),
        Some(folder) => Err(KitError(
            format!(
                "the workspace lies in {}, which the compiler may read",
                folder.display()
            ),
            "move the workspace elsewhere",
        )),
    }
}

/// A folder of this process's own, for private folders. Others may pass through it, as
/// the user does that root's compilers become, and not see what is in it.
fn scratch() -> std::io::Result<TempDir> {
    let mode = match rustix::process::geteuid().is_root() {
        true => 0o711,
        false => 0o700,
    };
    sweep();
    let folder = tempfile::Builder::new()
        .prefix(&scratch_prefix())
        .tempdir()?;
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(mode))?;
    Ok(folder)
}

/// How the folders of graders begin; the number of the process follows.
const SCRATCH: &str = "faultline-";

/// How the names of private folders begin that [`sweep`] removes if this process is killed.
pub fn scratch_prefix() -> String {
    format!("{SCRATCH}{}-", std::process::id())
}

/// Removes what graders of the same user left behind that were killed, in the folder for
/// temporary files. Whoever builds a kit has done so.
pub fn sweep() {
    for entry in fs::read_dir(std::env::temp_dir())
        .into_iter()
        .flatten()
        .flatten()
    {
        let name = entry.file_name();
        let number = name.to_str().and_then(|name| {
            let (number, _) = name.strip_prefix(SCRATCH)?.split_once('-')?;
            Pid::from_raw(number.parse().ok()?)
        });
        let is_dead = |pid| test_kill_process(pid) == Err(Errno::SRCH);
        let own = rustix::process::geteuid().as_raw();
        let is_own = |about: &fs::Metadata| about.is_dir() && about.uid() == own;
        if number.is_some_and(is_dead) && entry.metadata().is_ok_and(|about| is_own(&about)) {
            // Somebody else may be sweeping as well.
            let _left_behind = fs::remove_dir_all(entry.path());
        }
    }
}

/// Builds the libraries and the jail: their names and files.
fn build_all(root: &Path) -> Result<Vec<(String, PathBuf)>, KitError> {
    let fault = |why: String| KitError(why, ASK_CARGO);
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.current_dir(root).args([
        "build",
        "--quiet",
        "--message-format=json-render-diagnostics",
        "--lib",
        "--bin",
        "jail",
    ]);
    for package in ["vmsim", "runner", "solution", "sandbox"] {
        command.args(["--package", package]);
    }
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| fault(error.to_string()))?;
    let messages = child.stdout.take().map(BufReader::new);
    let built = messages.map(|messages| {
        let messages = Message::parse_stream(messages).flatten();
        messages.filter_map(built).collect()
    });
    match child.wait() {
        Ok(status) if status.success() => Ok(built.unwrap_or_default()),
        Ok(status) => Err(fault(format!("cargo ended with {status}"))),
        Err(error) => Err(fault(error.to_string())),
    }
}

fn built(message: Message) -> Option<(String, PathBuf)> {
    let Message::CompilerArtifact(artifact) = message else {
        return None;
    };
    let file = match artifact.target.kind.contains(&TargetKind::Lib) {
        true => artifact
            .filenames
            .into_iter()
            .find(|name| name.extension() == Some("rlib")),
        false => artifact.executable,
    };
    file.map(|file| (artifact.target.name, file.into_std_path_buf()))
}

/// The toolchain of the workspace. The question is asked there: elsewhere a toolchain
/// file, of a submission perhaps, could answer it.
fn sysroot(root: &Path) -> Result<PathBuf, KitError> {
    const HELP: &str = "`rustc --print sysroot` must name the toolchain";
    let said = ask_compiler(root, &["--print", "sysroot"], HELP)?;
    let sysroot = PathBuf::from(said.trim());
    match sysroot.join("bin/rustc").is_file() {
        true => Ok(sysroot),
        false => Err(KitError("the toolchain has no rustc".to_owned(), HELP)),
    }
}

/// Which compiler a kit of this workspace has, in its own words.
///
/// # Errors
///
/// If it does not say so.
pub fn compiler_version(root: &Path) -> Result<String, KitError> {
    const HELP: &str = "`rustc -vV` must tell the version";
    let said = ask_compiler(root, &["-vV"], HELP)?;
    match said.contains("release: ") {
        true => Ok(said),
        false => Err(KitError("rustc does not tell its version".to_owned(), HELP)),
    }
}

fn ask_compiler(root: &Path, question: &[&str], help: &'static str) -> Result<String, KitError> {
    let shim = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let asked = Command::new(shim).current_dir(root).args(question).output();
    let output = asked.map_err(|error| KitError(format!("cannot start rustc: {error}"), help))?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
