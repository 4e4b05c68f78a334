//! The processes that are alive, by number.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::ops::Index;

use crate::addr::Pid;
use crate::mm::Process;

/// The processes, in a table of their own, and whoever was looked up last: one event
/// asks for the same process a dozen times, and mostly so does the next.
#[derive(Clone, Debug, Default)]
pub(crate) struct Processes {
    places: BTreeMap<Pid, usize>,
    table: Vec<Option<Process>>,
    free: Vec<usize>,
    last: Cell<Option<(Pid, usize)>>,
}

impl Processes {
    pub fn insert(&mut self, pid: Pid, process: Process) {
        self.remove(&pid);
        let place = self.free.pop().unwrap_or(self.table.len());
        if place == self.table.len() {
            self.table.push(None);
        }
        self.table[place] = Some(process);
        self.places.insert(pid, place);
    }

    pub fn remove(&mut self, pid: &Pid) {
        if let Some(place) = self.places.remove(pid) {
            self.table[place] = None;
            self.free.push(place);
            self.last.set(None);
        }
    }

    #[inline]
    fn place(&self, pid: Pid) -> Option<usize> {
        match self.last.get() {
            Some((last, place)) if last == pid => Some(place),
            _ => self.look_up(pid),
        }
    }

    fn look_up(&self, pid: Pid) -> Option<usize> {
        let place = *self.places.get(&pid)?;
        self.last.set(Some((pid, place)));
        Some(place)
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
