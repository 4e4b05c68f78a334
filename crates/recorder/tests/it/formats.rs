//! The real outputs of readelf and perf script.

use recorder::perf::{Mode, faults};
use recorder::segments::Layout;
use vmsim::addr::VirtAddr;

use crate::workspace::recorded;

#[test]
fn the_demo_has_four_segments() {
    let layout = Layout::read(&recorded("demo-segments.txt")).unwrap();
    let prots: Vec<_> = layout
        .segments
        .iter()
        .map(|segment| segment.prot.to_string())
        .collect();
    assert_eq!(prots, ["r", "rx", "r", "rw"]);
    assert_eq!(layout.segments[3].addr, VirtAddr(0x4a_2698));
    assert_eq!(layout.segments[3].mem_size, 0xbbe8);
    assert_eq!(layout.relro, Some(0x4a_2698..0x4a_6000));
}

#[test]
fn the_kernel_took_every_fault_of_the_demo_in_order() {
    let faults = faults(&recorded("demo-kernel-faults.txt")).unwrap();
    let kernel = faults
        .iter()
        .filter(|fault| fault.mode == Mode::Kernel)
        .count();
    let child = faults.iter().filter(|fault| fault.pid == 25508).count();
    assert_eq!((faults.len(), kernel, child), (FAULTS, KERNEL_FAULTS, 8));
    assert_eq!(faults[0].address, VirtAddr(0x4a_8290));
    assert_eq!(
        (faults[3].address, faults[3].error_code),
        (VirtAddr(0x40_14f0), 0x14)
    );
}

/// Lines of `demo-kernel-faults.txt` with `page_fault`, by `grep -c`.
const FAULTS: usize = 50;
/// Those of them with `page_fault_kernel`.
const KERNEL_FAULTS: usize = 7;
