//! The compiler alone, called as cargo called it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use sha2::{Digest, Sha256};
use tempfile::TempDir;

use super::cargo::Built;
use super::diagnostics::Diagnostics;
use super::recipe::Recipe;
use super::stamp::files_below;
use crate::report::Failure;

/// The student's sources, as the compiler names them.
const SOURCES: &str = "labs/skeleton/src";

/// Programs and their messages that are kept: whoever undoes a change gets the old one.
const KEPT_MAX: usize = 16;

/// Options of cargo's that say where the output goes. Between two builds of one small
/// crate there is nothing worth remembering, so the incremental cache is left out too.
const OUTPUT: [&str; 2] = ["--out-dir", "-C incremental="];

/// Where programs are kept, one for each state of the student's files.
pub(super) struct Place {
    root: PathBuf,
    folder: PathBuf,
}

impl Place {
    /// The place of the workspace around the current folder; none if `cargo lab` is not
    /// where cargo puts what it builds.
    pub fn of_this_workspace() -> Option<Self> {
        let here = std::env::current_dir().ok()?;
        let mut around = here.ancestors();
        let root = around.find(|folder| folder.join(SOURCES).is_dir())?;
        let program = std::env::current_exe().ok()?;
        let target = program.parent()?.parent()?;
        let is_cargos = target.join(".rustc_info.json").is_file();
        // Workspaces may have one folder for what is built of all of them.
        let whose = name(Sha256::digest(root.as_os_str().as_encoded_bytes()));
        is_cargos.then(|| Self {
            root: root.to_owned(),
            folder: target.join("lab").join(whose),
        })
    }

    fn recipe(&self) -> PathBuf {
        self.folder.join("recipe.json")
    }

    /// Writes down how cargo built a program.
    pub fn learn(&self, built: &Built) {
        let Some(command) = built.command.clone() else {
            return;
        };
        let recipe = Recipe::new(&self.root, command, &built.from);
        // Whoever cannot write it down asks cargo again.
        if let Some(text) = recipe.and_then(|recipe| serde_json::to_vec(&recipe).ok()) {
            let _unwritten = self.put(&self.recipe(), &text);
        }
    }

    /// Puts a file there at once and as a whole, whoever else does so.
    fn put(&self, path: &Path, content: &[u8]) -> std::io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        let file = tempfile::NamedTempFile::new_in(&self.folder)?;
        fs::write(file.path(), content)?;
        file.persist(path)?;
        Ok(())
    }

    /// Builds the program with the compiler alone; none if that is cargo's business.
    pub fn build(&self) -> Option<Result<PathBuf, Failure>> {
        let text = fs::read(self.recipe()).ok()?;
        let recipe: Recipe = serde_json::from_slice(&text).ok()?;
        if !recipe.still_holds(&self.root) {
            return None;
        }
        let state = self.state(&text)?;
        let program = self.folder.join(format!("skeleton-{state}"));
        let messages = program.with_extension("messages");
        if program.is_file()
            && let Ok(messages) = fs::read_to_string(&messages)
        {
            anstream::eprint!("{messages}");
            return Some(Ok(program));
        }
        self.sweep();
        let is_as_before = || self.state(&text).is_some_and(|now| now == state);
        self.compile(&recipe, &program, &messages, is_as_before)
    }

    /// A name for the recipe and all of the student's files.
    fn state(&self, recipe: &[u8]) -> Option<String> {
        let mut state = Sha256::new_with_prefix(recipe);
        for path in files_below(&self.root.join(SOURCES)) {
            let content = fs::read(&path).ok()?;
            state.update(path.as_os_str().as_encoded_bytes());
            state.update((content.len() as u64).to_le_bytes());
            state.update(&content);
        }
        Some(name(state.finalize()))
    }

    fn compile(
        &self,
        recipe: &Recipe,
        program: &Path,
        messages: &Path,
        is_as_before: impl Fn() -> bool,
    ) -> Option<Result<PathBuf, Failure>> {
        let folder = TempDir::new_in(&self.folder).ok()?;
        let output = command(recipe, folder.path())?.output().ok()?;
        // Saved meanwhile: which of the two was compiled, nobody knows.
        if !is_as_before() {
            return None;
        }
        let told = Diagnostics::read(&String::from_utf8_lossy(&output.stderr));
        if !output.status.success() {
            let is_theirs = told.blame(Path::new(SOURCES));
            return is_theirs.then(|| {
                anstream::eprint!("{}", told.rendered());
                Err(Failure::DoesNotCompile("skeleton"))
            });
        }
        let made = made(folder.path(), &self.root)?;
        // The messages first: a program without them is compiled again.
        fs::write(messages, told.rendered()).ok()?;
        fs::rename(made, program).ok()?;
        anstream::eprint!("{}", told.rendered());
        Some(Ok(program.to_owned()))
    }

    /// Removes what older saves have left, and runs that were killed.
    fn sweep(&self) {
        let entries = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let mut made: Vec<(SystemTime, PathBuf)> = entries
            .filter(|entry| entry.path() != self.recipe())
            .filter_map(|entry| Some((entry.metadata().ok()?.modified().ok()?, entry.path())))
            .collect();
        made.sort();
        for (_, path) in made.iter().rev().skip(KEPT_MAX) {
            let _gone = match path.is_dir() {
                true => fs::remove_dir_all(path),
                false => fs::remove_file(path),
            };
        }
    }
}

/// The beginning of a hash, for the name of a file.
fn name(hash: impl AsRef<[u8]>) -> String {
    let bytes = hash.as_ref().iter().take(8);
    bytes.map(|byte| format!("{byte:02x}")).collect()
}

/// The compiler's command with another place for what it makes.
fn command(recipe: &Recipe, folder: &Path) -> Option<Command> {
    let (compiler, words) = recipe.command.split_first()?;
    let mut command = Command::new(compiler);
    command.current_dir(&recipe.root);
    let mut words = words.iter().peekable();
    while let Some(word) = words.next() {
        let both = [word.as_str(), words.peek().map_or("", |next| next)].join(" ");
        match OUTPUT.iter().any(|option| both.starts_with(option)) {
            true => drop(words.next()),
            false => drop(command.arg(word)),
        }
    }
    command.arg("--out-dir").arg(folder);
    Some(command)
}

/// The program in this folder, unless the compiler read more for it than the student's
/// files: another file, or a variable that cargo sets. It tells what it read.
fn made(folder: &Path, root: &Path) -> Option<PathBuf> {
    let files = files_below(folder);
    let has_ending = |path: &&PathBuf| path.extension().is_some_and(|ending| ending == "d");
    let read = fs::read_to_string(files.iter().find(has_ending)?).ok()?;
    let is_theirs = |path: &str| {
        let path = path.replace("\\ ", " ");
        root.join(path).starts_with(root.join(SOURCES))
    };
    let mut each = read.lines().filter_map(|line| line.strip_suffix(':'));
    let is_plain = !read.contains("# env-dep:") && each.all(is_theirs);
    let program = files.iter().find(|path| path.extension().is_none())?;
    is_plain.then(|| program.clone())
}
