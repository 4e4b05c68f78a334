//! Protections: what a mapping allows.

use std::fmt;

/// What a program may do with the pages of a mapping (`PROT_READ`, `PROT_WRITE`,
/// `PROT_EXEC` of mmap(2)).
///
/// This is the promise made to the program, written in the VMA. What the hardware
/// checks stands in the page table and is often less: a copy-on-write page of a
/// writable mapping is read-only there.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Prot(u8);

impl Prot {
    /// `PROT_NONE`: no access at all.
    pub const NONE: Prot = Prot(0);
    /// `PROT_READ`.
    pub const READ: Prot = Prot(1);
    /// `PROT_WRITE`.
    pub const WRITE: Prot = Prot(2);
    /// `PROT_EXEC`.
    pub const EXEC: Prot = Prot(4);
    /// Reading and writing.
    pub const READ_WRITE: Prot = Prot(3);
    /// Reading and executing.
    pub const READ_EXEC: Prot = Prot(5);

    /// All that either allows.
    pub const fn union(self, other: Prot) -> Prot {
        Prot(self.0 | other.0)
    }

    /// Whether loads were asked for.
    pub const fn read(self) -> bool {
        self.0 & Prot::READ.0 != 0
    }

    /// Whether stores were asked for.
    pub const fn write(self) -> bool {
        self.0 & Prot::WRITE.0 != 0
    }

    /// Whether instruction fetches were asked for.
    pub const fn exec(self) -> bool {
        self.0 & Prot::EXEC.0 != 0
    }

    /// Whether nothing was asked for.
    pub const fn is_none(self) -> bool {
        self.0 == 0
    }
}

impl fmt::Display for Prot {
    /// Letters of `rwx`, or `none`: the form of the trace language.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_none() {
            return f.write_str("none");
        }
        for (allowed, letter) in [(self.read(), "r"), (self.write(), "w"), (self.exec(), "x")] {
            if allowed {
                f.write_str(letter)?;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Prot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
