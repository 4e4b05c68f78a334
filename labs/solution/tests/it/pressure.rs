//! Too little memory: eviction, swap that is full, and the end.

use crate::check;

#[test]
fn without_swap_private_memory_cannot_be_evicted() {
    check(
        "machine frames=2 swap=0
fork 1 2
mmap 1 0x100000000 16K rw private anon
write 1 0x100000000 # => minor demand-zero
write 1 0x100001000 # => minor demand-zero
write 1 0x100002000 # => oom
write 1 0x100000000 # => ESRCH
mmap 2 0x100000000 16K rw private anon
write 2 0x100000000 # => minor demand-zero
",
    );
}

#[test]
fn a_victim_goes_to_swap_and_comes_back_with_its_bytes() {
    check(
        "machine frames=1 swap=1
mmap 1 0x100000000 8K rw private anon
write 1 0x100000000 =7 # => minor demand-zero
write 1 0x100001000 =9 # => minor demand-zero
read 1 0x100000000 # => oom
",
    );
    check(
        "machine frames=2 swap=2
mmap 1 0x100000000 12K rw private anon
write 1 0x100000000 =7 # => minor demand-zero
write 1 0x100001000 =8 # => minor demand-zero
write 1 0x100002000 =9 # => minor demand-zero
read 1 0x100000000 # => major swap-in =7
read 1 0x100001000 # => major swap-in =8
read 1 0x100002000 # => major swap-in =9
",
    );
}

#[test]
fn a_dirty_page_of_a_file_is_written_before_it_is_evicted() {
    check(
        "machine frames=1 swap=0
file f 8K cold
mmap 1 0x100000000 8K rw shared f
write 1 0x100000000 =7 # => major file-read
read 1 0x100001000 # => major file-read
read 1 0x100000000 # => major file-read =7
",
    );
}

#[test]
fn a_private_write_to_a_cold_file_needs_two_frames() {
    check(
        "machine frames=1 swap=0
file f 4K cold
mmap 1 0x100000000 4K rw private f
write 1 0x100000000 # => oom
",
    );
}

#[test]
fn an_access_whose_pages_push_each_other_out_is_no_loop_of_the_handlers() {
    check(
        "machine frames=1 swap=0
file f 8K cold
mmap 1 0x100000000 8K r shared f
read 1 0x100000ffc 8B # => major+major+major+major+major+major+major+major+major+major+major+major+major+major+major+major+oom
",
    );
}

#[test]
fn pageout_without_room_leaves_private_memory_and_unmaps_shared_memory() {
    check(
        "machine swap=0
mmap 1 0x100000000 4K rw private anon
mmap 1 0x110000000 4K rw shared anon
write 1 0x100000000 =7 # => minor demand-zero
write 1 0x110000000 =8 # => minor demand-zero
madvise 1 0x100000000 4K pageout # => ok
madvise 1 0x110000000 4K pageout # => ok
read 1 0x100000000 # => hit =7
read 1 0x110000000 # => minor map-resident =8
",
    );
}

#[test]
fn shared_memory_that_nobody_maps_any_more_is_given_up() {
    check(
        "machine frames=2 swap=0
mmap 1 0x100000000 8K rw shared anon
write 1 0x100000000 # => minor demand-zero
write 1 0x100001000 # => minor demand-zero
munmap 1 0x100000000 4K
munmap 1 0x100001000 4K
mmap 1 0x200000000 8K rw private anon
write 1 0x200000000 # => minor demand-zero
write 1 0x200001000 # => minor demand-zero
",
    );
}

#[test]
fn shared_memory_outlives_the_process_that_made_it() {
    check(
        "machine frames=4 swap=0
mmap 1 0x100000000 4K rw shared anon
write 1 0x100000000 =7 # => minor demand-zero
fork 1 2
exit 1
read 2 0x100000000 # => minor map-resident =7
",
    );
}
