//! Replays a trace against the promises of its mappings: nothing that a real
//! program did may end in a signal.

use std::collections::HashMap;
use std::io;

use recorder::sink::Sink;
use vmsim::addr::{PAGE_SIZE, Pid, VirtAddr};
use vmsim::event::{Config, Event, Growth, Op};
use vmsim::prot::Prot;

/// Pages below the lowest one mapped of a growing mapping that it may reach.
const GROWTH_PAGES_MAX: u64 = 2048;

/// What is mapped where.
#[derive(Default)]
pub struct Checker {
    pages: HashMap<Pid, HashMap<u64, Prot>>,
    stacks: Vec<u64>,
    heap_end: HashMap<Pid, u64>,
    /// Accesses to memory that was not mapped for them.
    pub wild: Vec<Event>,
}

impl Checker {
    fn map(&mut self, pid: Pid, addr: VirtAddr, len: u64, prot: Option<Prot>) {
        let pages = self.pages.entry(pid).or_default();
        for page in addr.0 / PAGE_SIZE..(addr.0 + len).div_ceil(PAGE_SIZE) {
            match prot {
                Some(prot) => pages.insert(page, prot),
                None => pages.remove(&page),
            };
        }
    }

    fn brk(&mut self, pid: Pid, addr: VirtAddr) {
        let end = self.heap_end.insert(pid, addr.0).unwrap();
        assert!(addr.0 >= end, "no recorded heap shrinks");
        let start = end.next_multiple_of(PAGE_SIZE);
        self.map(
            pid,
            VirtAddr(start),
            addr.0.saturating_sub(start),
            Some(Prot::READ_WRITE),
        );
    }

    fn fork(&mut self, parent: Pid, child: Pid) {
        self.pages.insert(child, self.pages[&parent].clone());
        self.heap_end.insert(child, self.heap_end[&parent]);
    }

    fn access(
        &mut self,
        event: &Event,
        pid: Pid,
        addr: VirtAddr,
        size: u16,
        allows: fn(Prot) -> bool,
    ) {
        let last = addr.0 + u64::from(size) - 1;
        let is_allowed =
            (addr.0 / PAGE_SIZE..=last / PAGE_SIZE).all(|page| match self.pages[&pid].get(&page) {
                Some(&prot) => allows(prot),
                None => self
                    .stacks
                    .iter()
                    .any(|&low| (low.saturating_sub(GROWTH_PAGES_MAX)..low).contains(&page)),
            });
        if !is_allowed {
            self.wild.push(event.clone());
        }
    }
}

impl Sink for Checker {
    fn machine(&mut self, config: &Config) -> io::Result<()> {
        self.heap_end.insert(Pid(1), config.heap.0);
        Ok(())
    }

    fn comment(&mut self, _text: &str) -> io::Result<()> {
        Ok(())
    }

    fn event(&mut self, event: &Event) -> io::Result<()> {
        match event.op {
            Op::Mmap {
                pid,
                addr,
                len,
                map,
            } => {
                if map.growth == Growth::Down {
                    self.stacks.push(addr.page().0);
                }
                self.map(pid, addr, len, Some(map.prot));
            }
            Op::Mprotect {
                pid,
                addr,
                len,
                prot,
            } => self.map(pid, addr, len, Some(prot)),
            Op::Munmap { pid, addr, len } => self.map(pid, addr, len, None),
            Op::Brk { pid, addr } => self.brk(pid, addr),
            Op::Fork { parent, child } => self.fork(parent, child),
            Op::Read { pid, addr, size } | Op::CopyIn { pid, addr, size } => {
                self.access(event, pid, addr, size, Prot::read);
            }
            Op::Write {
                pid, addr, size, ..
            }
            | Op::CopyOut {
                pid, addr, size, ..
            } => {
                self.access(event, pid, addr, size, Prot::write);
            }
            Op::Exec { pid, addr } => self.access(event, pid, addr, 1, Prot::exec),
            _ => {}
        }
        Ok(())
    }
}
