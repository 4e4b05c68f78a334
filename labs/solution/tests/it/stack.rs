//! Stacks that grow (rule R16, and what a growing stack leaves behind for R15).

use crate::check;

#[test]
fn a_stack_grows_over_any_distance() {
    check(
        "sigaction 1 segv handler
mmap 1 0x100fa0000 16K rw private anon growsdown
write 1 0x100bb8000 # => minor demand-zero
write 1 0x100dac000 # => minor demand-zero
read 1 0x100ca0000 # => minor zero-page =0
",
    );
}

#[test]
fn a_stack_grows_to_its_limit_and_no_page_further() {
    check(
        "machine stack-limit=16K
sigaction 1 segv handler
mmap 1 0x100010000 4K rw private anon growsdown
write 1 0x10000d000 # => minor demand-zero
write 1 0x10000cfff # => segv maperr
",
    );
}

#[test]
fn a_stack_keeps_its_guard_gap_to_what_can_be_accessed() {
    check(
        "sigaction 1 segv handler
mmap 1 0x100000000 4K rw private anon
mmap 1 0x100190000 16K rw private anon growsdown
write 1 0x100101000 # => minor demand-zero
write 1 0x100100000 # => segv maperr
mprotect 1 0x100000000 4K none
write 1 0x100100000 # => minor demand-zero
",
    );
}

#[test]
fn a_stack_grows_down_to_another_stack() {
    check(
        "sigaction 1 segv handler
mmap 1 0x100000000 4K rw private anon growsdown
mmap 1 0x100010000 4K rw private anon growsdown
write 1 0x100001000 # => minor demand-zero
",
    );
}

#[test]
fn a_stack_does_not_grow_below_the_lowest_address_for_mappings() {
    check(
        "sigaction 1 segv handler
mmap 1 0x20000 4K rw private anon growsdown
write 1 0x12000 # => minor demand-zero
write 1 0xf000 # => segv maperr
write 1 0x10000 # => minor demand-zero
",
    );
}

#[test]
fn a_stack_grows_first_and_refuses_then() {
    check(
        "sigaction 1 segv handler
mmap 1 0x10012c000 16K r private anon growsdown
write 1 0x10012b000 # => segv accerr
read 1 0x10012b000 # => minor zero-page =0
read 1 0x10012a000 # => minor zero-page =0
",
    );
}

#[test]
fn a_system_call_makes_a_stack_grow_too() {
    check(
        "mmap 1 0x100010000 4K rw private anon growsdown
copyout 1 0x10000e000 =3 # => minor demand-zero
read 1 0x10000e000 # => hit =3
",
    );
}

/// Measured: the kernel prepares the stack for entries before it asks for the
/// limit, so fork copies the entries of a stack that only tried to grow.
#[test]
fn fork_copies_the_entries_of_a_stack_that_grew_or_tried_to() {
    check(
        "machine stack-limit=16K
sigaction 1 segv handler
mmap 1 0x100010000 4K r private anon growsdown
read 1 0x100010000 # => minor zero-page =0
fork 1 2
read 2 0x100010000 # => minor zero-page =0
read 1 0x10000f000 # => minor zero-page =0
fork 1 3
read 3 0x100010000 # => hit =0
mmap 1 0x200010000 4K r private anon growsdown
read 1 0x200010000 # => minor zero-page =0
read 1 0x200000000 # => segv maperr
fork 1 4
read 4 0x200010000 # => hit =0
",
    );
}
