//! The processes that are alive, by number.

use std::cell::Cell;
use std::collections::{BTreeMap, HashMap};
use std::ops::Index;

use crate::addr::{CpuId, Pid};
use crate::hash::ByNumber;
use crate::mm::Process;
use crate::mmu::Running;
use crate::page_table::Root;
use crate::tlb::Asid;

/// The processes, in a table of their own, and whoever was looked up last: one event
/// asks for the same process a dozen times, and mostly so does the next.
#[derive(Clone, Debug, Default)]
pub(crate) struct Processes {
    places: BTreeMap<Pid, usize>,
    table: Vec<Option<Process>>,
    free: Vec<usize>,
    owners: HashMap<Root, Pid, ByNumber>,
    last: Last,
}

/// Who was looked up last. Each part stands alone, so that whoever wants one loads one.
#[derive(Clone, Debug)]
struct Last {
    /// The process's number, or [`NOBODY`].
    pid: Cell<u64>,
    place: Cell<usize>,
    asid: Cell<Asid>,
    root: Cell<Root>,
    /// The process again, if a CPU runs it, and which one; or [`NOBODY`].
    runs: Cell<u64>,
}

/// The number of no process.
const NOBODY: u64 = u64::MAX;

impl Default for Last {
    fn default() -> Self {
        Self {
            pid: Cell::new(NOBODY),
            place: Cell::new(0),
            asid: Cell::new(Asid(0)),
            root: Cell::new(Root::default()),
            runs: Cell::new(NOBODY),
        }
    }
}

impl Last {
    #[inline]
    fn is(&self, pid: Pid) -> bool {
        self.pid.get() == u64::from(pid.0)
    }

    fn note(&self, pid: Pid, place: usize, process: &Process) {
        self.pid.set(pid.0.into());
        self.place.set(place);
        self.asid.set(process.asid);
        self.root.set(process.root);
        self.runs.set(NOBODY);
    }
}

/// Process and CPU in one number.
#[inline]
fn runs(pid: Pid, cpu: CpuId) -> u64 {
    u64::from(cpu.0) << 32 | u64::from(pid.0)
}

impl Processes {
    pub fn insert(&mut self, pid: Pid, process: Process) {
        self.remove(&pid);
        let place = self.free.pop().unwrap_or(self.table.len());
        if place == self.table.len() {
            self.table.push(None);
        }
        self.owners.insert(process.root, pid);
        self.table[place] = Some(process);
        self.places.insert(pid, place);
    }

    pub fn remove(&mut self, pid: &Pid) {
        if let Some(place) = self.places.remove(pid) {
            let gone = self.table[place].take();
            if let Some(process) = gone {
                self.owners.remove(&process.root);
            }
            self.free.push(place);
            self.last.pid.set(NOBODY);
            self.last.runs.set(NOBODY);
        }
    }

    /// Whose page tables begin here.
    pub fn owner(&self, root: Root) -> Option<Pid> {
        self.owners.get(&root).copied()
    }

    #[inline]
    fn place(&self, pid: Pid) -> Option<usize> {
        self.is_known(pid).then(|| self.last.place.get())
    }

    /// What a CPU knows of a process.
    #[inline]
    pub fn running(&self, pid: Pid) -> Option<Running> {
        self.is_known(pid).then(|| Running {
            asid: self.last.asid.get(),
            root: self.last.root.get(),
        })
    }

    /// The same for a CPU that runs the process from now on.
    #[inline(always)]
    pub fn run(&mut self, pid: Pid, cpu: CpuId) -> Option<Running> {
        if self.last.runs.get() != runs(pid, cpu) {
            self.begin_run(pid, cpu)?;
        }
        Some(Running {
            asid: self.last.asid.get(),
            root: self.last.root.get(),
        })
    }

    #[inline(never)]
    fn begin_run(&mut self, pid: Pid, cpu: CpuId) -> Option<()> {
        let process = self.get_mut(&pid)?;
        process.cpus |= 1 << cpu.0;
        self.last.runs.set(runs(pid, cpu));
        Some(())
    }

    /// Whether there is such a process; then it is the last that was looked up.
    #[inline]
    fn is_known(&self, pid: Pid) -> bool {
        self.last.is(pid) || self.look_up(pid)
    }

    #[inline(never)]
    fn look_up(&self, pid: Pid) -> bool {
        let Some(&place) = self.places.get(&pid) else {
            return false;
        };
        let process = self.table[place].as_ref();
        let process = process.expect("a place that is noted is taken");
        self.last.note(pid, place, process);
        true
    }

    #[inline]
    pub fn get(&self, pid: &Pid) -> Option<&Process> {
        self.table[self.place(*pid)?].as_ref()
    }

    #[inline]
    pub fn get_mut(&mut self, pid: &Pid) -> Option<&mut Process> {
        let place = self.place(*pid)?;
        self.table[place].as_mut()
    }

    #[inline]
    pub fn contains_key(&self, pid: &Pid) -> bool {
        self.place(*pid).is_some()
    }

    /// The processes by number.
    pub fn iter(&self) -> impl Iterator<Item = (Pid, &Process)> {
        let places = self.places.iter();
        places.filter_map(|(&pid, &place)| Some((pid, self.table[place].as_ref()?)))
    }
}

impl Index<&Pid> for Processes {
    type Output = Process;

    /// # Panics
    ///
    /// If there is no such process.
    #[inline]
    fn index(&self, pid: &Pid) -> &Process {
        self.get(pid)
            .expect("callers check that the process exists")
    }
}
