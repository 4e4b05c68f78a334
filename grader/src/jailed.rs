//! The compiler in its jail: what it may touch, and how it is started.
//!
//! A submission is compiled in two stages, each in a process that is confined before it
//! becomes the compiler (`sandbox::jail`). The first meets the student's source and may
//! read the toolchain's libraries, the simulator's and the private folder, and nothing
//! else of this machine. The second links the outcome into a program. It needs the linker
//! and the reference, and never opens a file that a source names.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use sandbox::jail::{Jail, JailLimits, Stage, TROUBLE};
use sandbox::tier::{Layer, Tier};
use sandbox::user::user_of;
use tempfile::TempDir;
use verdict::bounded::{self, Bounds, Ended};

/// CPU time of a stage, in seconds. A submission takes 0.6 s; a slow machine, ten times
/// that.
pub const CPU_SECONDS: u64 = 10;

/// Address space of the first stage, in MiB. rustc compiles a submission within 800.
pub const MEMORY_MIB: u64 = 1536;

/// The same of the second, in MiB: lld has a thread for each core, and each has room of
/// its own. No source is read there that could ask for more.
const LINK_MEMORY_MIB: u64 = 4096;

/// The largest file that may be written, in MiB. A program has three.
pub const FILE_MIB: u64 = 64;

/// Time on the clock, in seconds: a busy machine is not the student's fault.
pub const WALL_SECONDS: u64 = 3 * CPU_SECONDS;

/// What the compiler may say, in bytes. Beyond that it is killed.
pub const SAID_BYTES: u64 = 256 << 10;

/// Where systems have their programs and libraries. The linker may execute what is here.
const SYSTEM_FOLDERS: [&str; 6] = ["/usr", "/lib", "/lib64", "/bin", "/opt", "/nix/store"];

/// Where the loader of shared libraries looks.
const LOADER_CACHE: &str = "/etc/ld.so.cache";

/// The compiler, and what it may touch.
#[derive(Clone, Debug)]
pub struct Compiler {
    /// The program that confines itself and becomes the compiler.
    pub jail: PathBuf,
    /// The real compiler, by its absolute path: a toolchain file in a submission cannot
    /// choose another.
    pub rustc: PathBuf,
    /// The toolchain's libraries.
    pub libraries: PathBuf,
    /// Layers that are left out, for tests that see what a layer is there for.
    pub without: Vec<Layer>,
    is_root: IsRoot,
    loads: Vec<PathBuf>,
    path: OsString,
}

/// What root does about being root.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum IsRoot {
    /// It is not.
    No,
    /// It becomes a user that owns nothing.
    BecomesAnother,
    /// It stays, without any capability: another user could not reach the toolchain.
    Stays,
}

/// A folder that nobody else can look into; gone when this is dropped.
#[derive(Debug)]
pub struct PrivateFolder {
    folder: TempDir,
    user: Option<u32>,
}

impl PrivateFolder {
    /// Where it is.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file that the compiler is to read.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn write(&self, name: &str, content: &str) -> io::Result<()> {
        let path = self.path().join(name);
        fs::write(&path, content)?;
        self.hand_over(&path)
    }

    /// Makes a folder in it.
    ///
    /// # Errors
    ///
    /// If it cannot be made.
    pub fn create_dir(&self, name: &str) -> io::Result<()> {
        let path = self.path().join(name);
        fs::create_dir(&path)?;
        self.hand_over(&path)
    }

    fn hand_over(&self, path: &Path) -> io::Result<()> {
        match self.user {
            Some(user) => chown(path, Some(user), Some(user)),
            None => Ok(()),
        }
    }

    /// Takes it back from the user that compiled, and lets all read what is in it, and run
    /// this file. Whoever is to read it must know its name.
    ///
    /// # Errors
    ///
    /// If the files cannot be changed.
    pub fn publish(&self, program: &str) -> io::Result<()> {
        give_to_all(self.path())?;
        give(&self.path().join(program), 0o755)
    }

    /// Takes it, and this file in it, back from the user that compiled, and removes all
    /// others.
    ///
    /// # Errors
    ///
    /// If the files cannot be removed or changed.
    pub fn keep_only(&self, kept: &str) -> io::Result<()> {
        for entry in fs::read_dir(self.path())? {
            let entry = entry?;
            match (entry.file_name() == kept, entry.file_type()?.is_dir()) {
                (true, _) => {}
                (false, true) => fs::remove_dir_all(entry.path())?,
                (false, false) => fs::remove_file(entry.path())?,
            }
        }
        let Some(_) = self.user else { return Ok(()) };
        let root = Some(0);
        chown(self.path().join(kept), root, root)?;
        chown(self.path(), root, root)
    }
}

fn give_to_all(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        match entry.file_type()?.is_dir() {
            true => give_to_all(&entry.path())?,
            false => give(&entry.path(), 0o644)?,
        }
    }
    give(folder, 0o755)
}

fn give(path: &Path, mode: u32) -> io::Result<()> {
    if rustix::process::geteuid().is_root() {
        chown(path, Some(0), Some(0))?;
    }
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
}

impl Compiler {
    /// The compiler of a toolchain, in a jail. Whoever is root tries whether another user
    /// could compile as well, with `attempt`.
    ///
    /// # Errors
    ///
    /// If `attempt` fails for this user, too.
    pub fn new(
        jail: PathBuf,
        sysroot: &Path,
        attempt: impl Fn(&Self) -> io::Result<()>,
    ) -> io::Result<Self> {
        let rustc = sysroot.join("bin").join("rustc");
        let mut compiler = Self {
            loads: loads(&rustc),
            jail,
            rustc,
            libraries: sysroot.join("lib"),
            without: Vec::new(),
            is_root: IsRoot::No,
            path: system_path(),
        };
        if rustix::process::geteuid().is_root() {
            compiler.is_root = IsRoot::BecomesAnother;
            if attempt(&compiler).is_ok() {
                return Ok(compiler);
            }
            compiler.is_root = IsRoot::Stays;
        }
        attempt(&compiler).map(|()| compiler)
    }

    /// A new folder below this one, for one compilation.
    ///
    /// # Errors
    ///
    /// If it cannot be made, or given to another user.
    pub fn folder(&self, below: &Path) -> io::Result<PrivateFolder> {
        let folder = tempfile::Builder::new()
            .permissions(fs::Permissions::from_mode(0o700))
            .tempdir_in(below)?;
        let may_become = self.is_root == IsRoot::BecomesAnother;
        let user = may_become && !self.without.contains(&Layer::User);
        let private = PrivateFolder {
            folder,
            user: user.then(next_user),
        };
        private.hand_over(private.path())?;
        Ok(private)
    }

    /// Runs a stage in a folder: the compiler with these arguments, which may read these
    /// files besides.
    ///
    /// # Errors
    ///
    /// If the jail cannot be entered: no fault of the submission's.
    pub fn run(
        &self,
        stage: Stage,
        folder: &PrivateFolder,
        read: &[&Path],
        arguments: &[OsString],
    ) -> io::Result<Ended> {
        self.confine(stage, folder, read, (&self.rustc, arguments))
    }

    /// Runs a linker with these arguments, as the second stage would.
    ///
    /// # Errors
    ///
    /// If the jail cannot be entered: no fault of the submission's.
    pub fn link(
        &self,
        linker: &Path,
        folder: &PrivateFolder,
        read: &[&Path],
        arguments: &[OsString],
    ) -> io::Result<Ended> {
        self.confine(Stage::Link, folder, read, (linker, arguments))
    }

    /// Runs a program in a jail.
    fn confine(
        &self,
        stage: Stage,
        folder: &PrivateFolder,
        read: &[&Path],
        (program, arguments): (&Path, &[OsString]),
    ) -> io::Result<Ended> {
        let mut command = Command::new(&self.jail);
        command
            .current_dir(folder.path())
            .env_clear()
            .args(self.confined(stage, folder, read).arguments())
            .arg(program)
            .args(arguments);
        if stage == Stage::Link {
            command.env("PATH", &self.path).env("TMPDIR", folder.path());
        }
        let bounds = Bounds {
            wall: Duration::from_secs(WALL_SECONDS),
            stdout_bytes: SAID_BYTES,
            stderr_bytes: SAID_BYTES,
        };
        let ended = bounded::run(&mut command, b"", bounds)?;
        match ended.status.code() {
            Some(code) if code == i32::from(TROUBLE) => {
                let why = String::from_utf8_lossy(&ended.stderr).trim().to_owned();
                Err(io::Error::other(why))
            }
            _ => Ok(ended),
        }
    }

    /// Asks a jail which layers are in force in it.
    ///
    /// # Errors
    ///
    /// If it cannot be entered.
    pub fn tier(&self, folder: &PrivateFolder) -> io::Result<Tier> {
        let jail = self.confined(Stage::Compile, folder, &[]);
        let asked = Command::new(&self.jail)
            .args(jail.arguments())
            .env_clear()
            .output()?;
        match asked.status.success() {
            true => Ok(serde_json::from_slice(&asked.stdout)?),
            false => Err(io::Error::other(
                String::from_utf8_lossy(&asked.stderr).trim().to_owned(),
            )),
        }
    }

    fn confined(&self, stage: Stage, folder: &PrivateFolder, read: &[&Path]) -> Jail {
        let exists = |path: &PathBuf| path.exists();
        let mut execute = vec![self.rustc.clone()];
        let mut readable = vec![self.libraries.clone(), LOADER_CACHE.into()];
        let memory_mib = match stage {
            Stage::Compile => {
                execute.extend(self.loads.iter().cloned());
                MEMORY_MIB
            }
            Stage::Link => {
                execute.push(self.libraries.clone());
                execute.extend(SYSTEM_FOLDERS.map(PathBuf::from));
                LINK_MEMORY_MIB
            }
        };
        readable.extend(read.iter().map(PathBuf::from));
        Jail {
            stage,
            read: readable.into_iter().filter(exists).collect(),
            execute: execute.into_iter().filter(exists).collect(),
            write: vec![folder.path().to_owned()],
            limits: JailLimits {
                cpu_seconds: CPU_SECONDS,
                memory_mib,
                file_mib: FILE_MIB,
            },
            user: folder.user,
            parent: std::process::id(),
            without: self.without.clone(),
        }
    }

    /// The folders whose every file a source may name. What is hidden must not be there.
    pub fn open_folders(&self) -> impl Iterator<Item = &Path> {
        let folders = self.loads.iter().filter(|path| path.is_dir());
        folders.chain([&self.libraries]).map(PathBuf::as_path)
    }
}

/// Two compilers that run at once are two users, so that neither may touch the other.
fn next_user() -> u32 {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = std::process::id().wrapping_add(NEXT.fetch_add(1, Ordering::Relaxed));
    user_of(number)
}

/// The files that the loader needs to start a program: the loader itself, and shared
/// libraries. Where it does not tell, the folders in which they are.
fn loads(program: &Path) -> Vec<PathBuf> {
    let asked = Command::new(program)
        .env_clear()
        .env("LD_TRACE_LOADED_OBJECTS", "1")
        .output();
    let listed = asked.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    // `libm.so.6 => /lib/libm.so.6 (0x7f…)`, `/lib64/ld-linux-x86-64.so.2 (0x7f…)`
    let path = |line: &str| {
        let words = line.split_whitespace();
        let path = words.into_iter().find(|word| word.starts_with('/'));
        path.map(PathBuf::from)
    };
    let found: Vec<PathBuf> = listed
        .unwrap_or_default()
        .lines()
        .filter_map(path)
        .collect();
    match found.is_empty() {
        true => ["/lib", "/lib64", "/usr/lib", "/usr/lib64", "/nix/store"]
            .map(PathBuf::from)
            .into(),
        false => found,
    }
}

/// Where the linker is looked for: what of our own `PATH` belongs to the system.
fn system_path() -> OsString {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let is_system = |folder: &PathBuf| SYSTEM_FOLDERS.iter().any(|own| folder.starts_with(own));
    let folders = std::env::split_paths(&path).filter(is_system);
    std::env::join_paths(folders).unwrap_or_else(|_| "/usr/bin:/bin".into())
}
