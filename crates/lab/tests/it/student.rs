//! A student's workspace: the kit and its labs, and handlers that a test writes.

use std::fs::{self, File};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

/// The handlers of one student, alone in the workspace as long as this lives.
///
/// There is one workspace for all tests, below `target/`, so that the kit is compiled once
/// and each test compiles the handlers and nothing else. It begins with the reference's
/// handlers; nobody else's are there before they are written.
pub struct Student {
    root: PathBuf,
    _alone: File,
}

/// What a command said.
pub struct Said {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Student {
    /// Somebody who has written nothing.
    pub fn untouched() -> Self {
        let student = Self::alone();
        student.take_all_from("labs/skeleton/src");
        student
    }

    /// Somebody who has written all of it as the reference does.
    pub fn perfect() -> Self {
        let student = Self::alone();
        student.take_all_from("labs/solution/src");
        student
    }

    /// The same but for one place in a file: what stands there, and what is put instead.
    pub fn but(self, file: &str, right: &str, wrong: &str) -> Self {
        let path = self.sources().join(file);
        let text = fs::read_to_string(&path).expect("a handler file");
        assert_eq!(
            text.matches(right).count(),
            1,
            "`{right}` is in {file} once"
        );
        write(&path, &text.replace(right, wrong));
        self
    }

    /// The same with one file as it is handed out.
    pub fn without(self, file: &str) -> Self {
        let path = repository().join("labs/skeleton/src").join(file);
        let text = fs::read_to_string(path).expect("a handler file");
        write(&self.sources().join(file), &text);
        self
    }

    /// The same with a file more.
    pub fn and(self, file: &str, text: &str) -> Self {
        write(&self.sources().join(file), text);
        self
    }

    /// The same with all handler files of a folder.
    pub fn with(self, folder: &Path) -> Self {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let text = fs::read_to_string(&path).expect("a handler file");
            let file = path.file_name().expect("a name").to_owned();
            write(&self.sources().join(file), &text);
        }
        self
    }

    /// Runs `cargo lab`.
    pub fn lab(&self, args: &[&str]) -> Said {
        let output = self.command(args).output().expect("cargo lab starts");
        Said::from(&output)
    }

    /// `cargo lab`, before it is run.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(lab(&self.root));
        command.args(args).current_dir(&self.root);
        command.env("CARGO_TARGET_DIR", self.root.join("target"));
        command.env("CARGO_TERM_COLOR", "never");
        command
    }

    /// Forgets which hints were shown.
    pub fn forgetful(self) -> Self {
        let _nothing_to_forget = fs::remove_file(self.root.join("target/lab/hints.json"));
        self
    }

    fn alone() -> Self {
        static LAID_OUT: OnceLock<PathBuf> = OnceLock::new();
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("student");
        fs::create_dir_all(&root).expect("a folder");
        let lock = File::create(root.join("lock")).expect("a file to lock");
        lock.lock().expect("a lock");
        LAID_OUT.get_or_init(|| {
            lay_out(&root);
            root.clone()
        });
        let attachments = fs::read_dir(root.join("labs/skeleton/src")).expect("a folder");
        for path in attachments.map(|entry| entry.expect("an entry").path()) {
            if path.extension().is_none_or(|it| it != "rs" && it != "toml") {
                fs::remove_file(path).expect("it was there");
            }
        }
        Self { root, _alone: lock }
    }

    /// The folder of the handlers.
    pub fn sources(&self) -> PathBuf {
        self.root.join("labs/skeleton/src")
    }

    fn take_all_from(&self, folder: &str) {
        for number in 1..=8 {
            let file = format!("lab{number}.rs");
            let path = repository().join(folder).join(&file);
            let text = fs::read_to_string(path).expect("a handler file");
            write(&self.sources().join(file), &text);
        }
        for file in ["policy.rs", "predict.toml"] {
            let path = repository().join("labs/skeleton/src").join(file);
            let text = fs::read_to_string(path).expect("a file of the skeleton");
            write(&self.sources().join(file), &text);
        }
    }
}

impl From<&Output> for Said {
    fn from(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Self {
            code: output.status.code().expect("it was not killed"),
            out: text(&output.stdout),
            err: text(&output.stderr),
        }
    }
}

pub fn repository() -> &'static Path {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    root.and_then(Path::parent).expect("crates/lab is in it")
}

/// The program, where cargo would put it if it were built there.
fn lab(root: &Path) -> PathBuf {
    root.join("target/debug/lab")
}

/// Writes a file only if it changes: what is as it was need not be compiled again.
fn write(path: &Path, text: &str) {
    if fs::read_to_string(path).is_ok_and(|now| now == text) {
        return;
    }
    fs::write(path, text).expect("a file can be written");
}

/// Everything but the student's crate is the repository's own.
fn lay_out(root: &Path) {
    let is_own = |name: &str| ["target", "labs", ".git"].contains(&name);
    link_all(repository(), root, is_own);
    let labs = root.join("labs");
    link_all(&repository().join("labs"), &labs, |name| name == "skeleton");
    let skeleton = repository().join("labs/skeleton");
    let copy = labs.join("skeleton");
    fs::create_dir_all(copy.join("src")).expect("a folder");
    for file in [
        "Cargo.toml",
        "src/main.rs",
        "src/policy.rs",
        "src/predict.toml",
    ] {
        let text = fs::read_to_string(skeleton.join(file)).expect("a file of the skeleton");
        write(&copy.join(file), &text);
    }
    let program = lab(root);
    fs::create_dir_all(program.parent().expect("a folder")).expect("a folder");
    let fresh = assert_cmd::cargo::cargo_bin!("lab");
    let _none_yet = fs::remove_file(&program);
    fs::copy(fresh, &program).expect("the program can be copied");
}

fn link_all(from: &Path, to: &Path, left_out: impl Fn(&str) -> bool) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let name = entry.expect("an entry").file_name();
        let link = to.join(&name);
        if !left_out(&name.to_string_lossy()) && !link.is_symlink() {
            // The lock file is written by cargo, so it is a copy.
            match name == "Cargo.lock" {
                true => drop(fs::copy(from.join(&name), &link)),
                false => symlink(from.join(&name), &link).expect("a link"),
            }
        }
    }
}
