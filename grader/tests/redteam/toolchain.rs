//! The compiler and the kit for a grading process that has an environment of its own,
//! and perhaps another user.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tempfile::TempDir;

/// Programs that stand for cargo: one asks the real one and keeps its answer, the other
/// gives that answer again. So a user who may not write to the target folder, or may not
/// see the toolchain, has a kit.
pub struct Toolchain {
    folder: TempDir,
    /// The sysroot as its owner has it, and as everybody may read it.
    own: PathBuf,
}

/// What cargo said when it was asked last.
static ANSWER: Mutex<Vec<u8>> = Mutex::new(Vec::new());

impl Toolchain {
    pub fn new() -> Self {
        let folder = tempfile::Builder::new().prefix("redteam-kit-").tempdir();
        let folder = folder.expect("a scratch folder");
        let open = fs::Permissions::from_mode(0o755);
        fs::set_permissions(folder.path(), open.clone()).expect("a folder of ours");
        let toolchain = Self {
            own: sysroot(),
            folder,
        };
        let answer = toolchain.at("answer");
        let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
        fs::write(&answer, &*known()).expect("room");
        let kept = answer.display();
        let exports = environment();
        let asks = format!(
            "#!/bin/sh\n{exports}'{cargo}' \"$@\" > {kept}\nstatus=$?\ncat {kept}\n\
             exit $status\n"
        );
        let repeats = format!("#!/bin/sh\ncat {kept}\n");
        for (name, text) in [("asks", asks), ("repeats", repeats)] {
            fs::write(toolchain.at(name), text).expect("room");
            fs::set_permissions(toolchain.at(name), open.clone()).expect("a file of ours");
        }
        toolchain
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Keeps what cargo has said, for those who may not ask it.
    pub fn remember(&self) {
        *known() = fs::read(self.at("answer")).expect("a file");
    }

    /// Cargo itself.
    pub fn cargo(&self) -> PathBuf {
        self.at("asks")
    }

    /// What cargo said before.
    pub fn cargo_again(&self) -> PathBuf {
        self.at("repeats")
    }

    /// The compiler.
    pub fn rustc(&self) -> PathBuf {
        self.own.join("bin/rustc")
    }

    /// The compiler, where everybody may read it: hard links, which take no room.
    pub fn rustc_for_all(&self) -> PathBuf {
        let copy = self.at("toolchain");
        if !copy.exists() {
            link_all(&self.own.join("lib"), &copy.join("lib"));
            link_all(&self.own.join("bin"), &copy.join("bin"));
        }
        copy.join("bin/rustc")
    }
}

fn known() -> MutexGuard<'static, Vec<u8>> {
    ANSWER.lock().unwrap_or_else(PoisonError::into_inner)
}

/// This process's environment, for a script.
fn environment() -> String {
    let quoted = |text: &str| text.replace('\'', "'\\''");
    let exported = std::env::vars().map(|(name, value)| match name.as_str() {
        "_" | "PWD" => String::new(),
        name => format!("export {name}='{}'\n", quoted(&value)),
    });
    exported.collect()
}

fn sysroot() -> PathBuf {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let asked = Command::new(rustc).args(["--print", "sysroot"]).output();
    let said = asked.expect("a compiler").stdout;
    PathBuf::from(String::from_utf8_lossy(&said).trim())
}

fn link_all(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a new folder");
    for entry in fs::read_dir(from).expect("a folder").flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            link_all(&entry.path(), &target);
        } else if fs::hard_link(entry.path(), &target).is_err() {
            fs::copy(entry.path(), &target).expect("room");
        }
    }
}
