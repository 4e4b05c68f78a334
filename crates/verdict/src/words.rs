//! A difference in words, for someone who met page tables last week.
//!
//! The columns of a log are made to be compared; here they are told. What a column says
//! came out of a student's process: whoever shows these words treats them so.

mod state;

use runner::log::Oracle;

use crate::compare::STOPPED;

/// A difference in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// What Linux does.
    pub expected: String,
    /// What the handlers did.
    pub got: String,
    /// What such a difference means, where the two do not say it by themselves.
    pub meaning: Option<String>,
}

/// Where a difference is: `line 7: write 1 0x1000`.
pub fn place(line: u64, event: &str) -> String {
    match line {
        0 => "at the end of the trace".to_owned(),
        line => format!("line {line}: {event}"),
    }
}

/// The oracle of a letter; none has most letters.
pub fn oracle(letter: char) -> Option<Oracle> {
    Oracle::ALL
        .into_iter()
        .find(|oracle| oracle.letter() == letter)
}

/// Tells what an oracle saw, and what it should have seen.
pub fn words(oracle: Oracle, expected: &str, got: &str) -> Words {
    if got == STOPPED {
        return Words {
            got: STOPPED.to_owned(),
            meaning: None,
            ..words(oracle, expected, expected)
        };
    }
    match oracle {
        Oracle::Class => classes(expected, got),
        Oracle::Value => values(expected, got),
        Oracle::Signal => Words {
            expected: signal(expected),
            got: signal(got),
            meaning: None,
        },
        Oracle::State => state::states(expected, got),
        Oracle::Invariants => broken(expected, got, "nothing wrong"),
        Oracle::Tlb => Words {
            meaning: Some(
                "that CPU would go on using the old entry without asking the page table: \
                 flush it, or shoot it down, when an entry takes something away"
                    .to_owned(),
            ),
            ..broken(expected, got, "no TLB remembers anything old")
        },
        Oracle::Cost => state::costs(expected, got),
    }
}

/// What a class means.
pub fn class(name: &str) -> Option<&'static str> {
    Some(match name {
        "hit" => "no fault: the TLB or the page table allows it",
        "minor zero-page" => "a first read: the shared zero page, read-only",
        "minor demand-zero" => "a first write: a fresh frame of zeroes",
        "minor map-resident" => "the page is in memory already and is only mapped",
        "minor copy-on-write" => "others use the frame: the writer gets a copy",
        "minor reuse" => "nobody else uses the frame: made writable, not copied",
        "minor write-notify" => "a first write to a clean page of a shared mapping",
        "minor spurious" => "the page table allows it already; a TLB entry was stale",
        "major file-read" => "the page is read from its file",
        "major file-read copy" => "read from its file, and copied for the writer",
        "major swap-in" => "the page is read from its swap slot",
        "major swap-in copy" => "read from its swap slot, and copied for the writer",
        "segv maperr" => "SIGSEGV: no VMA covers the address",
        "segv accerr" => "SIGSEGV: the VMA forbids this access",
        "segv kernel" => "SIGSEGV: not an address at all (#GP)",
        "bus adrerr" => "SIGBUS: the page is behind the end of its file",
        "oom" => "killed: no frame is free, and none can be freed",
        "livelock" => "the same access faulted again and again",
        _ => return None,
    })
}

fn classes(expected: &str, got: &str) -> Words {
    let again = got
        .strip_prefix(expected)
        .is_some_and(|more| more.starts_with(" then "));
    let meaning = again.then(|| {
        "one fault too many: after the first repair the entry did not allow the access, so it \
         faulted again"
            .to_owned()
    });
    Words {
        expected: class_and_meaning(expected),
        got: class_and_meaning(got),
        meaning,
    }
}

fn class_and_meaning(name: &str) -> String {
    match class(name) {
        Some(meaning) => format!("{name} ({meaning})"),
        None if name.is_empty() => "no fault".to_owned(),
        None => name.to_owned(),
    }
}

/// What a frame holds in each byte that nobody has written since it was allocated.
const POISON: u8 = 0xa5;

fn values(expected: &str, got: &str) -> Words {
    let is_poison = |text: &str| {
        let value = text.parse::<u64>().ok();
        value.is_some_and(|value| {
            value != 0
                && value
                    .to_le_bytes()
                    .iter()
                    .all(|&byte| byte == POISON || byte == 0)
        })
    };
    let meaning = is_poison(got).then(|| {
        "0xa5 is poison: what a frame holds after `alloc`. Here it stands for what the last \
         owner of the frame left there"
            .to_owned()
    });
    Words {
        expected: value(expected),
        got: value(got),
        meaning,
    }
}

fn value(text: &str) -> String {
    match (text, text.parse::<u64>()) {
        ("", _) => "nothing is read".to_owned(),
        ("died", _) => "the process is killed".to_owned(),
        (_, Ok(value)) if value > 9 => format!("{value} ({value:#x})"),
        _ => text.to_owned(),
    }
}

/// `SIGSEGV maperr 0x1000 handler`.
fn signal(text: &str) -> String {
    let words: Vec<&str> = text.split(' ').collect();
    match words[..] {
        [""] => "no signal and no error".to_owned(),
        ["EFAULT"] => "no signal: the system call returns EFAULT".to_owned(),
        ["SIGKILL"] => "SIGKILL: the process is killed for lack of memory".to_owned(),
        [name, code, addr, end] if name.starts_with("SIG") => {
            let end = match end {
                "handler" => "the program's handler runs",
                "killed" => "the process is terminated",
                other => other,
            };
            format!("{name} ({code}) for {addr}: {end}")
        }
        [errno] if errno.starts_with('E') => format!("the system call returns {errno}"),
        _ => text.to_owned(),
    }
}

fn broken(expected: &str, got: &str, nothing: &str) -> Words {
    let told = |text: &str| match text {
        "" => nothing.to_owned(),
        text => text
            .split_once(": ")
            .map_or(text, |(_, what)| what)
            .to_owned(),
    };
    Words {
        expected: told(expected),
        got: told(got),
        meaning: broken_means(got).map(str::to_owned),
    }
}

/// What follows from an invariant that does not hold.
fn broken_means(what: &str) -> Option<&'static str> {
    let meanings = [
        (
            "zero page is writable",
            "the next write would change the zeroes of everybody",
        ),
        (
            "is leaked",
            "a reference came out of something and was dropped: give it back \
                       (`put`, `put_old`), or the frame is never free again",
        ),
        (
            "mappings and",
            "each entry that maps a frame, and each cache, needs a reference of \
                          its own (`get`), and gives it back when it is gone",
        ),
        (
            "a free frame is mapped",
            "the frame may be given to somebody else, who then writes \
                                    into this page",
        ),
        (
            "others use its frame",
            "the next write would be seen by all who use the frame",
        ),
        (
            "allows more than its VMA",
            "the MMU asks the entry, and not the VMA: the program may \
                                      do now what it must not",
        ),
        (
            "a swap slot has",
            "each entry that notes a slot, and the swap cache, needs a \
                             reference of its own",
        ),
    ];
    let found = meanings.into_iter().find(|(words, _)| what.contains(words));
    found.map(|(_, meaning)| meaning)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_in_a_state_is_told() {
        let told = words(
            Oracle::State,
            "f0 rw-d maps=1 frames=1 slots=0",
            "f0 r--d maps=1 frames=2 slots=0",
        );
        assert_eq!(
            told.expected,
            "its entry is writable and dirty, 1 frame is in use"
        );
        assert_eq!(
            told.got,
            "its entry is read-only and dirty, 2 frames are in use"
        );
        assert!(told.meaning.is_some_and(|it| it.contains("not given back")));
    }

    #[test]
    fn a_page_that_is_missing_has_no_rights_to_tell() {
        let told = words(
            Oracle::State,
            "zero r--- frames=0 slots=0",
            "- frames=0 slots=0",
        );
        assert_eq!(
            told.expected,
            "the page shows the shared zero page, its entry is read-only and clean"
        );
        assert_eq!(told.got, "the page is not in memory");
    }

    #[test]
    fn poison_is_called_so() {
        let told = words(Oracle::Value, "0", "165");
        assert_eq!(told.got, "165 (0xa5)");
        assert!(told.meaning.is_some_and(|it| it.contains("poison")));
        assert_eq!(words(Oracle::Value, "7", "8").meaning, None);
    }

    #[test]
    fn a_second_fault_for_nothing_is_called_one() {
        let told = words(
            Oracle::Class,
            "minor demand-zero",
            "minor demand-zero then minor reuse",
        );
        assert!(
            told.meaning
                .is_some_and(|it| it.contains("one fault too many"))
        );
        let told = words(Oracle::Class, "minor zero-page", "minor demand-zero");
        assert_eq!(told.meaning, None);
    }

    #[test]
    fn a_leak_says_what_to_do() {
        let got = "invariant: a frame is leaked: neither mapped nor put back at x.rs:53";
        let told = words(Oracle::Invariants, "", got);
        assert_eq!(told.expected, "nothing wrong");
        assert_eq!(
            told.got,
            "a frame is leaked: neither mapped nor put back at x.rs:53"
        );
        assert!(told.meaning.is_some_and(|it| it.contains("`put_old`")));
    }

    #[test]
    fn a_signal_says_what_becomes_of_the_process() {
        let told = words(Oracle::Signal, "SIGSEGV maperr 0x1000 killed", "");
        assert_eq!(
            told.expected,
            "SIGSEGV (maperr) for 0x1000: the process is terminated"
        );
        assert_eq!(told.got, "no signal and no error");
    }

    #[test]
    fn a_run_that_stopped_has_no_state_to_compare() {
        let told = words(Oracle::State, "f0 rw-d maps=1 frames=1 slots=0", STOPPED);
        assert_eq!(told.got, STOPPED);
        assert!(
            told.expected.starts_with("the page is in frame f0"),
            "{}",
            told.expected
        );
    }

    #[test]
    fn only_what_cost_too_much_is_told() {
        let told = words(Oracle::Cost, "zeroed=1", "zeroed=1 copied=2");
        assert_eq!(told.expected, "no page copied");
        assert_eq!(told.got, "2 pages copied");
    }

    #[test]
    fn every_class_of_the_handout_has_a_meaning() {
        for name in crate::prediction::CLASSES {
            assert!(class(name).is_some(), "{name}");
        }
    }
}
