use vmsim::prelude::*;

pub fn grow_stack(mm: &Mm<'_>, addr: VirtAddr) -> Option<Vpn> {
    let stack = mm.vmas().at_or_above(addr.page())?;
    let grows = stack.growth == Growth::Down;
    let writes = fault.is_write(); // wrong
    // right: let writes = true;
    (grows && writes).then_some(addr.page())
}
