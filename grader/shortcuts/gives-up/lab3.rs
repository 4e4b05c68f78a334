// Lab 3. Compiles, and gives up: no memory, no page, no victim.

use vmsim::prelude::*;

pub fn grow_stack(_: &Mm<'_>, _: VirtAddr) -> Option<Vpn> {
    None
}

pub fn deliver(_: &Mm<'_>, _: Mode, _: Signal) -> Delivery {
    Delivery::ReturnEfault
}
