//! A history of one commit, the same for everybody who makes the same handout.
//!
//! Git is asked without its settings, hooks and templates, which are the instructor's.
//! In the end every object in the repository is compared with the parcel: nothing may be
//! in the history that was not looked at.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::parcel::Parcel;
use crate::refusal::{Refusal, io_error};

/// Who has committed, and when: nobody, and always then.
const WHO: [(&str, &str); 6] = [
    ("GIT_AUTHOR_NAME", "Faultline"),
    ("GIT_AUTHOR_EMAIL", "faultline@example.org"),
    ("GIT_AUTHOR_DATE", "2000-01-01T00:00:00Z"),
    ("GIT_COMMITTER_NAME", "Faultline"),
    ("GIT_COMMITTER_EMAIL", "faultline@example.org"),
    ("GIT_COMMITTER_DATE", "2000-01-01T00:00:00Z"),
];

/// What the commit says.
const MESSAGE: &str = "Begin with what the course hands out";

/// The student's branch.
const BRANCH: &str = "main";

/// The files of a new repository that tell nothing and differ from machine to machine.
const LEAVINGS: [&str; 3] = ["index", "COMMIT_EDITMSG", "logs"];

/// Makes a folder, which holds the parcel's files, a repository with one commit.
pub fn begin(folder: &Path, parcel: &Parcel) -> Result<(), Refusal> {
    let git = Git { folder };
    let branch = format!("--initial-branch={BRANCH}");
    git.run(&["init", "--quiet", "--template=", &branch])?;
    git.run(&["config", "core.logAllRefUpdates", "false"])?;
    git.run(&["add", "--all", "--force"])?;
    git.run(&["commit", "--quiet", "--no-verify", "--message", MESSAGE])?;
    // An index remembers when each file was written; one that is read from the commit
    // does not.
    for leaving in LEAVINGS {
        remove(&folder.join(".git").join(leaving))?;
    }
    git.run(&["read-tree", "HEAD"])?;
    git.run(&["config", "--unset", "core.logAllRefUpdates"])?;
    git.holds(parcel)
}

fn remove(path: &Path) -> Result<(), Refusal> {
    let removed = match path.is_dir() {
        true => fs::remove_dir_all(path),
        false => fs::remove_file(path),
    };
    match removed {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(io_error(path)(error)),
        _ => Ok(()),
    }
}

/// Git, which is told nothing by whoever has started us: where a hook or another git did,
/// it says which repository is meant.
pub(crate) fn git_alone() -> Command {
    let mut command = Command::new("git");
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("GIT_") {
            command.env_remove(name);
        }
    }
    command
}

/// Git, in one folder.
struct Git<'a> {
    folder: &'a Path,
}

impl Git<'_> {
    fn run(&self, args: &[&str]) -> Result<Vec<u8>, Refusal> {
        self.fed(args, &[])
    }

    /// Runs git with something on its standard input.
    fn fed(&self, args: &[&str], input: &[u8]) -> Result<Vec<u8>, Refusal> {
        let mut child = self
            .command(args)
            .spawn()
            .map_err(|error| match error.kind() {
                io::ErrorKind::NotFound => Refusal::NoGit,
                _ => Refusal::Git(error.to_string()),
            })?;
        let stdin = child.stdin.take();
        let output = std::thread::scope(|scope| {
            // Git answers while it reads. One that does not read all says why.
            scope.spawn(move || stdin.map(|mut stdin| stdin.write_all(input)));
            child.wait_with_output()
        });
        let output = output.map_err(|error| Refusal::Git(error.to_string()))?;
        match output.status.success() {
            true => Ok(output.stdout),
            false => Err(Refusal::Git(
                String::from_utf8_lossy(&output.stderr).trim().to_owned(),
            )),
        }
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = git_alone();
        let nowhere = if cfg!(windows) { "NUL" } else { "/dev/null" };
        command
            .arg("-C")
            .arg(self.folder)
            .args(["-c", "core.autocrlf=false", "-c", "core.fileMode=false"])
            .args(["-c", "commit.gpgSign=false", "-c", "gc.auto=0"])
            .args(args)
            .envs(WHO)
            .env("GIT_CONFIG_GLOBAL", nowhere)
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("LC_ALL", "C")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Compares all objects with the parcel: the commit's files are its files, and there
    /// is nothing besides.
    fn holds(&self, parcel: &Parcel) -> Result<(), Refusal> {
        let listed = self.run(&["ls-tree", "-r", "-z", "--name-only", "HEAD"])?;
        let listed = String::from_utf8_lossy(&listed).into_owned();
        let committed: BTreeSet<&str> =
            listed.split('\0').filter(|path| !path.is_empty()).collect();
        let packed: BTreeSet<&str> = parcel.files().map(|(path, _)| path).collect();
        if let Some(path) = committed.symmetric_difference(&packed).next() {
            return Err(Refusal::Git(format!("{path}: not the same in the commit")));
        }
        let texts: BTreeSet<&[u8]> = parcel.files().map(|(_, bytes)| bytes).collect();
        let mut commits = 0;
        for object in self.objects()? {
            commits += u32::from(object.kind == "commit");
            let known = object.kind != "blob" || texts.contains(object.bytes.as_slice());
            if !known || commits > 1 || object.kind == "tag" {
                let Object { name, kind, .. } = object;
                return Err(Refusal::Git(format!(
                    "{kind} {name} is not of this handout"
                )));
            }
        }
        Ok(())
    }

    /// All objects of the repository, reachable or not.
    fn objects(&self) -> Result<Vec<Object>, Refusal> {
        let args = ["cat-file", "--batch-all-objects", "--batch"];
        let told = self.run(&args)?;
        let mut rest = told.as_slice();
        let mut objects = Vec::new();
        while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
            let head = String::from_utf8_lossy(&rest[..end]).into_owned();
            let mut head = head.split(' ').map(str::to_owned);
            let (name, kind) = (head.next(), head.next());
            let size: Option<usize> = head.next().and_then(|size| size.parse().ok());
            let (Some(name), Some(kind), Some(size)) = (name, kind, size) else {
                return Err(Refusal::Git("cat-file: not understood".into()));
            };
            let bytes = rest[end + 1..][..size].to_vec();
            rest = &rest[end + 1 + size + 1..];
            objects.push(Object { name, kind, bytes });
        }
        Ok(objects)
    }
}

/// A blob, a tree or a commit.
struct Object {
    name: String,
    kind: String,
    bytes: Vec<u8>,
}
