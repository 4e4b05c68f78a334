//! What may come next in a random trace, and what comes at once.

use vmsim::addr::{CpuId, PAGE_SIZE, Pid, VirtAddr};
use vmsim::event::{Event, Op, SigAction, SignalSet};
use vmsim::prot::Prot;
use vmtrace::generate::Generator;

use super::Draw;

impl Draw {
    /// An event, and where the generator is after it if it is the generator's.
    pub(super) fn proposal(&mut self, number: u64) -> Option<(Event, Option<Generator>)> {
        if self.chance.percent(self.shape.echo_percent)
            && let Some(event) = self.echo()
        {
            return Some((event, None));
        }
        if self.chance.percent(self.shape.poke_percent)
            && let Some(event) = self.poke()
        {
            return Some((event, None));
        }
        if self.chance.percent(self.shape.signal_percent)
            && let Some(event) = self.sigaction()
        {
            return Some((event, None));
        }
        let mut generator = self.generator.diverge(number);
        let event = generator.next()?;
        let alive = self.sight.alive();
        let acts = event.op.pid().is_none_or(|pid| alive.contains(&pid));
        acts.then_some((event, Some(generator)))
    }

    /// An access where somebody was before, perhaps by somebody else.
    fn echo(&mut self) -> Option<Event> {
        let places: Vec<VirtAddr> = self
            .events
            .iter()
            .filter(|event| event.op.is_access())
            .filter_map(|event| event.op.addr())
            .filter(|addr| addr.is_user())
            .collect();
        let alive = self.sight.alive();
        if places.is_empty() || alive.is_empty() {
            return None;
        }
        // What was touched a moment ago is touched again most often.
        let recent = &places[places.len().saturating_sub(8)..];
        let mut addr = match self.chance.percent(70) {
            true => self.chance.pick(recent),
            false => self.chance.pick(&places),
        };
        if self.chance.percent(20) {
            addr = VirtAddr((addr.0 & !(PAGE_SIZE - 1)) + 64 * self.chance.below(63));
        }
        let pid = self.chance.pick(&alive);
        Some(self.look(pid, addr))
    }

    /// An access at an edge of some mapping, or just beyond it.
    fn poke(&mut self) -> Option<Event> {
        let pid = self.some_process()?;
        let vmas: Vec<(u64, u64)> = self
            .sight
            .mm(pid)?
            .vmas()
            .iter()
            .map(|vma| (vma.start.0, vma.end.0))
            .collect();
        if vmas.is_empty() {
            return None;
        }
        let (start, end) = self.chance.pick(&vmas);
        let page = match self.chance.below(6) {
            0 => start,
            1 => end - 1,
            2 => end,
            // A stack grows down by more than a page at times.
            _ => start.wrapping_sub(self.chance.within(1..=3)),
        };
        let offset = self.chance.pick(&[0, 0, 64, PAGE_SIZE - 1]);
        Some(self.look(
            pid,
            VirtAddr(page.wrapping_mul(PAGE_SIZE).wrapping_add(offset)),
        ))
    }

    /// A page that somebody used loses its rights, gets them back, and is written: who
    /// owns it must not have changed. Nothing happens if it has none to lose.
    pub(super) fn flicker(&mut self) {
        let Some(Event { cpu, op }) = self.echo() else {
            return;
        };
        let (Some(pid), Some(addr)) = (op.pid(), op.addr()) else {
            return;
        };
        let vma = self.sight.mm(pid).and_then(|mm| mm.vma(addr).copied());
        let Some(vma) = vma.filter(|vma| vma.prot.write()) else {
            return;
        };
        let less = self.chance.pick(&[Prot::READ, Prot::READ, Prot::NONE]);
        let protect = |prot| Op::Mprotect {
            pid,
            addr: addr.page().start(),
            len: PAGE_SIZE,
            prot,
        };
        let write = Op::Write {
            pid,
            addr,
            size: 1,
            value: Some(self.chance.within(1..=255)),
        };
        for op in [protect(less), protect(vma.prot), write] {
            let event = Event { cpu, op };
            let mut sight = self.sight.clone();
            let glimpse = sight.step(&event);
            if glimpse.failed || glimpse.refused || glimpse.fatal {
                return;
            }
            self.sight = sight;
            self.take(event, glimpse);
        }
    }

    /// A process changes what it does on a signal.
    fn sigaction(&mut self) -> Option<Event> {
        let pid = self.some_process()?;
        let signal = self.chance.pick(&[SignalSet::Segv, SignalSet::Bus]);
        let action = self.chance.pick(&[SigAction::Handler, SigAction::Default]);
        let op = Op::Sigaction {
            pid,
            signal,
            action,
        };
        Some(Event { cpu: CpuId(0), op })
    }

    fn some_process(&mut self) -> Option<Pid> {
        let alive = self.sight.alive();
        (!alive.is_empty()).then(|| self.chance.pick(&alive))
    }

    fn look(&mut self, pid: Pid, addr: VirtAddr) -> Event {
        let cpu = CpuId(self.chance.below(u64::from(self.shape.options.cpus)) as u8);
        let op = match self.chance.below(10) {
            0..5 => Op::Read { pid, addr, size: 1 },
            5..9 => Op::Write {
                pid,
                addr,
                size: 1,
                value: Some(self.chance.within(1..=255)),
            },
            _ => Op::CopyOut {
                pid,
                addr,
                size: 1,
                value: Some(self.chance.within(1..=255)),
            },
        };
        Event { cpu, op }
    }
}
