//! Which events can be written down at all.
//!
//! An event is *valid* if the language has words for it; whether it makes sense
//! (is the process alive? is the length a multiple of a page?) is for the
//! machine to say, as it is for the kernel.

use vmsim::addr::{CpuId, FileId, Pid};
use vmsim::event::{Config, Event, Mapping, Op, Source};

use crate::limits::{ACCESS_SIZE_MAX, VALUE_SIZE_MAX};
use crate::machine::KEYS;
use crate::names::{NameError, Names};

/// Why an event, or a machine, cannot be written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    /// A key of the machine has a value out of its range.
    #[error("`{key}` cannot be {value}")]
    Machine {
        /// The key's word.
        key: &'static str,
        /// The value.
        value: u64,
    },
    /// The machine has fewer CPUs.
    #[error("no CPU {}", .0.0)]
    Cpu(CpuId),
    /// Processes are numbered from 1.
    #[error("no process 0")]
    Pid,
    /// An access of no byte, or of more than [`ACCESS_SIZE_MAX`].
    #[error("an access of {0} bytes")]
    AccessSize(u16),
    /// A value wider than its access.
    #[error("a value {value} in {size} bytes")]
    Value {
        /// The value.
        value: u64,
        /// The size of the access.
        size: u16,
    },
    /// A file that nobody has named.
    #[error("no file {}", .0.0)]
    File(FileId),
    /// A new file has a name that it cannot have.
    #[error(transparent)]
    Name(#[from] NameError),
}

/// Checks that a machine can be written down.
pub fn check_config(config: &Config) -> Result<(), Invalid> {
    for (word, key) in KEYS {
        let value = key.get(config);
        if !key.allows(value) {
            return Err(Invalid::Machine { key: word, value });
        }
    }
    Ok(())
}

/// Checks that an event can be written down as the next one of a trace.
///
/// `names` are the files before it. A valid `file` event must still be added.
pub fn check_event(event: &Event, config: &Config, names: &Names) -> Result<(), Invalid> {
    if event.cpu.0 >= config.cpus {
        return Err(Invalid::Cpu(event.cpu));
    }
    check_pids(&event.op)?;
    match &event.op {
        Op::File { name, .. } => Ok(names.check_new(name)?),
        Op::Mmap {
            map:
                Mapping {
                    source: Source::File { file, .. },
                    ..
                },
            ..
        }
        | Op::Load { file, .. }
        | Op::Drop { file } => check_file(*file, names),
        Op::Read { size, .. } | Op::CopyIn { size, .. } => check_access(*size, None),
        Op::Write { size, value, .. } | Op::CopyOut { size, value, .. } => {
            check_access(*size, *value)
        }
        _ => Ok(()),
    }
}

/// The bits of a value that fits into an access of this size.
pub(crate) const fn value_mask(size: u16) -> u64 {
    match size {
        0 => 0,
        1..VALUE_SIZE_MAX => (1 << (8 * size)) - 1,
        _ => u64::MAX,
    }
}

fn check_access(size: u16, value: Option<u64>) -> Result<(), Invalid> {
    if !(1..=ACCESS_SIZE_MAX).contains(&size) {
        return Err(Invalid::AccessSize(size));
    }
    match value {
        Some(value) if value & !value_mask(size) != 0 => Err(Invalid::Value { value, size }),
        _ => Ok(()),
    }
}

fn check_file(file: FileId, names: &Names) -> Result<(), Invalid> {
    match names.get(file) {
        Some(_) => Ok(()),
        None => Err(Invalid::File(file)),
    }
}

fn check_pids(op: &Op) -> Result<(), Invalid> {
    match pids(op).contains(&Some(Pid(0))) {
        true => Err(Invalid::Pid),
        false => Ok(()),
    }
}

/// The processes that an event is about: none, one, or parent and child.
pub fn pids(op: &Op) -> [Option<Pid>; 2] {
    match *op {
        Op::Fork { parent, child } => [Some(parent), Some(child)],
        _ => [op.pid(), None],
    }
}
