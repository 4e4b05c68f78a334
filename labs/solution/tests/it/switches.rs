//! The switches: fault-around, read-ahead, several CPUs (rule R8).

use crate::check;

#[test]
fn fault_around_maps_what_the_page_cache_has() {
    check(
        "machine fault-around=16
file f 64K cold
load f 8K
load f+0x9000 8K
mmap 1 0x100000000 64K r private f
read 1 0x100005000 # => major file-read
read 1 0x100000000 # => hit
read 1 0x100001000 # => hit
read 1 0x100009000 # => hit
read 1 0x10000a000 # => hit
read 1 0x10000b000 # => major file-read
",
    );
}

#[test]
fn without_it_each_page_takes_its_own_fault() {
    check(
        "file f 8K warm
mmap 1 0x100000000 8K r private f
read 1 0x100000000 # => minor map-resident
read 1 0x100001000 # => minor map-resident
",
    );
}

#[test]
fn read_ahead_turns_major_faults_into_minor_ones() {
    check(
        "machine readahead=2
file f 16K cold
mmap 1 0x100000000 16K r private f
read 1 0x100000000 # => major file-read
read 1 0x100001000 # => minor map-resident
read 1 0x100002000 # => minor map-resident
read 1 0x100003000 # => major file-read
",
    );
}

#[test]
fn a_cpu_that_remembers_less_than_the_table_allows_faults_spuriously() {
    check(
        "machine cpus=2
file f 4K warm
mmap 1 0x100000000 4K rw shared f
read 1 0x100000000 @0 # => minor map-resident
read 1 0x100000000 @1 # => hit
write 1 0x100000000 @0 # => minor write-notify
write 1 0x100000000 @1 # => minor spurious
write 1 0x100000000 @1 # => hit
",
    );
}
