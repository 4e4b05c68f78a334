//! What the process may use. The limits are set before student code runs.

use std::io;

use rustix::process::{Resource, Rlimit, setrlimit};

/// Limits of one run; none means no limit.
#[derive(Clone, Copy, Debug, Default, clap::Args)]
pub struct Limits {
    /// CPU time, in seconds.
    #[arg(long)]
    pub cpu_seconds: Option<u64>,
    /// Address space, in MiB.
    #[arg(long)]
    pub memory_mib: Option<u64>,
}

impl Limits {
    /// Applies the limits to this process, for good. No core is dumped.
    ///
    /// # Errors
    ///
    /// If the operating system refuses.
    pub fn apply(&self) -> io::Result<()> {
        let Some(seconds) = self.cpu_seconds else {
            return self.limit_memory();
        };
        // The soft limit sends SIGXCPU, which tells it from any other kill; the
        // hard one a second later cannot be caught.
        set(Resource::Cpu, seconds, seconds + 1)?;
        set(Resource::Core, 0, 0)?;
        self.limit_memory()
    }

    fn limit_memory(&self) -> io::Result<()> {
        match self.memory_mib {
            Some(mib) => set(Resource::As, mib << 20, mib << 20),
            None => Ok(()),
        }
    }
}

fn set(resource: Resource, soft: u64, hard: u64) -> io::Result<()> {
    let limit = Rlimit {
        current: Some(soft),
        maximum: Some(hard),
    };
    setrlimit(resource, limit).map_err(io::Error::from)
}
