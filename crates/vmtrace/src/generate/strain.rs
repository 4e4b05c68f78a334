//! What programs rarely do: calls that must fail, calls on pages of the heap and of
//! stacks, accesses of odd sizes and at the ends of the address space, pages hidden and
//! shown again, mappings in the way of a stack and below the heap, pages written again
//! after msync, processes that die of a signal.

use vmsim::addr::{PAGE_SIZE, Pid, TASK_SIZE, VirtAddr};
use vmsim::event::{Advice, Growth, Mapping, Op, Populate, Sharing, SigAction, SignalSet, Source};
use vmsim::prot::Prot;

use crate::generate::Generator;
use crate::generate::world::{Page, Use};

/// Pages that stay free below a stack (`vmsim::vma::GUARD_GAP_PAGES`).
const GUARD_GAP_PAGES: u64 = vmsim::vma::GUARD_GAP_PAGES;

impl Generator {
    /// Something rare, or none if it makes no sense now.
    pub(crate) fn strain(&mut self) -> Option<Op> {
        match self.chance.below(50) {
            20..24 if self.options.groups.files => self.sync_and_write(),
            24..34 if self.options.groups.protection => self.change_heap_or_stack(),
            34..44 => Some(self.odd_access()),
            44..46 if self.options.groups.heap => self.below_heap(),
            46..48 => Some(self.bus_handler()),
            48..50 => Some(self.edge_access()),
            0..10 => self.bad_call(),
            10..16 if self.options.groups.protection => Some(self.hide_and_show()),
            16..19 if self.options.groups.stack => self.fence(),
            19 if self.options.groups.forks => self.death(),
            _ => None,
        }
    }

    /// A call whose range is none. None of these ranges holds a page that a trace
    /// could have mapped outside its arenas.
    fn bad_call(&mut self) -> Option<Op> {
        // The world must not believe it.
        let world = self.world.clone();
        let op = self.change();
        self.world = world;
        let mut op = op?;
        let kind = self.chance.below(6);
        let odd = self.chance.within(1..=PAGE_SIZE - 1);
        let page = self.chance.below(32) * PAGE_SIZE;
        let (addr, len) = range_of(&mut op)?;
        match kind {
            0 => addr.0 += odd,
            1 => *len = 0,
            2 => *len = u64::MAX - odd,
            3 => *addr = VirtAddr(page),
            4 => *addr = VirtAddr(0xffff_8000_0000_0000 + page),
            _ => *len += odd,
        }
        Some(op)
    }

    /// `PROT_NONE` for a while: pages must be there afterwards as they were before.
    fn hide_and_show(&mut self) -> Op {
        let process = self.some_process();
        let mut shown = self.mprotect(process);
        let mut hidden = shown.clone();
        if let Op::Mprotect { prot, .. } = &mut hidden {
            *prot = Prot::NONE;
        }
        if let Op::Mprotect { prot, .. } = &mut shown
            && prot.is_none()
        {
            *prot = Prot::READ_WRITE;
        }
        // What is queued comes next.
        self.opening.push(shown);
        hidden
    }

    /// A page of a shared file mapping is written, synced, and written again.
    fn sync_and_write(&mut self) -> Option<Op> {
        let process = self.some_process();
        let shared_file = |page: Option<Page>, past_end: bool| {
            let shared = |page: Page| page.file.is_some() && page.sharing == Sharing::Shared;
            page.is_some_and(|page| shared(page) && page.prot.write()) && !past_end
        };
        let (arena, page) = self.look_for_page(process, shared_file)?;
        let process = &self.world.processes[process];
        let (pid, addr) = (process.pid, process.arenas[arena].addr(page));
        let write = Op::Write {
            pid,
            addr,
            size: 1,
            value: None,
        };
        let len = PAGE_SIZE;
        // What is queued comes next, the last one first.
        self.opening.push(write.clone());
        self.opening.push(Op::Msync { pid, addr, len });
        Some(write)
    }

    /// A call on pages of the heap or of a stack, which ordinary calls leave alone.
    fn change_heap_or_stack(&mut self) -> Option<Op> {
        let process = self.some_process();
        let use_ = self.chance.pick(&[Use::Heap, Use::Stack]);
        let (pid, arena) = self.arena(process, use_)?;
        let size = self.world.processes[process].arenas[arena].pages.len() as u64;
        let first = self.chance.below(size);
        let pages = self.chance.within(1..=(size - first).min(6));
        let prot = self.prot();
        let advice = self.chance.pick(&[
            Advice::DontNeed,
            Advice::PageOut,
            Advice::PopulateRead,
            Advice::PopulateWrite,
        ]);
        let kind = self.chance.below(5);
        let arena = &mut self.world.processes[process].arenas[arena];
        let (addr, len) = (arena.addr(first as usize), pages * PAGE_SIZE);
        let range = first as usize..(first + pages) as usize;
        Some(match kind {
            0 => {
                arena.unmap(range);
                Op::Munmap { pid, addr, len }
            }
            1 | 2 => {
                arena.protect(range, prot);
                Op::Mprotect {
                    pid,
                    addr,
                    len,
                    prot,
                }
            }
            _ => Op::Madvise {
                pid,
                addr,
                len,
                advice,
            },
        })
    }

    /// An access of a size, or at a place in its page, that programs rarely choose; to
    /// any page of any arena.
    fn odd_access(&mut self) -> Op {
        let process = self.some_process();
        let pid = self.world.processes[process].pid;
        let (arena, page) = self.some_page(process);
        let page = self.world.processes[process].arenas[arena].addr(page);
        let size = self
            .chance
            .pick(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 24, 100, 1000, 4096]);
        let near_end = PAGE_SIZE - u64::from(size).min(PAGE_SIZE - 1);
        let offset = match self.chance.percent(60) {
            true => near_end + self.chance.below(PAGE_SIZE - near_end),
            false => self.chance.below(PAGE_SIZE),
        };
        self.plain_access(pid, VirtAddr(page.0 + offset), size)
    }

    /// An access at the end of user space, or of all addresses.
    fn edge_access(&mut self) -> Op {
        let process = self.some_process();
        let pid = self.world.processes[process].pid;
        let end = self
            .chance
            .pick(&[TASK_SIZE, 1 << 47, 0xffff_8000_0000_0000, u64::MAX]);
        let addr = VirtAddr(end.wrapping_sub(self.chance.below(10)));
        let size = self.chance.pick(&[1, 2, 4, 8]);
        self.plain_access(pid, addr, size)
    }

    fn plain_access(&mut self, pid: Pid, addr: VirtAddr, size: u16) -> Op {
        let value = None;
        match self.chance.below(6) {
            0 | 1 => Op::Read { pid, addr, size },
            2 | 3 => Op::Write {
                pid,
                addr,
                size,
                value,
            },
            4 if self.options.groups.copies => Op::CopyIn { pid, addr, size },
            5 if self.options.groups.copies => Op::CopyOut {
                pid,
                addr,
                size,
                value,
            },
            _ => Op::Exec { pid, addr },
        }
    }

    /// A mapping that ends where the heap starts.
    fn below_heap(&mut self) -> Option<Op> {
        let process = self.some_process();
        let (pid, arena) = self.arena(process, Use::Heap)?;
        let heap = self.world.processes[process].arenas[arena].addr(0);
        let len = self.chance.within(1..=3) * PAGE_SIZE;
        let map = private_memory(self.prot());
        let addr = VirtAddr(heap.0 - len);
        Some(Op::Mmap {
            pid,
            addr,
            len,
            map,
        })
    }

    /// A process says what it does on SIGBUS alone: it goes on.
    fn bus_handler(&mut self) -> Op {
        let process = self.some_process();
        Op::Sigaction {
            pid: self.world.processes[process].pid,
            signal: SignalSet::Bus,
            action: SigAction::Handler,
        }
    }

    /// A page about as far below an arena's stack as a stack may come near.
    fn fence(&mut self) -> Option<Op> {
        let process = self.some_process();
        let (pid, arena) = self.arena(process, Use::Stack)?;
        let stack = &self.world.processes[process].arenas[arena];
        let (first, pages) = (stack.addr(0), stack.pages.len() as u64);
        let below = GUARD_GAP_PAGES + 2 - self.chance.below(pages + 2);
        let prot = self
            .chance
            .pick(&[Prot::READ_WRITE, Prot::READ, Prot::NONE]);
        Some(Op::Mmap {
            pid,
            addr: VirtAddr(first.0 - below * PAGE_SIZE),
            len: PAGE_SIZE,
            map: private_memory(prot),
        })
    }

    /// A process gives up its handler, and then writes to NULL: the end of it. The last
    /// process stays.
    fn death(&mut self) -> Option<Op> {
        if self.world.processes.len() == 1 {
            return None;
        }
        let process = self.some_process();
        let pid = self.world.processes.remove(process).pid;
        // What is queued comes next.
        self.opening.push(Op::Write {
            pid,
            addr: VirtAddr(0),
            size: 1,
            value: None,
        });
        Some(Op::Sigaction {
            pid,
            signal: SignalSet::Segv,
            action: SigAction::Default,
        })
    }
}

fn private_memory(prot: Prot) -> Mapping {
    Mapping {
        prot,
        sharing: Sharing::Private,
        source: Source::Anon,
        populate: Populate::Lazily,
        growth: Growth::Fixed,
    }
}

/// Where a call's range starts, and how long it is.
fn range_of(op: &mut Op) -> Option<(&mut VirtAddr, &mut u64)> {
    match op {
        Op::Mmap { addr, len, .. }
        | Op::Munmap { addr, len, .. }
        | Op::Mprotect { addr, len, .. }
        | Op::Madvise { addr, len, .. }
        | Op::Msync { addr, len, .. } => Some((addr, len)),
        _ => None,
    }
}
