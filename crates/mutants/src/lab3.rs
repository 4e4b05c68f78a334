//! Mistakes in lab 3.

use naive::nearly::Nearly;
use solution::lab3;
use vmsim::handlers::Hole::{Deliver, GrowStack};
use vmsim::prelude::*;

use crate::{Mutant, kernel, mutant};

pub(crate) const MUTANTS: &[Mutant] = &[
    mutant(
        "G01",
        "no-stack-limit",
        "a stack grows however large it gets",
        &[GrowStack],
        kernel::<NoStackLimit>,
    ),
    mutant(
        "G+19",
        "no-guard-gap",
        "a stack grows until it meets what lies below",
        &[GrowStack],
        kernel::<NoGuardGap>,
    ),
    mutant(
        "G03",
        "one-page-at-a-time",
        "a stack grows only to the page directly below it",
        &[GrowStack],
        kernel::<OnePageAtATime>,
    ),
    mutant(
        "G04",
        "one-page-too-far",
        "a stack grows one page further than it must",
        &[GrowStack],
        kernel::<OnePageTooFar>,
    ),
    mutant(
        "G+20",
        "everything-grows",
        "any mapping grows down, not only a stack",
        &[GrowStack],
        kernel::<EverythingGrows>,
    ),
    mutant(
        "G+1",
        "nothing-grows",
        "no stack grows",
        &[GrowStack],
        kernel::<NothingGrows>,
    ),
    mutant(
        "G+2",
        "only-nearby",
        "an access far below a stack is taken for a wild one, as older kernels did",
        &[GrowStack],
        kernel::<OnlyNearby>,
    ),
    mutant(
        "G+3",
        "limit-in-pages",
        "the size in pages is compared with the limit in bytes",
        &[GrowStack],
        kernel::<LimitInPages>,
    ),
    mutant(
        "G+4",
        "limit-is-too-large",
        "a stack of exactly the limit is refused",
        &[GrowStack],
        kernel::<LimitIsTooLarge>,
    ),
    mutant(
        "G+5",
        "limit-of-the-growth",
        "the limit is compared with the pages that are added, not with the whole stack",
        &[GrowStack],
        kernel::<LimitOfTheGrowth>,
    ),
    mutant(
        "G+6",
        "limit-asked-before",
        "the size is asked for as it is before the stack grows",
        &[GrowStack],
        kernel::<LimitAskedBefore>,
    ),
    mutant(
        "G+7",
        "limit-to-the-byte",
        "the size is counted from the byte that was touched, not from its page",
        &[GrowStack],
        kernel::<LimitToTheByte>,
    ),
    mutant(
        "G+8",
        "gap-one-too-small",
        "255 free pages are enough",
        &[GrowStack],
        kernel::<GapOfPages<255>>,
    ),
    mutant(
        "G+9",
        "gap-one-too-large",
        "257 free pages must stay",
        &[GrowStack],
        kernel::<GapOfPages<257>>,
    ),
    mutant(
        "G+10",
        "gap-of-bytes",
        "256 bytes stay free, not 256 pages",
        &[GrowStack],
        kernel::<GapOfPages<1>>,
    ),
    mutant(
        "G+11",
        "gap-from-the-start",
        "the gap is measured from the start of what lies below, not from its end",
        &[GrowStack],
        kernel::<GapFromTheStart>,
    ),
    mutant(
        "G+12",
        "gap-before-growth",
        "the gap is asked for below the stack as it is, not as it would be",
        &[GrowStack],
        kernel::<GapBeforeGrowth>,
    ),
    mutant(
        "N24",
        "gap-to-stacks-alone",
        "a stack grows until it meets the heap: the gap is kept to other stacks only",
        &[GrowStack],
        kernel::<GapToStacksAlone>,
    ),
    mutant(
        "G+13",
        "gap-to-stacks-too",
        "a gap is kept to another stack as well",
        &[GrowStack],
        kernel::<GapToStacksToo>,
    ),
    mutant(
        "G+14",
        "gap-to-what-is-forbidden",
        "a gap is kept to mappings under PROT_NONE as well",
        &[GrowStack],
        kernel::<GapToWhatIsForbidden>,
    ),
    mutant(
        "G+15",
        "gap-to-what-can-be-written",
        "no gap is kept to mappings that cannot be written",
        &[GrowStack],
        kernel::<GapToWhatCanBeWritten>,
    ),
    mutant(
        "G+16",
        "gap-to-all-below",
        "the gap is kept to every mapping below, not only to the next one",
        &[GrowStack],
        kernel::<GapToAllBelow>,
    ),
    mutant(
        "G+17",
        "down-to-the-null-page",
        "a stack grows below the lowest address that a program may map",
        &[GrowStack],
        kernel::<DownToTheNullPage>,
    ),
    mutant(
        "G+18",
        "lowest-page-excluded",
        "a stack does not grow to the lowest page that a program may map",
        &[GrowStack],
        kernel::<LowestPageExcluded>,
    ),
    mutant(
        "X04",
        "bad-pointer-kills",
        "a system call with a bad pointer ends as the program's own access does",
        &[Deliver],
        kernel::<BadPointerKills>,
    ),
    mutant(
        "X+301",
        "efault-only-without-handler",
        "a process that has a handler gets a signal for a system call's bad pointer",
        &[Deliver],
        kernel::<EfaultOnlyWithoutHandler>,
    ),
    mutant(
        "X+302",
        "efault-only-for-maperr",
        "a system call gets its error where nothing is mapped, and a signal elsewhere",
        &[Deliver],
        kernel::<EfaultOnlyForMaperr>,
    ),
    mutant(
        "K+301",
        "handlers-never-run",
        "a process is terminated, whether it has a handler or not",
        &[Deliver],
        kernel::<HandlersNeverRun>,
    ),
    mutant(
        "K+302",
        "nobody-is-terminated",
        "a process without a handler goes on",
        &[Deliver],
        kernel::<NobodyIsTerminated>,
    ),
    mutant(
        "K+303",
        "bus-asks-segv",
        "SIGBUS goes by the action for SIGSEGV",
        &[Deliver],
        kernel::<BusAsksSegv>,
    ),
    mutant(
        "K+304",
        "segv-asks-bus",
        "SIGSEGV goes by the action for SIGBUS",
        &[Deliver],
        kernel::<SegvAsksBus>,
    ),
    mutant(
        "K+305",
        "accerr-is-a-bus-error",
        "an access that the VMA forbids goes by the action for SIGBUS",
        &[Deliver],
        kernel::<AccerrIsABusError>,
    ),
    mutant(
        "K+306",
        "either-handler-will-do",
        "a handler for one of the two signals runs for both",
        &[Deliver],
        kernel::<EitherHandlerWillDo>,
    ),
    mutant(
        "K+307",
        "general-protection-kills",
        "an address that is not canonical terminates the process, handler or not",
        &[Deliver],
        kernel::<GeneralProtectionKills>,
    ),
];

/// The questions of `grow_stack`, to be asked otherwise.
struct Stack<'a> {
    start: Vpn,
    stack: &'a Vma,
    below: Option<&'a Vma>,
}

impl<'a> Stack<'a> {
    fn at(mm: &Mm<'a>, addr: VirtAddr) -> Option<Self> {
        let start = addr.page();
        let stack = mm.vmas().at_or_above(start)?;
        (stack.growth == Growth::Down).then(|| Stack {
            start,
            stack,
            below: mm.vmas().below(start),
        })
    }

    fn is_high_enough(&self) -> bool {
        self.start >= MMAP_MIN_ADDR.page()
    }

    fn fits(&self, mm: &Mm<'_>) -> bool {
        (self.stack.end.0 - self.start.0) * PAGE_SIZE <= mm.stack_limit()
    }

    /// Whether `pages` stay free above what lies below, if that keeps the stack off.
    fn keeps(&self, pages: u64, keeps_off: impl Fn(&Vma) -> bool) -> bool {
        let below = self.below.filter(|below| keeps_off(below));
        below.is_none_or(|below| self.start.0 - below.end.0 >= pages)
    }

    fn keeps_gap(&self) -> bool {
        self.keeps(GUARD_GAP_PAGES, keeps_off)
    }

    fn grown_if(self, it_may: bool) -> Option<Vpn> {
        it_may.then_some(self.start)
    }
}

fn keeps_off(below: &Vma) -> bool {
    below.growth != Growth::Down && !below.prot.is_none()
}

#[derive(Default)]
struct NoStackLimit;

impl Nearly for NoStackLimit {
    fn grow_stack(&self, mm: &Mm<'_>, addr: VirtAddr) -> Option<Vpn> {
        let new = Stack::at(mm, addr)?;
        let it_may = new.is_high_enough() && new.keeps_gap();
        new.grown_if(it_may)
    }
}

#[derive(Default)]
struct NoGuardGap;

impl Nearly for NoGuardGap {
    fn grow_stack(&self, mm: &Mm<'_>, addr: VirtAddr) -> Option<Vpn> {
        let new = Stack::at(mm, addr)?;
        let it_may = new.is_high_enough() && new.fits(mm);
        new.grown_if(it_may)
    }
}

#[derive(Default)]
struct OnePageAtATime;

impl Nearly for OnePageAtATime {
    fn grow_stack(&self, mm: &Mm<'_>, addr: VirtAddr) -> Option<Vpn> {
        let start = lab3::grow_stack(mm, addr)?;
        let stack = mm.vmas().at_or_above(start)?.start;
        (start.0 + 1 == stack.0).then_some(start)
    }
}

#[derive(Default)]
struct OnePageTooFar;

impl Nearly for OnePageTooFar {
    fn grow_stack(&self, mm: &Mm<'_>, addr: VirtAddr) -> Option<Vpn> {
        lab3::grow_stack(mm, addr).map(|start| Vpn(start.0 - 1))
    }
}

#[derive(Default)]
struct EverythingGrows;

impl Nearly for EverythingGrows {
    fn grow_stack(&self, mm: &Mm<'_>, addr: VirtAddr) -> Option<Vpn> {
        let start = addr.page();
        let above = mm.vmas().at_or_above(start)?;
        let small = (above.end.0 - start.0) * PAGE_SIZE <= mm.stack_limit();
        (small && start >= MMAP_MIN_ADDR.page()).then_some(start)
    }
}

#[derive(Default)]
struct NothingGrows;

impl Nearly for NothingGrows {
    fn grow_stack(&self, _: &Mm<'_>, _: VirtAddr) -> Option<Vpn> {
        None
    }
}

#[derive(Default)]
struct OnlyNearby;

impl Nearly for OnlyNearby {
    fn grow_stack(&self, mm: &Mm<'_>, addr: VirtAddr) -> Option<Vpn> {
        const NEARBY: u64 = 65536 + 32 * 8;
        let start = lab3::grow_stack(mm, addr)?;
        let stack = mm.vmas().at_or_above(start)?.start;
        (stack.start().0 - addr.0 <= NEARBY).then_some(start)
    }
}

#[derive(Default)]
struct LimitInPages;

impl Nearly for LimitInPages {
    fn grow_stack(&self, mm: &Mm<'_>, addr: VirtAddr) -> Option<Vpn> {
        let new = Stack::at(mm, addr)?;
        let fits = new.stack.end.0 - new.start.0 <= mm.stack_limit();
        let it_may = new.is_high_enough() && new.keeps_gap() && fits;
        new.grown_if(it_may)
    }
}

#[derive(Default)]
struct LimitIsTooLarge;

impl Nearly for LimitIsTooLarge {
    fn grow_stack(&self, mm: &Mm<'_>, addr: VirtAddr) -> Option<Vpn> {
        let start = lab3::grow_stack(mm, addr)?;
        let end = mm.vmas().at_or_above(start)?.end;
        ((end.0 - start.0) * PAGE_SIZE < mm.stack_limit() / PAGE_SIZE * PAGE_SIZE).then_some(start)
    }
}

#[derive(Default)]
struct LimitOfTheGrowth;

impl Nearly for LimitOfTheGrowth {
    fn grow_stack(&self, mm: &Mm<'_>, addr: VirtAddr) -> Option<Vpn> {
        let new = Stack::at(mm, addr)?;
        let fits = (new.stack.start.0 - new.start.0) * PAGE_SIZE <= mm.stack_limit();
        let it_may = new.is_high_enough() && new.keeps_gap() && fits;
        new.grown_if(it_may)
    }
}

#[derive(Default)]
struct LimitAskedBefore;

impl Nearly for LimitAskedBefore {
    fn grow_stack(&self, mm: &Mm<'_>, addr: VirtAddr) -> Option<Vpn> {
        let new = Stack::at(mm, addr)?;
        let fits = new.stack.size_pages() * PAGE_SIZE <= mm.stack_limit();
        let it_may = new.is_high_enough() && new.keeps_gap() && fits;
        new.grown_if(it_may)
    }
}

#[derive(Default)]
struct LimitToTheByte;

impl Nearly for LimitToTheByte {
    fn grow_stack(&self, mm: &Mm<'_>, addr: VirtAddr) -> Option<Vpn> {
        let new = Stack::at(mm, addr)?;
        let fits = new.stack.end.start().0 - addr.0 <= mm.stack_limit();
        let it_may = new.is_high_enough() && new.keeps_gap() && fits;
        new.grown_if(it_may)
    }
}

#[derive(Default)]
struct GapOfPages<const PAGES: u64>;

impl<const PAGES: u64> Nearly for GapOfPages<PAGES> {
    fn grow_stack(&self, mm: &Mm<'_>, addr: VirtAddr) -> Option<Vpn> {
        let new = Stack::at(mm, addr)?;
        let it_may = new.is_high_enough() && new.fits(mm) && new.keeps(PAGES, keeps_off);
        new.grown_if(it_may)
    }
}

#[derive(Default)]
struct GapFromTheStart;

impl Nearly for GapFromTheStart {
    fn grow_stack(&self, mm: &Mm<'_>, addr: VirtAddr) -> Option<Vpn> {
        let new = Stack::at(mm, addr)?;
        let below = new.below.filter(|below| keeps_off(below));
        let keeps = below.is_none_or(|below| new.start.0 - below.start.0 >= GUARD_GAP_PAGES);
        let it_may = new.is_high_enough() && new.fits(mm) && keeps;
        new.grown_if(it_may)
    }
}

#[derive(Default)]
struct GapBeforeGrowth;

impl Nearly for GapBeforeGrowth {
    fn grow_stack(&self, mm: &Mm<'_>, addr: VirtAddr) -> Option<Vpn> {
        let new = Stack::at(mm, addr)?;
        let below = new.below.filter(|below| keeps_off(below));
        let keeps = below.is_none_or(|below| new.stack.start.0 - below.end.0 >= GUARD_GAP_PAGES);
        let it_may = new.is_high_enough() && new.fits(mm) && keeps;
        new.grown_if(it_may)
    }
}

#[derive(Default)]
struct GapToStacksAlone;

impl Nearly for GapToStacksAlone {
    fn grow_stack(&self, mm: &Mm<'_>, addr: VirtAddr) -> Option<Vpn> {
        let new = Stack::at(mm, addr)?;
        let keeps = new.keeps(GUARD_GAP_PAGES, |below| below.growth == Growth::Down);
        let it_may = new.is_high_enough() && new.fits(mm) && keeps;
        new.grown_if(it_may)
    }
}

#[derive(Default)]
struct GapToStacksToo;

impl Nearly for GapToStacksToo {
    fn grow_stack(&self, mm: &Mm<'_>, addr: VirtAddr) -> Option<Vpn> {
        let new = Stack::at(mm, addr)?;
        let keeps = new.keeps(GUARD_GAP_PAGES, |below| !below.prot.is_none());
        let it_may = new.is_high_enough() && new.fits(mm) && keeps;
        new.grown_if(it_may)
    }
}

#[derive(Default)]
struct GapToWhatIsForbidden;

impl Nearly for GapToWhatIsForbidden {
    fn grow_stack(&self, mm: &Mm<'_>, addr: VirtAddr) -> Option<Vpn> {
        let new = Stack::at(mm, addr)?;
        let keeps = new.keeps(GUARD_GAP_PAGES, |below| below.growth != Growth::Down);
        let it_may = new.is_high_enough() && new.fits(mm) && keeps;
        new.grown_if(it_may)
    }
}

#[derive(Default)]
struct GapToWhatCanBeWritten;

impl Nearly for GapToWhatCanBeWritten {
    fn grow_stack(&self, mm: &Mm<'_>, addr: VirtAddr) -> Option<Vpn> {
        let new = Stack::at(mm, addr)?;
        let keeps = new.keeps(GUARD_GAP_PAGES, |below| {
            keeps_off(below) && below.prot.write()
        });
        let it_may = new.is_high_enough() && new.fits(mm) && keeps;
        new.grown_if(it_may)
    }
}

#[derive(Default)]
struct GapToAllBelow;

impl Nearly for GapToAllBelow {
    fn grow_stack(&self, mm: &Mm<'_>, addr: VirtAddr) -> Option<Vpn> {
        let start = lab3::grow_stack(mm, addr)?;
        let mut below = mm
            .vmas()
            .iter()
            .filter(|vma| vma.end <= start && keeps_off(vma));
        below
            .all(|vma| start.0 - vma.end.0 >= GUARD_GAP_PAGES)
            .then_some(start)
    }
}

#[derive(Default)]
struct DownToTheNullPage;

impl Nearly for DownToTheNullPage {
    fn grow_stack(&self, mm: &Mm<'_>, addr: VirtAddr) -> Option<Vpn> {
        let new = Stack::at(mm, addr)?;
        let it_may = new.fits(mm) && new.keeps_gap();
        new.grown_if(it_may)
    }
}

#[derive(Default)]
struct LowestPageExcluded;

impl Nearly for LowestPageExcluded {
    fn grow_stack(&self, mm: &Mm<'_>, addr: VirtAddr) -> Option<Vpn> {
        lab3::grow_stack(mm, addr).filter(|start| *start > MMAP_MIN_ADDR.page())
    }
}

#[derive(Default)]
struct BadPointerKills;

impl Nearly for BadPointerKills {
    fn deliver(&self, mm: &Mm<'_>, _: Mode, signal: Signal) -> Delivery {
        lab3::deliver(mm, Mode::User, signal)
    }
}

#[derive(Default)]
struct EfaultOnlyWithoutHandler;

impl Nearly for EfaultOnlyWithoutHandler {
    fn deliver(&self, mm: &Mm<'_>, mode: Mode, signal: Signal) -> Delivery {
        match lab3::deliver(mm, Mode::User, signal) {
            Delivery::RunHandler => Delivery::RunHandler,
            _ => lab3::deliver(mm, mode, signal),
        }
    }
}

#[derive(Default)]
struct EfaultOnlyForMaperr;

impl Nearly for EfaultOnlyForMaperr {
    fn deliver(&self, mm: &Mm<'_>, mode: Mode, signal: Signal) -> Delivery {
        match signal.code {
            SignalCode::Maperr => lab3::deliver(mm, mode, signal),
            _ => lab3::deliver(mm, Mode::User, signal),
        }
    }
}

#[derive(Default)]
struct HandlersNeverRun;

impl Nearly for HandlersNeverRun {
    fn deliver(&self, _: &Mm<'_>, mode: Mode, _: Signal) -> Delivery {
        match mode {
            Mode::Kernel => Delivery::ReturnEfault,
            Mode::User => Delivery::Terminate,
        }
    }
}

#[derive(Default)]
struct NobodyIsTerminated;

impl Nearly for NobodyIsTerminated {
    fn deliver(&self, _: &Mm<'_>, mode: Mode, _: Signal) -> Delivery {
        match mode {
            Mode::Kernel => Delivery::ReturnEfault,
            Mode::User => Delivery::RunHandler,
        }
    }
}

#[derive(Default)]
struct BusAsksSegv;

impl Nearly for BusAsksSegv {
    fn deliver(&self, mm: &Mm<'_>, mode: Mode, signal: Signal) -> Delivery {
        lab3::deliver(mm, mode, Signal::accerr(signal.addr))
    }
}

#[derive(Default)]
struct SegvAsksBus;

impl Nearly for SegvAsksBus {
    fn deliver(&self, mm: &Mm<'_>, mode: Mode, signal: Signal) -> Delivery {
        lab3::deliver(mm, mode, Signal::adrerr(signal.addr))
    }
}

#[derive(Default)]
struct AccerrIsABusError;

impl Nearly for AccerrIsABusError {
    fn deliver(&self, mm: &Mm<'_>, mode: Mode, signal: Signal) -> Delivery {
        match signal.code {
            SignalCode::Accerr => lab3::deliver(mm, mode, Signal::adrerr(signal.addr)),
            _ => lab3::deliver(mm, mode, signal),
        }
    }
}

#[derive(Default)]
struct EitherHandlerWillDo;

impl Nearly for EitherHandlerWillDo {
    fn deliver(&self, mm: &Mm<'_>, mode: Mode, signal: Signal) -> Delivery {
        let by_segv = lab3::deliver(mm, mode, Signal::maperr(signal.addr));
        match by_segv {
            Delivery::Terminate => lab3::deliver(mm, mode, Signal::adrerr(signal.addr)),
            _ => by_segv,
        }
    }
}

#[derive(Default)]
struct GeneralProtectionKills;

impl Nearly for GeneralProtectionKills {
    fn deliver(&self, mm: &Mm<'_>, mode: Mode, signal: Signal) -> Delivery {
        match (mode, signal.code) {
            (Mode::User, SignalCode::Kernel) => Delivery::Terminate,
            _ => lab3::deliver(mm, mode, signal),
        }
    }
}
