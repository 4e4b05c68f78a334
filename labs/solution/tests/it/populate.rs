//! Populating (rule R12).

use crate::check;

#[test]
fn a_populated_mapping_takes_its_faults_at_once() {
    check(
        "mmap 1 0x100000000 12K rw private anon populate # => minor demand-zero+minor demand-zero+minor demand-zero
write 1 0x100002000 # => hit
mmap 1 0x110000000 8K r private anon populate # => minor zero-page+minor zero-page
mmap 1 0x120000000 8K none private anon populate # => ok
mmap 1 0x130000000 4K rw shared anon populate # => minor demand-zero
write 1 0x130000000 # => hit
",
    );
}

#[test]
fn advice_to_populate_says_what_it_cannot_do() {
    check(
        "file f 12K warm
mmap 1 0x100000000 16K rw private f+0x1000
madvise 1 0x100000000 16K populate-read # => minor map-resident+minor map-resident+EFAULT
madvise 1 0x100000000 16K populate-write # => minor copy-on-write+minor copy-on-write+EFAULT
mmap 1 0x110000000 4K r private anon
madvise 1 0x110000000 4K populate-write # => EINVAL
mmap 1 0x120000000 4K none private anon
madvise 1 0x120000000 4K populate-read # => EINVAL
mmap 1 0x130000000 4K rw private anon
mmap 1 0x130002000 4K rw private anon
madvise 1 0x130000000 12K populate-write # => minor demand-zero+ENOMEM
madvise 1 0x140000000 4K populate-read # => ENOMEM
madvise 1 0x130000001 4K populate-read # => EINVAL
madvise 1 0x140000000 0 populate-read # => ok
",
    );
}

#[test]
fn a_private_write_behind_the_end_of_a_file_leaves_its_note_for_fork() {
    check(
        "file f 4K warm
sigaction 1 segv handler
mmap 1 0x100000000 8K rw private f
read 1 0x100000000 # => minor map-resident
fork 1 2
read 2 0x100000000 # => minor map-resident
write 1 0x100001000 # => bus adrerr
fork 1 3
read 3 0x100000000 # => hit
",
    );
}

#[test]
fn write_back_zeroes_what_was_written_behind_the_end_of_a_file() {
    check(
        "file f 100 warm
mmap 1 0x100000000 4K rw shared f
write 1 0x100000000 =7 # => minor map-resident
write 1 0x100000fff =9 # => hit
read 1 0x100000fff # => hit =9
msync 1 0x100000000 4K # => ok
read 1 0x100000fff # => hit =0
read 1 0x100000000 # => hit =7
write 1 0x100000000 # => minor write-notify
",
    );
}

#[test]
fn areas_that_could_never_be_written_do_not_merge_with_one_that_could() {
    check(
        "mmap 1 0x100000000 8K rw private anon
write 1 0x100000000 # => minor demand-zero
mmap 1 0x100002000 4K r private anon
read 1 0x100002000 # => minor zero-page
mprotect 1 0x100000000 12K r
fork 1 2
read 2 0x100000000 # => hit
read 2 0x100002000 # => minor zero-page
",
    );
}
