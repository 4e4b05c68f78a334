//! The kernel's own list of page faults, as `perf script` prints it.

use std::fs;
use std::path::Path;

use vmsim::addr::VirtAddr;

use crate::error::Error;

const REMEDY: &str = "record with `perf record -e exceptions:page_fault_user,exceptions:page_fault_kernel`, then `perf script`";

/// The name of both events, up to the mode.
const EVENT: &str = "exceptions:page_fault_";

/// A #PF that the kernel took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KernelFault {
    /// The process, by the kernel's number.
    pub pid: u32,
    /// The address that could not be accessed: CR2.
    pub address: VirtAddr,
    /// The error code that the CPU pushed (Intel SDM vol. 3A, 4.7): bit 0 the
    /// page was present, bit 1 a write, bit 2 from user mode, bit 4 a fetch.
    pub error_code: u32,
    /// Who made the access.
    pub mode: Mode,
}

/// Who made an access that faulted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// The program.
    User,
    /// The kernel, in a system call of the program.
    Kernel,
}

/// Reads the page faults out of the output of `perf script`, in its order; all
/// other events are passed over.
pub fn faults(path: &Path) -> Result<Vec<KernelFault>, Error> {
    let text = fs::read_to_string(path).map_err(|source| Error::Read {
        path: path.into(),
        source,
    })?;
    let lines = text
        .lines()
        .enumerate()
        .filter(|(_, line)| line.contains(EVENT));
    let faults: Result<Vec<_>, _> = lines
        .map(|(nth, line)| fault(line).ok_or_else(|| malformed(path, nth, line)))
        .collect();
    match faults {
        Ok(none) if none.is_empty() => Err(Error::Empty {
            path: path.into(),
            what: "page fault",
            remedy: REMEDY,
        }),
        faults => faults,
    }
}

/// Reads `name pid [cpu] time: exceptions:page_fault_MODE: key=value …`; the name
/// may hold blanks.
fn fault(line: &str) -> Option<KernelFault> {
    let (who, what) = line.split_once(EVENT)?;
    let (mode, values) = what.split_once(':')?;
    let mode = match mode {
        "user" => Mode::User,
        "kernel" => Mode::Kernel,
        _ => return None,
    };
    let (who, _cpu) = who.rsplit_once('[')?;
    let pid = who.split_whitespace().next_back()?.parse().ok()?;
    let address = VirtAddr(value(values, "address=")?);
    let error_code = u32::try_from(value(values, "error_code=")?).ok()?;
    Some(KernelFault {
        pid,
        address,
        error_code,
        mode,
    })
}

fn value(values: &str, key: &str) -> Option<u64> {
    let mut words = values.split_whitespace();
    let digits = words
        .find_map(|word| word.strip_prefix(key))?
        .strip_prefix("0x")?;
    u64::from_str_radix(digits, 16).ok()
}

fn malformed(path: &Path, nth: usize, line: &str) -> Error {
    Error::Line {
        path: path.into(),
        line: nth as u64 + 1,
        expected: "`name pid [cpu] time: exceptions:page_fault_user: address=0x… error_code=0x…`"
            .into(),
        found: line.trim().chars().take(80).collect(),
        remedy: REMEDY,
    }
}
