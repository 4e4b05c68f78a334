//! Follows mappings and protections, to tell how many accesses go wrong.

use std::collections::HashMap;

use vmsim::addr::{PAGE_SIZE, Pid, VirtAddr, Vpn};
use vmsim::event::{Event, Op};
use vmsim::prot::Prot;

/// The mapped pages of each process; files, stacks and the heap are beyond it.
struct Replay(HashMap<Pid, HashMap<Vpn, Prot>>);

/// How many accesses there are, and how many of them go wrong.
pub fn count(events: &[Event]) -> (u64, u64) {
    let mut replay = Replay(HashMap::from([(Pid(1), HashMap::new())]));
    let ends = events.iter().filter_map(|event| replay.step(&event.op));
    ends.fold((0, 0), |(all, wrong), good| {
        (all + 1, wrong + u64::from(!good))
    })
}

impl Replay {
    /// Whether an access goes well; nothing for other events.
    fn step(&mut self, op: &Op) -> Option<bool> {
        match *op {
            Op::Read { pid, addr, size } | Op::CopyIn { pid, addr, size } => {
                Some(self.allows((pid, addr, size), |prot| !prot.is_none()))
            }
            Op::Write {
                pid, addr, size, ..
            }
            | Op::CopyOut {
                pid, addr, size, ..
            } => Some(self.allows((pid, addr, size), Prot::write)),
            Op::Exec { pid, addr } => Some(self.allows((pid, addr, 1), Prot::exec)),
            _ => {
                self.change(op);
                None
            }
        }
    }

    fn allows(&self, (pid, addr, size): (Pid, VirtAddr, u16), allows: fn(Prot) -> bool) -> bool {
        let last = VirtAddr(addr.0 + u64::from(size) - 1);
        let mut pages = [addr.page(), last.page()].into_iter();
        pages.all(|page| self.0[&pid].get(&page).is_some_and(|prot| allows(*prot)))
    }

    fn change(&mut self, op: &Op) {
        match *op {
            Op::Mmap {
                pid,
                addr,
                len,
                map,
            } => {
                self.pages(pid)
                    .extend(range(addr, len).map(|page| (page, map.prot)));
            }
            Op::Munmap { pid, addr, len } => {
                let gone = range(addr, len).collect::<Vec<_>>();
                self.pages(pid).retain(|page, _| !gone.contains(page));
            }
            Op::Mprotect {
                pid,
                addr,
                len,
                prot,
            } => self.protect(pid, range(addr, len), prot),
            Op::Fork { parent, child } => {
                let pages = self.0[&parent].clone();
                self.0.insert(child, pages);
            }
            _ => {}
        }
    }

    /// Protects up to the first hole, as mprotect(2) does.
    fn protect(&mut self, pid: Pid, range: impl Iterator<Item = Vpn>, prot: Prot) {
        let pages = self.pages(pid);
        for page in range {
            match pages.get_mut(&page) {
                Some(old) => *old = prot,
                None => return,
            }
        }
    }

    fn pages(&mut self, pid: Pid) -> &mut HashMap<Vpn, Prot> {
        self.0.get_mut(&pid).expect("only living processes act")
    }
}

fn range(addr: VirtAddr, len: u64) -> impl Iterator<Item = Vpn> {
    (0..len / PAGE_SIZE).map(move |distance| Vpn(addr.page().0 + distance))
}
