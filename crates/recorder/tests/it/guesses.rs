//! What was mapped before the program began.

use crate::workspace::log;

const HEAD: &str = "machine frames=65536 swap=65536 cpus=1 seed=0 fault-around=16 readahead=0 heap=0x4000000 stack-limit=8M
    # a recording of `./demo a b`
    # mapped before it began: guessed from the pages it used\n";

#[test]
fn pages_become_regions_by_their_use() {
    log("I  00401000,1\n L 00402000,8\nI  00403000,1\n L 00405000,8\n S 00406000,8\n L 00407000,8\n M 00408000,8\n").begins_with(
        &format!(
            "{HEAD}
             file text-401000 4K warm
             mmap 1 0x401000 4K rx private text-401000
             file rodata-402000 4K warm
             mmap 1 0x402000 4K r private rodata-402000
             file text-403000 4K warm
             mmap 1 0x403000 4K rx private text-403000
             file rodata-405000 4K warm
             mmap 1 0x405000 4K r private rodata-405000
             mmap 1 0x406000 4K rw private anon
             file rodata-407000 4K warm
             mmap 1 0x407000 4K r private rodata-407000
             mmap 1 0x408000 4K rw private anon"
        )
        .replace("guessed from the pages it used\n\n", "guessed from the pages it used\n"),
    );
}

#[test]
fn a_region_bridges_small_gaps_but_no_mapping() {
    log("SYSCALL[100,1](9) sys_mmap ( 0x0, 4096, 3, 34, 4294967295, 0 ) --> [pre-success] Success(0x502000) \n S 00401000,1\n\
         \x20S 00403fff,2\n S 00501000,1\n S 00503000,1\n S 00502000,1\n S 00601000,1\n")
    .begins_with(&format!(
        "{HEAD}mmap 1 0x401000 16K rw private anon
         mmap 1 0x501000 4K rw private anon
         mmap 1 0x503000 4K rw private anon
         mmap 1 0x601000 4K rw private anon"
    ));
}

#[test]
fn the_stack_grows_from_where_the_program_began() {
    log(" L 1fff000760,8\n S 1fff000758,8\n S 1ffefff000,8\n").begins_with(&format!(
        "{HEAD}mmap 1 0x1fff000000 4K rw private anon growsdown
         copyout 1 0x1fff000760 8B"
    ));
}

#[test]
fn memory_that_a_call_mapped_is_not_guessed() {
    log("SYSCALL[100,1](12) sys_brk ( 0x0 ) --> [pre-success] Success(0x4000000) \n\
         SYSCALL[100,1](12) sys_brk ( 0x4000d00 ) --> [pre-success] Success(0x4000d00) \n S 04000ff0,8\n")
    .begins_with(HEAD);
}

#[test]
fn what_the_program_protects_was_there() {
    log("SYSCALL[100,1](10) sys_mprotect ( 0x4031000, 8192, 1 )[sync] --> Success(0x0) \n L 04032000,8\n")
        .begins_with(&format!("{HEAD}mmap 1 0x4031000 8K rw private anon"));
}

const SEGMENTS: &str = "Program Headers:
  Type  Offset   VirtAddr           PhysAddr           FileSiz  MemSiz   Flg Align
  LOAD  0x000000 0x0000000000400000 0x0000000000400000 0x001518 0x001518 R E 0x1000
  LOAD  0x001698 0x0000000000403698 0x0000000000403698 0x000bf8 0x002be8 RW  0x1000
  GNU_RELRO 0x001698 0x0000000000403698 0x0000000000403698 0x000968 0x000968 R 0x1
";

#[test]
fn program_headers_are_mapped_as_the_kernel_does() {
    log("I  00400000,1\n S 00405000,1\n S 00500000,1\n")
        .segments(SEGMENTS)
        .begins_with(
            "machine frames=65536 swap=65536 cpus=1 seed=0 fault-around=16 readahead=0 heap=0x4000000 stack-limit=8M
         # a recording of `./demo a b`
         # mapped before it began: by its program headers
         file demo 8848 warm
         mmap 1 0x400000 8K rx private demo
         mmap 1 0x403000 8K rw private demo+0x1000
         mmap 1 0x405000 8K rw private anon
         mmap 1 0x500000 4K rw private anon
         copyout 1 0x404290 3440B
         # GNU_RELRO 0x403698-0x404000: made read-only later, by the program",
        );
}

#[test]
fn a_program_that_needs_more_frames_gets_a_larger_machine() {
    let page = |number: u64| format!(" S {:08x},8\n", 0x1000_0000 + number * 0x1000);
    let map = "SYSCALL[100,1](9) sys_mmap ( 0x0, 286720000, 3, 34, -1, 0 ) --> [pre-success] Success(0x10000000) \n";
    let pages: String = (0..70_000).map(page).collect();
    let (trace, _) = log(&(map.to_owned() + &pages)).import().unwrap();
    assert!(
        trace.starts_with("machine frames=131072 "),
        "{}",
        &trace[..80]
    );
}
