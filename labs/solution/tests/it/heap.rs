//! brk: the heap (rule R10, case A23; the distances were measured).

use crate::check;

#[test]
fn the_heap_grows_shrinks_and_forgets() {
    check(
        "sigaction 1 segv handler
brk 1 0x4004000 # => ok
write 1 0x4003000 =7 # => minor demand-zero
write 1 0x4000000 # => minor demand-zero
write 1 0x4003000 =7 # => hit
write 1 0x4004000 # => segv maperr
brk 1 0x4002000 # => ok
write 1 0x4001000 # => minor demand-zero
write 1 0x4000000 # => hit
write 1 0x4002000 # => segv maperr
brk 1 0x4004000 # => ok
read 1 0x4003000 # => minor zero-page =0
brk 1 0x3fff000 # => ENOMEM
",
    );
}

#[test]
fn the_end_of_the_heap_need_not_be_a_whole_page() {
    check(
        "sigaction 1 segv handler
brk 1 0x4000010 # => ok
write 1 0x4000fff # => minor demand-zero
write 1 0x4001000 # => segv maperr
",
    );
}

#[test]
fn the_heap_keeps_a_page_away_from_mappings_and_a_gap_away_from_stacks() {
    check(
        "brk 1 0x4004000
mmap 1 0x4010000 4K rw private anon
brk 1 0x4010000 # => ENOMEM
brk 1 0x400f000 # => ok
munmap 1 0x4010000 4K
mmap 1 0x4200000 4K rw private anon growsdown
brk 1 0x4100000 # => ENOMEM
brk 1 0x40ff000 # => ok
",
    );
}

#[test]
fn an_end_that_the_program_unmapped_cannot_be_given_back() {
    check(
        "brk 1 0x4004000
munmap 1 0x4003000 4K
brk 1 0x4003000 # => ENOMEM
brk 1 0x4002000 # => ok
",
    );
}
