//! The words of the language, each with its meaning.
//!
//! Parser and printer share the tables. Where a meaning has two words, the
//! printer uses the first one.

use vmsim::event::{Advice, Cache, Growth, Populate, Sharing, SigAction, SignalSet};

/// The first word of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verb {
    Read,
    Write,
    Exec,
    CopyIn,
    CopyOut,
    Mmap,
    Munmap,
    Mprotect,
    Madvise,
    Brk,
    Fork,
    Exit,
    File,
    Load,
    Drop,
    Msync,
    Sigaction,
    Machine,
}

/// A word that may follow the source of an `mmap`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MapFlag {
    Populate(Populate),
    Growth(Growth),
}

// The commonest first, because the parser looks from the front.
pub(crate) const VERBS: [(&str, Verb); 21] = [
    ("read", Verb::Read),
    ("write", Verb::Write),
    ("exec", Verb::Exec),
    ("r", Verb::Read),
    ("w", Verb::Write),
    ("x", Verb::Exec),
    ("mmap", Verb::Mmap),
    ("munmap", Verb::Munmap),
    ("mprotect", Verb::Mprotect),
    ("madvise", Verb::Madvise),
    ("brk", Verb::Brk),
    ("copyin", Verb::CopyIn),
    ("copyout", Verb::CopyOut),
    ("fork", Verb::Fork),
    ("exit", Verb::Exit),
    ("file", Verb::File),
    ("load", Verb::Load),
    ("drop", Verb::Drop),
    ("msync", Verb::Msync),
    ("sigaction", Verb::Sigaction),
    ("machine", Verb::Machine),
];

pub(crate) const CACHES: [(&str, Cache); 2] = [("cold", Cache::Cold), ("warm", Cache::Warm)];

pub(crate) const SHARINGS: [(&str, Sharing); 2] =
    [("private", Sharing::Private), ("shared", Sharing::Shared)];

pub(crate) const MAP_FLAGS: [(&str, MapFlag); 2] = [
    ("populate", MapFlag::Populate(Populate::Now)),
    ("growsdown", MapFlag::Growth(Growth::Down)),
];

pub(crate) const ADVICES: [(&str, Advice); 5] = [
    ("dontneed", Advice::DontNeed),
    ("pageout", Advice::PageOut),
    ("willneed", Advice::WillNeed),
    ("populate-read", Advice::PopulateRead),
    ("populate-write", Advice::PopulateWrite),
];

pub(crate) const SIGNALS: [(&str, SignalSet); 2] =
    [("segv", SignalSet::Segv), ("bus", SignalSet::Bus)];

pub(crate) const ACTIONS: [(&str, SigAction); 2] = [
    ("handler", SigAction::Handler),
    ("default", SigAction::Default),
];

/// What a word means.
#[inline]
pub(crate) fn meaning<T: Copy>(table: &[(&str, T)], word: &[u8]) -> Option<T> {
    let entry = table.iter().find(|(text, _)| text.as_bytes() == word)?;
    Some(entry.1)
}

/// The word for a meaning, which must be in the table.
pub(crate) fn word<T: PartialEq>(table: &[(&'static str, T)], meaning: T) -> &'static str {
    let entry = table.iter().find(|(_, known)| *known == meaning);
    entry.expect("the table has a word for every meaning").0
}

impl Verb {
    /// How to write the whole line.
    pub(crate) const fn usage(self) -> &'static str {
        match self {
            Verb::Read => "read PID ADDR [SIZEB] [@CPU]",
            Verb::Write => "write PID ADDR [SIZEB] [=VALUE] [@CPU]",
            Verb::Exec => "exec PID ADDR [@CPU]",
            Verb::CopyIn => "copyin PID ADDR [SIZEB] [@CPU]",
            Verb::CopyOut => "copyout PID ADDR [SIZEB] [=VALUE] [@CPU]",
            Verb::Mmap => {
                "mmap PID ADDR SIZE PROT private|shared anon|NAME[+OFFSET] [populate] [growsdown] [@CPU]"
            }
            Verb::Munmap => "munmap PID ADDR SIZE [@CPU]",
            Verb::Mprotect => "mprotect PID ADDR SIZE PROT [@CPU]",
            Verb::Madvise => "madvise PID ADDR SIZE ADVICE [@CPU]",
            Verb::Brk => "brk PID ADDR [@CPU]",
            Verb::Fork => "fork PID CHILD [@CPU]",
            Verb::Exit => "exit PID [@CPU]",
            Verb::File => "file NAME SIZE cold|warm [@CPU]",
            Verb::Load => "load NAME[+OFFSET] SIZE [@CPU]",
            Verb::Drop => "drop NAME [@CPU]",
            Verb::Msync => "msync PID ADDR SIZE [@CPU]",
            Verb::Sigaction => "sigaction PID segv|bus handler|default [@CPU]",
            Verb::Machine => "machine KEY=VALUE…",
        }
    }
}
