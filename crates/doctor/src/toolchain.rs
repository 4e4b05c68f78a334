//! The compiler that submissions meet.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::answer::Answer;
use crate::answer::Standing::{Good, Missing, Weaker};

/// The compiler, and the linker that it calls.
pub fn answers(root: &Path) -> Vec<Answer> {
    vec![compiler(root), linker()]
}

fn compiler(root: &Path) -> Answer {
    let Some((path, version)) = sysroot(root).and_then(version_in) else {
        let follows = "install Rust: https://rustup.rs";
        return Answer::new("rustc", Missing, "not found", follows);
    };
    let found = format!("{version}, {}", path.display());
    match reachable_for_all(&path) {
        true => Answer::new("rustc", Good, found, "called by this path, never by name"),
        false => Answer::new(
            "rustc",
            Weaker,
            found,
            "other users cannot reach it, so a grader that is root compiles as root, \
             behind landlock and seccomp; a toolchain outside of /root mends that",
        ),
    }
}

/// Where the toolchain of the workspace is.
fn sysroot(root: &Path) -> Option<PathBuf> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let said = Command::new(rustc)
        .args(["--print", "sysroot"])
        .current_dir(root)
        .output()
        .ok()?;
    let path = String::from_utf8(said.stdout).ok()?;
    Some(PathBuf::from(path.trim_end()))
}

fn version_in(sysroot: PathBuf) -> Option<(PathBuf, String)> {
    let path = sysroot.join("bin/rustc");
    let said = Command::new(&path).arg("--version").output().ok()?;
    let version = String::from_utf8(said.stdout).ok()?;
    Some((path, version.trim_end().to_owned()))
}

/// Whether each folder on the way may be entered by anybody.
#[cfg(unix)]
fn reachable_for_all(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    const ENTER: u32 = 0o001;
    let open = |part: &Path| {
        part.metadata()
            .is_ok_and(|it| it.permissions().mode() & ENTER != 0)
    };
    path.ancestors().all(open)
}

#[cfg(not(unix))]
fn reachable_for_all(_: &Path) -> bool {
    true
}

fn linker() -> Answer {
    match which::which("cc") {
        Ok(path) => Answer::new(
            "linker",
            Good,
            path.display().to_string(),
            "links submissions",
        ),
        Err(_) => Answer::new(
            "linker",
            Missing,
            "no cc",
            "nothing can be linked: on Debian, apt-get install gcc libc6-dev",
        ),
    }
}
