// Lab 3. A stack may grow if all the limits that it has allow it: I make a list of the
// lowest pages that each of them allows and take the highest. Signals: a table.

use vmsim::prelude::*;

pub fn grow_stack(mm: &Mm<'_>, addr: VirtAddr) -> Option<Vpn> {
    let wanted = addr.page();
    let vmas: Vec<&Vma> = mm.vmas().iter().collect();
    let next = vmas.iter().position(|vma| vma.end > wanted)?;
    let stack = Some(vmas[next]).filter(|vma| vma.growth == Growth::Down)?;

    let by_size = stack.end.0.saturating_sub(mm.stack_limit() / PAGE_SIZE);
    let by_gap = vmas[..next].last().map_or(0, |below| {
        let needs_no_gap = below.growth == Growth::Down || below.prot.is_none();
        below.end.0 + if needs_no_gap { 0 } else { GUARD_GAP_PAGES }
    });
    let lowest = [by_size, by_gap, MMAP_MIN_ADDR.page().0];
    lowest
        .into_iter()
        .max()
        .filter(|&lowest| lowest <= wanted.0)
        .map(|_| wanted)
}

/// Rows: SIGSEGV, SIGBUS. Columns: no handler, handler.
const TO_THE_PROGRAM: [[Delivery; 2]; 2] = [
    [Delivery::Terminate, Delivery::RunHandler],
    [Delivery::Terminate, Delivery::RunHandler],
];

pub fn deliver(mm: &Mm<'_>, mode: Mode, signal: Signal) -> Delivery {
    let bus = signal.code == SignalCode::Adrerr;
    let actions = [mm.on_segv(), mm.on_bus()];
    let handled = actions[usize::from(bus)] == SigAction::Handler;
    match mode {
        Mode::Kernel => Delivery::ReturnEfault,
        Mode::User => TO_THE_PROGRAM[usize::from(bus)][usize::from(handled)],
    }
}
