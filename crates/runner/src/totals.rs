//! Faults in total, and where they were: what a kernel's own count can be
//! compared with.

use std::collections::BTreeMap;
use std::ops::AddAssign;

use serde::{Deserialize, Serialize};
use vmsim::addr::{Pid, VirtAddr};
use vmsim::event::{Event, Op};
use vmsim::fault::{FaultClass, Repair};
use vmsim::machine::Machine;
use vmtrace::names::Names;

/// Begins the line of totals, which stands directly before the end.
pub const TOTALS_MARK: &str = "=== totals ";

/// The place of a fault in memory that shows no file.
pub const ANONYMOUS: &str = "anon";

/// Faults that were repaired, by weight: `ru_minflt` and `ru_majflt` of
/// getrusage(2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Without a device.
    pub minor: u64,
    /// After a device was read.
    pub major: u64,
}

/// All faults of a replay, those of all its processes together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Events of the trace.
    pub events: u64,
    /// All faults.
    pub all: Counts,
    /// Those before the first access of the program itself.
    pub before: Counts,
    /// Those that mapped a page of a file which was in memory, and with it the
    /// neighbours that fault-around finds (rule R8).
    pub windows: u64,
    /// Those of each file's mappings, by the file's name; the others are
    /// [`ANONYMOUS`].
    pub places: BTreeMap<String, Counts>,
    #[serde(skip)]
    began: bool,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, more: Self) {
        self.minor += more.minor;
        self.major += more.major;
    }
}

impl Totals {
    pub(crate) fn count(
        &mut self,
        event: &Event,
        faults: &[FaultClass],
        machine: &Machine,
        names: &Names,
    ) {
        self.events += 1;
        self.began |= matches!(
            event.op,
            Op::Read { .. } | Op::Write { .. } | Op::Exec { .. }
        );
        if faults.is_empty() {
            return;
        }
        let counts = weigh(faults);
        self.all += counts;
        if !self.began {
            self.before += counts;
        }
        self.windows += faults.iter().filter(|fault| looks_around(fault)).count() as u64;
        let (pid, addr) = (event.op.pid(), event.op.addr());
        let file = file_at(machine, names, pid, addr).unwrap_or(ANONYMOUS);
        match self.places.get_mut(file) {
            Some(place) => *place += counts,
            None => drop(self.places.insert(file.to_owned(), counts)),
        }
    }
}

fn weigh(faults: &[FaultClass]) -> Counts {
    let major = faults.iter().filter(|fault| fault.major).count() as u64;
    Counts {
        minor: faults.len() as u64 - major,
        major,
    }
}

fn looks_around(fault: &FaultClass) -> bool {
    matches!(fault.repair, Repair::MapResident | Repair::FileRead) && !fault.copy
}

/// The file that is mapped at an address.
fn file_at<'a>(
    machine: &Machine,
    names: &'a Names,
    pid: Option<Pid>,
    addr: Option<VirtAddr>,
) -> Option<&'a str> {
    let object = machine.mm(pid?)?.vma(addr?)?.object()?;
    names.get(machine.file_of(object)?)
}

/// Reads the line of totals.
pub fn parse(line: &str) -> Option<Totals> {
    serde_json::from_str(line.strip_prefix(TOTALS_MARK)?).ok()
}
