//! The compiler's jail: what a process does to itself before it becomes the compiler.
//!
//! Nothing of this needs `unsafe`, because nothing happens between `fork` and `exec`: the
//! grader starts the program `jail`, a process of one thread, which confines itself and
//! then *becomes* the compiler. The compiler is honest; what it reads is not. It opens
//! whatever file the source names, and repeats it in its errors.
//!
//! A jail is told by arguments, so that the one who asks and the one who obeys share one
//! definition: [`Jail::arguments`] and [`Jail::parse`].

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::PathBuf;

use crate::files::{Files, FilesError};
use crate::limits::{CPU_GRACE_SECONDS, limit};
use crate::tier::{Layer, Tier};

/// The exit code of a jail that cannot be entered. Neither rustc (0, 1, 101) nor a linker
/// ends with it.
pub const TROUBLE: u8 = 70;

/// Descriptors that a compiler may have open. rustc and lld open a few dozen.
const DESCRIPTORS_MAX: u64 = 256;

/// Threads and processes of a compiler that has a user to itself. They use a dozen.
const PROCESSES_MAX: u64 = 256;

/// What runs in the jail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The compiler alone: no other process.
    Compile,
    /// The compiler, and the linker that it starts.
    Link,
}

/// What a compiler may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JailLimits {
    /// CPU time, in seconds.
    pub cpu_seconds: u64,
    /// Address space, in MiB.
    pub memory_mib: u64,
    /// The largest file that it may write, in MiB.
    pub file_mib: u64,
}

/// What a compiler is confined to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Jail {
    /// Which calls it needs.
    pub stage: Stage,
    /// Files and folders that may be read.
    pub read: Vec<PathBuf>,
    /// Files and folders that may be executed.
    pub execute: Vec<PathBuf>,
    /// Files and folders that may be written.
    pub write: Vec<PathBuf>,
    /// What it may use.
    pub limits: JailLimits,
    /// The user that root becomes. Without one, root stays root, and loses all
    /// capabilities.
    pub user: Option<u32>,
    /// The process that it must not outlive.
    pub parent: u32,
    /// Layers that are left out, for tests that see what a layer is there for.
    pub without: Vec<Layer>,
}

/// A jail cannot be entered.
#[derive(Debug, thiserror::Error)]
pub enum JailError {
    /// The arguments make no sense.
    #[error("`{0}` is no argument of a jail")]
    Argument(String),
    /// A layer cannot be set up.
    #[error("{0}: {1}")]
    Layer(&'static str, io::Error),
    /// Landlock cannot be set up.
    #[error(transparent)]
    Files(#[from] FilesError),
    /// The program cannot be become.
    #[error("{}: {}", .0.display(), .1)]
    Program(PathBuf, io::Error),
}

impl Jail {
    /// The arguments that tell the program `jail` of this jail; after them comes the
    /// program that it becomes.
    pub fn arguments(&self) -> Vec<OsString> {
        let JailLimits {
            cpu_seconds,
            memory_mib,
            file_mib,
        } = self.limits;
        let stage = match self.stage {
            Stage::Compile => "compile",
            Stage::Link => "link",
        };
        let mut said = vec![OsString::from("--stage"), stage.into()];
        let mut say = |option: &str, value: &OsStr| said.extend([option.into(), value.into()]);
        for (option, paths) in [
            ("--read", &self.read),
            ("--execute", &self.execute),
            ("--write", &self.write),
        ] {
            paths.iter().for_each(|path| say(option, path.as_ref()));
        }
        for (option, number) in [
            ("--cpu-seconds", Some(cpu_seconds)),
            ("--memory-mib", Some(memory_mib)),
            ("--file-mib", Some(file_mib)),
            ("--user", self.user.map(u64::from)),
            ("--parent", Some(self.parent.into())),
        ] {
            if let Some(number) = number {
                say(option, number.to_string().as_ref());
            }
        }
        for layer in &self.without {
            say("--without", layer.name().as_ref());
        }
        said.push("--".into());
        said
    }

    /// Reads what [`arguments`](Self::arguments) says, and the program behind it.
    ///
    /// # Errors
    ///
    /// With the argument that cannot be understood.
    pub fn parse(
        arguments: impl IntoIterator<Item = OsString>,
    ) -> Result<(Self, Vec<OsString>), JailError> {
        let mut arguments = arguments.into_iter();
        let mut jail = Self {
            stage: Stage::Compile,
            read: Vec::new(),
            execute: Vec::new(),
            write: Vec::new(),
            limits: JailLimits {
                cpu_seconds: 0,
                memory_mib: 0,
                file_mib: 0,
            },
            user: None,
            parent: 0,
            without: Vec::new(),
        };
        while let Some(option) = arguments.next() {
            if option == "--" {
                return Ok((jail, arguments.collect()));
            }
            jail.take(&option, &arguments.next().unwrap_or_default())?;
        }
        Err(JailError::Argument("the end, without `--`".to_owned()))
    }

    fn take(&mut self, option: &OsStr, value: &OsStr) -> Result<(), JailError> {
        let wrong = || {
            let (option, value) = (option.to_string_lossy(), value.to_string_lossy());
            JailError::Argument(format!("{option} {value}"))
        };
        let number = || {
            let number = value.to_str().and_then(|text| text.parse::<u64>().ok());
            number.ok_or_else(wrong)
        };
        let id = || u32::try_from(number()?).map_err(|_| wrong());
        match (option.to_str().unwrap_or_default(), value.to_str()) {
            ("--stage", Some("compile")) => self.stage = Stage::Compile,
            ("--stage", Some("link")) => self.stage = Stage::Link,
            ("--read", _) => self.read.push(value.into()),
            ("--execute", _) => self.execute.push(value.into()),
            ("--write", _) => self.write.push(value.into()),
            ("--cpu-seconds", _) => self.limits.cpu_seconds = number()?,
            ("--memory-mib", _) => self.limits.memory_mib = number()?,
            ("--file-mib", _) => self.limits.file_mib = number()?,
            ("--user", _) => self.user = Some(id()?),
            ("--parent", _) => self.parent = id()?,
            ("--without", Some(name)) => {
                self.without.push(Layer::named(name).ok_or_else(wrong)?);
            }
            _ => return Err(wrong()),
        }
        Ok(())
    }

    /// Confines this process, for good, and tells which layers are in force.
    ///
    /// The order matters: limits and user while root may still set them, the death of the
    /// parent after the user (a new user forgets it), landlock before the filter that
    /// forbids it.
    ///
    /// # Errors
    ///
    /// If a layer that this machine offers cannot be set up; then the process should end.
    pub fn enter(&self) -> Result<Tier, JailError> {
        let has = |layer| !self.without.contains(&layer);
        let mut tier = Tier::NOTHING;
        process::close_others();
        // Landlock does not forbid to open a pipe again by its name, `/dev/stdin`.
        let null = std::fs::File::open("/dev/null").map_err(|error| at("/dev/null", error))?;
        rustix::stdio::dup2_stdin(&null).map_err(|error| at("/dev/null", error.into()))?;
        process::be_first_out_of_memory();
        if has(Layer::Limits) {
            self.limit().map_err(|error| at("limits", error))?;
            tier.limits = true;
        }
        if has(Layer::User) {
            tier.user = process::leave_root(self.user).map_err(|error| at("user", error))?;
        }
        process::die_with(self.parent).map_err(|error| at("parent", error))?;
        if has(Layer::Landlock) {
            tier.landlock = self.files().confine()?.abi;
        }
        if has(Layer::Seccomp) {
            let confined = crate::compiler_calls::confine(self.stage);
            tier.seccomp = confined.map_err(|error| at("seccomp", error))?;
        }
        Ok(tier)
    }

    fn files(&self) -> Files {
        let files = Files::nothing();
        let files = self.read.iter().fold(files, Files::read);
        let files = self.execute.iter().fold(files, Files::execute);
        self.write.iter().fold(files, Files::write)
    }

    fn limit(&self) -> io::Result<()> {
        use rustix::process::Resource::{As, Core, Cpu, Fsize, Nofile, Nproc};
        let JailLimits {
            cpu_seconds,
            memory_mib,
            file_mib,
        } = self.limits;
        limit(Cpu, cpu_seconds, cpu_seconds + CPU_GRACE_SECONDS)?;
        limit(As, memory_mib << 20, memory_mib << 20)?;
        limit(Fsize, file_mib << 20, file_mib << 20)?;
        limit(Nofile, DESCRIPTORS_MAX, DESCRIPTORS_MAX)?;
        limit(Core, 0, 0)?;
        // Processes are counted for each user: of a user with others, they are no measure.
        match self.user {
            Some(_) => limit(Nproc, PROCESSES_MAX, PROCESSES_MAX),
            None => Ok(()),
        }
    }
}

fn at(layer: &'static str, error: io::Error) -> JailError {
    JailError::Layer(layer, error)
}

#[cfg(target_os = "linux")]
mod process {
    use std::io;

    use rustix::process::geteuid;
    use rustix::thread::{
        CapabilitySet, capability_is_in_bounding_set, remove_capability_from_bounding_set,
        set_no_new_privs,
    };

    pub(super) use crate::user::{be_first_out_of_memory, close_others, die_with};
    use crate::user::{become_user, drop_capabilities};

    /// Whoever is root becomes this user, or root without any power. Whether it became
    /// another user.
    pub(super) fn leave_root(user: Option<u32>) -> io::Result<bool> {
        set_no_new_privs(true)?;
        if !geteuid().is_root() {
            return Ok(false);
        }
        for capability in CapabilitySet::all().iter() {
            // A kernel knows those that it has; the others cannot be dropped.
            if let Ok(true) = capability_is_in_bounding_set(capability) {
                // Without CAP_SETPCAP, as in a container: what follows is enough alone.
                let _kept = remove_capability_from_bounding_set(capability);
            }
        }
        if let Some(user) = user {
            become_user(user)?;
        }
        drop_capabilities()?;
        Ok(user.is_some())
    }
}

#[cfg(not(target_os = "linux"))]
mod process {
    use std::io;

    pub(super) fn leave_root(_: Option<u32>) -> io::Result<bool> {
        Ok(false)
    }

    pub(super) fn die_with(_: u32) -> io::Result<()> {
        Ok(())
    }

    pub(super) fn close_others() {}

    pub(super) fn be_first_out_of_memory() {}
}
