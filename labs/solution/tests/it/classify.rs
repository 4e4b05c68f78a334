//! All of `classify`: every state of a page × 8 protections × 3 accesses, against
//! a table that was written by thought (rules R3 to R7, R9, R14 and R17).

use crate::check;

/// How a page comes to be in a state, and what a read and a write of it lead to
/// where the protection allows them.
struct State {
    name: &'static str,
    setup: &'static str,
    read: &'static str,
    write: &'static str,
    /// Whether the hardware finds the entry present unless it is `PROT_NONE`.
    present: bool,
}

const UNTOUCHED: bool = false;
const PRESENT: bool = true;

const fn state(
    name: &'static str,
    setup: &'static str,
    (read, write): (&'static str, &'static str),
    present: bool,
) -> State {
    State {
        name,
        setup,
        read,
        write,
        present,
    }
}

/// Whatever stands in the page table, `0x100000000` is the page.
const STATES: &[State] = &[
    state(
        "private anonymous: untouched",
        "mmap 1 0x100000000 4K rw private anon",
        ("minor zero-page", "minor demand-zero"),
        UNTOUCHED,
    ),
    state(
        "private anonymous: shows the zero page",
        "mmap 1 0x100000000 4K rw private anon
         read 1 0x100000000",
        ("hit", "minor demand-zero"),
        PRESENT,
    ),
    state(
        "private anonymous: written",
        "mmap 1 0x100000000 4K rw private anon
         write 1 0x100000000",
        ("hit", "hit"),
        PRESENT,
    ),
    state(
        "private anonymous: shared with a child",
        "mmap 1 0x100000000 4K rw private anon
         write 1 0x100000000
         fork 1 2",
        ("hit", "minor copy-on-write"),
        PRESENT,
    ),
    state(
        "private anonymous: shared with a child that is gone",
        "mmap 1 0x100000000 4K rw private anon
         write 1 0x100000000
         fork 1 2
         exit 2",
        ("hit", "minor reuse"),
        PRESENT,
    ),
    state(
        "private anonymous: in swap",
        "mmap 1 0x100000000 4K rw private anon
         write 1 0x100000000
         madvise 1 0x100000000 4K pageout",
        ("major swap-in", "major swap-in"),
        UNTOUCHED,
    ),
    state(
        "private anonymous: in swap, for a child too",
        "mmap 1 0x100000000 4K rw private anon
         write 1 0x100000000
         madvise 1 0x100000000 4K pageout
         fork 1 2",
        ("major swap-in", "major swap-in copy"),
        UNTOUCHED,
    ),
    state(
        "private anonymous: in swap, and a child has read it back",
        "mmap 1 0x100000000 4K rw private anon
         write 1 0x100000000
         madvise 1 0x100000000 4K pageout
         fork 1 2
         read 2 0x100000000",
        ("minor map-resident", "minor copy-on-write"),
        UNTOUCHED,
    ),
    state(
        "shared memory: untouched by anybody",
        "mmap 1 0x100000000 4K rw shared anon",
        ("minor demand-zero", "minor demand-zero"),
        UNTOUCHED,
    ),
    state(
        "shared memory: touched by a child",
        "mmap 1 0x100000000 4K rw shared anon
         fork 1 2
         write 2 0x100000000",
        ("minor map-resident", "minor map-resident"),
        UNTOUCHED,
    ),
    state(
        "shared memory: read",
        "mmap 1 0x100000000 4K rw shared anon
         read 1 0x100000000",
        ("hit", "hit"),
        PRESENT,
    ),
    state(
        "shared memory: in swap",
        "mmap 1 0x100000000 4K rw shared anon
         write 1 0x100000000
         madvise 1 0x100000000 4K pageout",
        ("major swap-in", "major swap-in"),
        UNTOUCHED,
    ),
    state(
        "private file: on the disk",
        "file f 4K cold
         mmap 1 0x100000000 4K rw private f",
        ("major file-read", "major file-read copy"),
        UNTOUCHED,
    ),
    state(
        "private file: in the page cache",
        "file f 4K warm
         mmap 1 0x100000000 4K rw private f",
        ("minor map-resident", "minor copy-on-write"),
        UNTOUCHED,
    ),
    state(
        "private file: read",
        "file f 4K warm
         mmap 1 0x100000000 4K rw private f
         read 1 0x100000000",
        ("hit", "minor copy-on-write"),
        PRESENT,
    ),
    state(
        "private file: written",
        "file f 4K warm
         mmap 1 0x100000000 4K rw private f
         write 1 0x100000000",
        ("hit", "hit"),
        PRESENT,
    ),
    state(
        "private file: behind the end",
        "file f 4K warm
         mmap 1 0x100000000 4K rw private f+0x1000",
        ("bus adrerr", "bus adrerr"),
        UNTOUCHED,
    ),
    state(
        "shared file: on the disk",
        "file f 4K cold
         mmap 1 0x100000000 4K rw shared f",
        ("major file-read", "major file-read"),
        UNTOUCHED,
    ),
    state(
        "shared file: in the page cache",
        "file f 4K warm
         mmap 1 0x100000000 4K rw shared f",
        ("minor map-resident", "minor map-resident"),
        UNTOUCHED,
    ),
    state(
        "shared file: read",
        "file f 4K warm
         mmap 1 0x100000000 4K rw shared f
         read 1 0x100000000",
        ("hit", "minor write-notify"),
        PRESENT,
    ),
    state(
        "shared file: written",
        "file f 4K warm
         mmap 1 0x100000000 4K rw shared f
         write 1 0x100000000",
        ("hit", "hit"),
        PRESENT,
    ),
    state(
        "shared file: written and synced",
        "file f 4K warm
         mmap 1 0x100000000 4K rw shared f
         write 1 0x100000000
         msync 1 0x100000000 4K",
        ("hit", "minor write-notify"),
        PRESENT,
    ),
    state(
        "shared file: behind the end",
        "file f 100 cold
         mmap 1 0x100000000 4K rw shared f+0x1000",
        ("bus adrerr", "bus adrerr"),
        UNTOUCHED,
    ),
];

const PROTECTIONS: [&str; 8] = ["none", "r", "w", "rw", "x", "rx", "wx", "rwx"];
const ACCESSES: [&str; 3] = ["read", "write", "exec"];

fn expected(state: &State, prot: &str, access: &str) -> String {
    let allows = |letter| prot != "none" && prot.contains(letter);
    match access {
        _ if prot == "none" => "segv accerr".to_owned(),
        "write" if allows('w') => state.write.to_owned(),
        "write" => "segv accerr".to_owned(),
        // What may be written or executed may be read.
        "read" => state.read.to_owned(),
        _ if allows('x') => state.read.to_owned(),
        // The entry is there and says NX.
        _ if state.present => "segv accerr".to_owned(),
        // x86 cannot tell before the page is there; behind the end none ever is.
        _ if state.read == "bus adrerr" => "bus adrerr".to_owned(),
        _ => format!("{} then segv accerr", state.read),
    }
}

#[test]
fn every_page_every_protection_every_access() {
    for state in STATES {
        for prot in PROTECTIONS {
            for access in ACCESSES {
                check(&format!(
                    "# {}\n{}\nmprotect 1 0x100000000 4K {prot}\n{access} 1 0x100000000 # => {}\n",
                    state.name,
                    state.setup,
                    expected(state, prot, access)
                ));
            }
        }
    }
}
