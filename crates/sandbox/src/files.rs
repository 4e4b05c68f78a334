//! Which files may be read, written and executed (landlock).
//!
//! Whatever is not allowed by name is forbidden, for good, to the thread that confines
//! itself and to every thread and process that it starts from then on. A process
//! confines itself before it has threads.
//!
//! Landlock looks at what is opened. What is open already stays open, and `stat` tells
//! of every file that its folders' modes show.

use std::io;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// The ABI from which on nothing that this module promises is missing: files, their
/// length, devices, TCP, signals and abstract sockets.
///
/// Source: "Landlock: unprivileged access control", Linux
/// Documentation/userspace-api/landlock.rst, "Previous limitations".
const WHOLE_ABI: u32 = 6;

/// Files that may be used; all others may not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Files {
    allowed: Vec<(PathBuf, Use)>,
}

/// What may be done with a file, or with everything in a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Use {
    /// It may be read, and listed.
    Read,
    /// It may be read, listed and executed.
    Execute,
    /// It may be read, listed, written, made and removed. Devices, sockets and links
    /// may not be made.
    Write,
}

/// What the kernel enforces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enforced {
    /// The version of landlock; 0 for none.
    pub abi: u32,
}

/// How much of what this module promises is in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// All of it.
    Whole,
    /// Files, but not all of: their length (ABI 3), TCP (4), devices (5), signals and
    /// abstract sockets (6).
    Part,
    /// Nothing.
    Nothing,
}

/// A process cannot be confined.
#[derive(Debug, thiserror::Error)]
pub enum FilesError {
    /// A path that is to be allowed cannot be opened.
    #[error("{}: cannot be allowed: {error}", path.display())]
    Open {
        /// The path.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// The kernel offers landlock and refuses this.
    #[error("landlock: {0}")]
    Refused(String),
}

impl Files {
    /// No file at all.
    pub fn nothing() -> Self {
        Self::default()
    }

    /// This file, or everything in this folder, may be read.
    #[must_use]
    pub fn read(self, path: impl Into<PathBuf>) -> Self {
        self.allow(path.into(), Use::Read)
    }

    /// This file, or everything in this folder, may be read and executed.
    #[must_use]
    pub fn execute(self, path: impl Into<PathBuf>) -> Self {
        self.allow(path.into(), Use::Execute)
    }

    /// This file, or everything in this folder, may be read, written, made and removed.
    #[must_use]
    pub fn write(self, path: impl Into<PathBuf>) -> Self {
        self.allow(path.into(), Use::Write)
    }

    fn allow(mut self, path: PathBuf, how: Use) -> Self {
        self.allowed.push((path, how));
        self
    }

    /// Confines this thread, and what it starts from then on, to these files. No new
    /// TCP connection or port, no signal and no abstract socket to the outside, no
    /// device control and no new privileges are left either, as far as this kernel can
    /// forbid them.
    ///
    /// Where there is no landlock nothing happens, and the answer says so.
    ///
    /// # Errors
    ///
    /// If an allowed path cannot be opened, or the kernel refuses; then nothing is in
    /// force that could be relied on.
    pub fn confine(self) -> Result<Enforced, FilesError> {
        kernel::confine(&self.allowed)
    }
}

impl Enforced {
    /// Nothing is enforced.
    pub const NOTHING: Self = Self { abi: 0 };

    /// How much of what this module promises this is.
    pub fn extent(self) -> Extent {
        match self.abi {
            0 => Extent::Nothing,
            1..WHOLE_ABI => Extent::Part,
            _ => Extent::Whole,
        }
    }
}

/// What the kernel of this machine would enforce.
pub fn offered() -> Enforced {
    kernel::offered()
}

#[cfg(target_os = "linux")]
mod kernel {
    use std::io;
    use std::path::Path;

    use landlock::{
        ABI, Access, AccessFs, AccessNet, BitFlags, LandlockStatus, PathBeneath, PathFd,
        PathFdError, RestrictSelf, Ruleset, RulesetAttr, RulesetCreatedAttr, RulesetStatus, Scope,
        make_bitflags,
    };

    use super::{Enforced, FilesError, PathBuf, Use};

    /// The newest ABI that was looked at; kernels that offer less enforce less.
    const BEST: ABI = ABI::V10;

    impl Use {
        fn rights(self) -> BitFlags<AccessFs> {
            match self {
                Use::Read => make_bitflags!(AccessFs::{ReadFile | ReadDir}),
                Use::Execute => make_bitflags!(AccessFs::{ReadFile | ReadDir | Execute}),
                Use::Write => make_bitflags!(AccessFs::{
                    ReadFile | ReadDir | WriteFile | Truncate | MakeReg | MakeDir
                        | RemoveFile | RemoveDir | Refer
                }),
            }
        }
    }

    pub(super) fn confine(allowed: &[(PathBuf, Use)]) -> Result<Enforced, FilesError> {
        let mut rules = Ruleset::default()
            .handle_access(AccessFs::from_all(BEST))
            .and_then(|rules| rules.handle_access(AccessNet::from_all(BEST)))
            .and_then(|rules| rules.scope(Scope::from_all(BEST)))
            .and_then(Ruleset::create)
            .map_err(refused)?;
        for (path, how) in allowed {
            rules = rules.add_rule(rule(path, *how)?).map_err(refused)?;
        }
        let status = rules.restrict_self().map_err(refused)?;
        match status.ruleset {
            RulesetStatus::NotEnforced => Ok(Enforced::NOTHING),
            _ => Ok(abi(&status.landlock)),
        }
    }

    /// A file has no entries, and rights on entries are refused for it.
    fn rule(path: &Path, how: Use) -> Result<PathBeneath<PathFd>, FilesError> {
        let opened = PathFd::new(path).map_err(|error| FilesError::Open {
            path: path.to_owned(),
            error: match error {
                PathFdError::OpenCall { source, .. } => source,
                other => io::Error::other(other),
            },
        })?;
        let rights = match path.is_dir() {
            true => how.rights(),
            false => how.rights() & AccessFs::from_file(BEST),
        };
        Ok(PathBeneath::new(opened, rights))
    }

    /// Asks for the status without asking for anything else, so that nothing changes.
    pub(super) fn offered() -> Enforced {
        let asked = RestrictSelf::default().no_new_privs(false).apply();
        asked.map_or(Enforced::NOTHING, |status| abi(&status.landlock))
    }

    fn abi(status: &LandlockStatus) -> Enforced {
        match status {
            LandlockStatus::Available { effective_abi, .. } => Enforced {
                abi: *effective_abi as u32,
            },
            _ => Enforced::NOTHING,
        }
    }

    fn refused(error: impl std::error::Error) -> FilesError {
        FilesError::Refused(error.to_string())
    }
}

#[cfg(not(target_os = "linux"))]
mod kernel {
    use super::{Enforced, FilesError, PathBuf, Use};

    pub(super) fn confine(_: &[(PathBuf, Use)]) -> Result<Enforced, FilesError> {
        Ok(Enforced::NOTHING)
    }

    pub(super) fn offered() -> Enforced {
        Enforced::NOTHING
    }
}
