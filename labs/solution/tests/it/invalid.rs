//! Addresses that no program may use, and what becomes of who tries (rules R1,
//! R2 and R18; case A13 of the measured ones).

use crate::check;

#[test]
fn every_address_outside_of_user_space_ends_in_the_signal_of_its_kind() {
    check(
        "sigaction 1 segv handler
read  1 0x100000000 # => maperr
write 1 0x100000000 # => maperr
exec  1 0x100000000 # => maperr
read  1 0x0 # => segv maperr
write 1 0x0 # => segv maperr
exec  1 0x0 # => segv maperr
read  1 0xffff888000000000 # => maperr
write 1 0xffffffff81000000 # => maperr
exec  1 0xffffffff81000000 # => maperr
read  1 0x800000000000 # => kernel
write 1 0xdead000000000000 # => segv kernel
exec  1 0x800000000000 # => kernel
read  1 0xffffffffff600000 # => maperr
write 1 0xffffffffff600000 # => maperr
read  1 0x7ffffffff000 # => maperr
",
    );
}

#[test]
fn the_last_page_of_user_space_can_be_used() {
    check(
        "sigaction 1 segv handler
mmap  1 0x7fffffffe000 4K rw private anon # => ok
write 1 0x7fffffffefff =9 # => minor demand-zero
read  1 0x7fffffffefff # => hit =9
mmap  1 0x7fffffffe000 8K rw private anon # => ENOMEM
read  1 0x7fffffffeffc 8B # => maperr
",
    );
}

#[test]
fn an_access_that_leaves_the_canonical_half_is_no_page_fault_at_all() {
    check(
        "sigaction 1 segv handler
read  1 0x7ffffffffffc 8B # => kernel
write 1 0x7fffffffffff 2B # => kernel
read  1 0xffff7fffffffffff 8B # => kernel
copyin 1 0x7ffffffffffc 8B # => EFAULT
",
    );
}

#[test]
fn the_low_page_of_a_crossing_access_comes_first_and_stays() {
    check(
        "sigaction 1 segv handler
mmap 1 0x100001000 4K rw private anon
write 1 0x100000ffc 8B # => segv maperr
mmap 1 0x100000000 4K r private anon
write 1 0x100000ffc 8B # => segv accerr
read 1 0x100000ffc 8B # => minor zero-page then minor zero-page =0
write 1 0x100001ffc 8B =7 # => minor demand-zero then segv maperr
read 1 0x100001ffc # => hit =0
",
    );
}

#[test]
fn a_program_without_a_handler_is_terminated() {
    check(
        "fork 1 2
read 1 0x0 # => segv maperr
read 1 0x0 # => ESRCH
sigaction 2 bus handler
read 2 0x0 # => segv maperr
read 2 0x0 # => ESRCH
",
    );
}

#[test]
fn a_system_call_faults_like_the_program_but_fails_without_a_signal() {
    check(
        "file f 4K warm
mmap 1 0x100000000 16K rw private anon
copyout 1 0x100000000 =5 # => minor demand-zero
write 1 0x100000000 # => hit
copyin 1 0x100001000 # => minor zero-page =0
read 1 0x100001000 # => hit =0
write 1 0x100001000 # => minor demand-zero
mmap 1 0x110000000 4K r private anon
copyout 1 0x110000000 # => EFAULT
mmap 1 0x120000000 4K none private anon
copyin 1 0x120000000 # => EFAULT
copyout 1 0x120000000 # => EFAULT
copyin 1 0x130000000 # => EFAULT
copyin 1 0xffff888000000000 # => EFAULT
copyin 1 0x800000000000 # => EFAULT
mmap 1 0x140000000 16K rw shared f
copyout 1 0x140002000 # => EFAULT
copyin 1 0x140000ffc 8B # => minor map-resident then EFAULT
fork 1 2
copyout 2 0x100000000 # => minor copy-on-write
copyout 1 0x100000000 # => minor reuse
read 1 0x100000000 # => hit
",
    );
}

#[test]
fn the_ranges_of_system_calls_have_the_errors_of_linux() {
    check(
        "mmap 1 0x100000000 16K rw private anon
munmap 1 0x100000001 4K # => EINVAL
munmap 1 0x100000000 0 # => EINVAL
munmap 1 0x7ffffffff000 4K # => EINVAL
munmap 1 0x100000000 0xfffffffffffff000 # => EINVAL
munmap 1 0x110000000 4K # => ok
mprotect 1 0x100000001 4K r # => EINVAL
mprotect 1 0x110000000 0 r # => ok
mprotect 1 0x110000000 4K r # => ENOMEM
mprotect 1 0x100000000 0xfffffffffffff000 r # => ENOMEM
madvise 1 0x100000001 4K dontneed # => EINVAL
madvise 1 0x110000000 0 dontneed # => ok
madvise 1 0x110000000 4K dontneed # => ENOMEM
madvise 1 0x100000000 0xfffffffffffff000 dontneed # => EINVAL
msync 1 0x100000001 4K # => EINVAL
msync 1 0x110000000 4K # => ENOMEM
msync 1 0x100000000 0xfffffffffffff000 # => ENOMEM
mmap 1 0x100000001 4K rw private anon # => EINVAL
mmap 1 0x100010000 0 rw private anon # => EINVAL
mmap 1 0x7ffffffff000 4K rw private anon # => ENOMEM
mmap 1 0x7ffffffff001 4K rw private anon # => ENOMEM
mmap 1 0x100000000 0xfffffffffffff000 rw private anon # => ENOMEM
mmap 1 0xf000 4K rw private anon # => EPERM
mmap 1 0x10000 4K rw private anon # => ok
mmap 1 0x180000000 4K rw shared anon growsdown # => EINVAL
",
    );
}
