//! Mistakes that the compiler does not let a student write.
//!
//! Each is an attempt to make the mistake, in a file of `impossible/`, and the
//! error that stops it. Some are stopped because a token moves and is never copied,
//! some because a number has a type, some because the kit does that part itself and
//! keeps it to itself.
//!
//! What is left are mistakes that this machine has no place for: [`NOWHERE`].

/// An attempt, and what the compiler says to it.
#[derive(Clone, Copy, Debug)]
pub struct Impossible {
    /// Its number in the catalogue of mistakes; with an `I` if it is not in there.
    pub id: &'static str,
    /// What would be wrong.
    pub mistake: &'static str,
    /// The file of the student's that the attempt stands for, such as `lab5.rs`.
    pub file: &'static str,
    /// The attempt: the function of that file that is not as it was handed out.
    ///
    /// The line that ends in `// wrong` is what the compiler stops at.
    pub attempt: &'static str,
    /// The compiler's error code, such as `E0382`, or the lint that is denied.
    pub error: &'static str,
}

impl Impossible {
    /// The attempt without its mistake: the line that is wrong goes, and what
    /// stands behind `// right: ` takes its place.
    pub fn mended(&self) -> String {
        let keep = |line: &&str| !line.ends_with("// wrong");
        let lines = self.attempt.lines().filter(keep);
        lines
            .map(|line| line.replacen("// right: ", "", 1) + "\n")
            .collect()
    }
}

/// All of them, first those of the catalogue.
pub const IMPOSSIBLE: &[Impossible] = &[
    Impossible {
        id: "L04",
        mistake: "a page gets zeroes in its first half only",
        file: "lab2.rs",
        attempt: include_str!("../impossible/l04-half-a-page-of-zeroes.rs"),
        error: "E0608",
    },
    Impossible {
        id: "C13",
        mistake: "a frame that others use is given back twice, and freed",
        file: "lab5.rs",
        attempt: include_str!("../impossible/c13-freed-while-shared.rs"),
        error: "E0382",
    },
    Impossible {
        id: "C16",
        mistake: "fork maps the parent's frame in the child and does not count it",
        file: "lab5.rs",
        attempt: include_str!("../impossible/c16-mapped-and-not-counted.rs"),
        error: "E0308",
    },
    Impossible {
        id: "C22",
        mistake: "the child's mapping shows the file from its start, whatever its offset",
        file: "lab5.rs",
        attempt: include_str!("../impossible/c22-offset-lost-in-the-child.rs"),
        error: "E0624",
    },
    Impossible {
        id: "F05",
        mistake: "a page is written back beyond the end of its file",
        file: "lab4.rs",
        attempt: include_str!("../impossible/f05-page-written-behind-the-end.rs"),
        error: "E0061",
    },
    Impossible {
        id: "F06",
        mistake: "the rest of a file's last page is not filled with zeroes",
        file: "lab4.rs",
        attempt: include_str!("../impossible/f06-file-read-without-its-tail.rs"),
        error: "E0061",
    },
    Impossible {
        id: "S03",
        mistake: "a slot is chosen by the number of the page",
        file: "lab7.rs",
        attempt: include_str!("../impossible/s03-slot-by-the-number-of-its-page.rs"),
        error: "E0423",
    },
    Impossible {
        id: "S06",
        mistake: "two entries share one reference to a slot",
        file: "lab7.rs",
        attempt: include_str!("../impossible/s06-one-slot-for-two-entries.rs"),
        error: "E0382",
    },
    Impossible {
        id: "S20",
        mistake: "fork notes the parent's slot in the child and does not count it",
        file: "lab7.rs",
        attempt: include_str!("../impossible/s20-noted-and-not-counted.rs"),
        error: "E0308",
    },
    Impossible {
        id: "G06",
        mistake: "a stack grows on writes only",
        file: "lab3.rs",
        attempt: include_str!("../impossible/g06-grows-on-writes-only.rs"),
        error: "E0425",
    },
    Impossible {
        id: "K10",
        mistake: "a fault without I/O is counted as major",
        file: "lab2.rs",
        attempt: include_str!("../impossible/k10-counted-by-hand.rs"),
        error: "E0624",
    },
    Impossible {
        id: "K19",
        mistake: "a copy from RAM to RAM is passed off as a read of the disk",
        file: "lab5.rs",
        attempt: include_str!("../impossible/k19-copy-called-a-read.rs"),
        error: "E0616",
    },
    Impossible {
        id: "A06",
        mistake: "munmap of a page takes the rest of its mapping along",
        file: "lab2.rs",
        attempt: include_str!("../impossible/a06-rest-of-the-mapping-goes.rs"),
        error: "E0624",
    },
    Impossible {
        id: "A09",
        mistake: "mprotect of a page changes its whole mapping",
        file: "lab6.rs",
        attempt: include_str!("../impossible/a09-whole-mapping-protected.rs"),
        error: "E0594",
    },
    Impossible {
        id: "N01",
        mistake: "a heap that shrinks by too much wraps below its start",
        file: "lab2.rs",
        attempt: include_str!("../impossible/n01-heap-moved-by-hand.rs"),
        error: "E0603",
    },
    Impossible {
        id: "N03",
        mistake: "a length is rounded up wrongly",
        file: "lab2.rs",
        attempt: include_str!("../impossible/n03-length-rounded-by-hand.rs"),
        error: "E0603",
    },
    Impossible {
        id: "N06",
        mistake: "a system call asks about the first page of its buffer only",
        file: "lab1.rs",
        attempt: include_str!("../impossible/n06-first-page-of-the-buffer-only.rs"),
        error: "E0609",
    },
    Impossible {
        id: "N07",
        mistake: "a system call that overwrites a whole page does not copy it before",
        file: "lab5.rs",
        attempt: include_str!("../impossible/n07-whole-page-overwritten.rs"),
        error: "E0609",
    },
    Impossible {
        id: "N09",
        mistake: "a fork that fails leaves behind what it has done",
        file: "lab5.rs",
        attempt: include_str!("../impossible/n09-fork-that-fails-half-way.rs"),
        error: "E0277",
    },
    Impossible {
        id: "N10",
        mistake: "a frame is lost when it cannot be mapped",
        file: "lab2.rs",
        attempt: include_str!("../impossible/n10-mapping-that-fails.rs"),
        error: "E0308",
    },
    Impossible {
        id: "N13",
        mistake: "a frame is mapped first and filled afterwards",
        file: "lab2.rs",
        attempt: include_str!("../impossible/n13-mapped-before-it-is-filled.rs"),
        error: "E0382",
    },
    Impossible {
        id: "N18",
        mistake: "a CPU that runs another process now is not told",
        file: "lab6.rs",
        attempt: include_str!("../impossible/n18-flushed-where-it-runs-now.rs"),
        error: "E0616",
    },
    Impossible {
        id: "N19",
        mistake: "a new address space gets a number that a TLB still knows",
        file: "lab2.rs",
        attempt: include_str!("../impossible/n19-number-of-the-address-space-used-again.rs"),
        error: "E0616",
    },
    Impossible {
        id: "N21",
        mistake: "a non-canonical address is reported like any other",
        file: "lab3.rs",
        attempt: include_str!("../impossible/n21-signal-rewritten.rs"),
        error: "E0308",
    },
    Impossible {
        id: "N27",
        mistake: "munmap of one of two merged mappings takes both",
        file: "lab2.rs",
        attempt: include_str!("../impossible/n27-neighbour-goes-too.rs"),
        error: "E0624",
    },
    Impossible {
        id: "N28",
        mistake: "munmap accepts a length of zero",
        file: "lab2.rs",
        attempt: include_str!("../impossible/n28-length-of-zero.rs"),
        error: "E0603",
    },
    Impossible {
        id: "N31",
        mistake: "a child does not inherit what it must",
        file: "lab5.rs",
        attempt: include_str!("../impossible/n31-mapping-not-inherited.rs"),
        error: "E0624",
    },
    Impossible {
        id: "N37",
        mistake: "mprotect goes on behind a hole",
        file: "lab6.rs",
        attempt: include_str!("../impossible/n37-protected-beyond-the-hole.rs"),
        error: "E0603",
    },
    Impossible {
        id: "N40",
        mistake: "an entry is written as one that was not used, and evicted at once",
        file: "lab2.rs",
        attempt: include_str!("../impossible/n40-entry-written-by-hand.rs"),
        error: "E0624",
    },
    Impossible {
        id: "I+1",
        mistake: "a frame is given back before the TLBs have forgotten it",
        file: "lab2.rs",
        attempt: include_str!("../impossible/i1-given-back-before-the-flush.rs"),
        error: "E0616",
    },
    Impossible {
        id: "I+2",
        mistake: "an entry is changed, and nobody asks about the TLBs",
        file: "lab2.rs",
        attempt: include_str!("../impossible/i2-not-a-word-about-tlbs.rs"),
        error: "unused_must_use",
    },
    Impossible {
        id: "I+3",
        mistake: "what an entry held is dropped",
        file: "lab2.rs",
        attempt: include_str!("../impossible/i3-old-frame-dropped.rs"),
        error: "unused_must_use",
    },
    Impossible {
        id: "I+4",
        mistake: "one frame is mapped at two pages by one reference",
        file: "lab2.rs",
        attempt: include_str!("../impossible/i4-one-frame-for-two-pages.rs"),
        error: "E0382",
    },
    Impossible {
        id: "I+5",
        mistake: "a page's number is taken for that of a frame",
        file: "lab2.rs",
        attempt: include_str!("../impossible/i5-frame-by-the-number-of-its-page.rs"),
        error: "E0308",
    },
    Impossible {
        id: "I+6",
        mistake: "a state of the page table is forgotten",
        file: "lab1.rs",
        attempt: include_str!("../impossible/i6-swap-is-forgotten.rs"),
        error: "E0004",
    },
    Impossible {
        id: "I+7",
        mistake: "classify changes what it is asked about",
        file: "lab1.rs",
        attempt: include_str!("../impossible/i7-question-that-changes-something.rs"),
        error: "E0616",
    },
    Impossible {
        id: "I+8",
        mistake: "the number of a slot is taken for that of a frame",
        file: "lab7.rs",
        attempt: include_str!("../impossible/i8-slot-taken-for-a-frame.rs"),
        error: "E0308",
    },
];

/// A mistake that this machine has no place for, so that there is nothing to compile.
#[derive(Clone, Copy, Debug)]
pub struct Nowhere {
    /// Its number in the catalogue of mistakes.
    pub id: &'static str,
    /// What would be wrong.
    pub mistake: &'static str,
    /// What the machine lacks for it.
    pub why: &'static str,
}

/// All of them.
pub const NOWHERE: &[Nowhere] = &[
    Nowhere {
        id: "S11",
        mistake: "a page that was swapped in is marked clean, though its slot is gone",
        why: "every fresh entry is clean by its D bit, and what decides whether a page must \
              be written is the swap cache; who asks the D bit all the same makes S02",
    },
    Nowhere {
        id: "N45",
        mistake: "counters of an aging policy are not shifted for absent pages",
        why: "no hole keeps counters; a policy of the student's own may, and gives no points",
    },
    Nowhere {
        id: "N15",
        mistake: "a reference count is not atomic",
        why: "the machine is sequential: one handler at a time runs to its end, and no \
              other CPU counts meanwhile; the count itself belongs to the kit",
    },
    Nowhere {
        id: "N16",
        mistake: "another thread of the parent writes while fork copies",
        why: "the machine is sequential: a fork is one event, and no access comes \
              between its pages",
    },
    Nowhere {
        id: "N25",
        mistake: "the limit of a stack is read at fork, and not at the fault",
        why: "the limit is the machine's, and no event changes it: whenever it is read, \
              it is the same",
    },
    Nowhere {
        id: "N30",
        mistake: "a mapping dies with its file descriptor, or keeps it alive",
        why: "there are no file descriptors: a trace names its files, and nobody closes \
              or removes one",
    },
];
