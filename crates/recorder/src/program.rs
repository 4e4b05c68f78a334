//! A program that is to run: which file it is, and with what.

use std::env;
use std::ffi::{OsStr, OsString};
use std::fmt::{self, Display, Formatter};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::error::RunError;

/// A program, its arguments, and its environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// The file.
    pub path: PathBuf,
    /// The arguments behind its name.
    pub args: Vec<OsString>,
    /// Environment and folder, if they are not ours.
    pub surroundings: Option<Surroundings>,
}

/// What a program inherits from the one that started it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Surroundings {
    /// The environment.
    pub variables: Vec<(OsString, OsString)>,
    /// The working directory.
    pub folder: PathBuf,
}

impl Program {
    /// Finds the program as a shell would.
    ///
    /// # Errors
    ///
    /// If there is no such program.
    pub fn find(name: &OsStr, args: &[OsString]) -> Result<Self, RunError> {
        let paths = env::var_os("PATH").unwrap_or_default();
        let path = candidates(name, &paths)
            .find(|path| is_executable(path))
            .ok_or_else(|| RunError::NoProgram { name: name.into() })?;
        Ok(Self {
            path,
            args: args.into(),
            surroundings: None,
        })
    }

    /// The command that starts it by itself.
    pub(crate) fn command(&self) -> Command {
        self.behind(Command::new(&self.path))
    }

    /// The command that starts another program on this one: its path and
    /// arguments follow those that are there.
    pub(crate) fn under(&self, mut other: Command) -> Command {
        other.arg(&self.path);
        self.behind(other)
    }

    fn behind(&self, mut command: Command) -> Command {
        command.args(&self.args);
        if let Some(Surroundings { variables, folder }) = &self.surroundings {
            command.env_clear().envs(variables.iter().cloned());
            command.current_dir(folder);
        }
        command
    }

    /// Path and arguments, as texts.
    pub fn words(&self) -> Vec<String> {
        let path = self.path.as_os_str();
        let words = std::iter::once(path).chain(self.args.iter().map(OsString::as_os_str));
        words.map(|word| word.to_string_lossy().into()).collect()
    }
}

impl Display for Program {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words().join(" "))
    }
}

/// The files that a name can stand for in a search path, whether they exist or
/// not; an empty folder is the working directory.
pub(crate) fn candidates(name: &OsStr, paths: &OsStr) -> impl Iterator<Item = PathBuf> {
    let folders: Vec<_> = match name.as_encoded_bytes().contains(&b'/') {
        true => vec![PathBuf::new()],
        false => env::split_paths(paths)
            .map(|folder| Path::new(".").join(folder))
            .collect(),
    };
    folders.into_iter().map(move |folder| folder.join(name))
}

/// Whether it is a file that somebody may execute.
pub(crate) fn is_executable(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
}
