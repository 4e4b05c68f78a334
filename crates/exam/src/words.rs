//! What is said of a trace: to the instructor, and to students.

use vmsim::event::{Advice, Growth, Op};

use crate::candidate::Candidate;

/// What a student may be told of a trace, and how much a trace is about it.
type Category = (&'static str, fn(&Facts) -> usize);

/// All categories. The trick is not given away.
const CATEGORIES: [Category; 16] = [
    ("first touches of memory", |facts| {
        facts.class("zero-page") + facts.class("demand-zero")
    }),
    ("pages that are in memory already", |facts| {
        facts.class("map-resident")
    }),
    ("files that are read", |facts| facts.class("file-read")),
    ("files that are written", |facts| {
        facts.class("write-notify") + facts.op("msync")
    }),
    ("fork, and who owns a page", |facts| {
        facts.class("copy-on-write") + facts.class("reuse") + facts.op("fork")
    }),
    ("pages in swap", |facts| {
        facts.class("swap-in") + facts.op("pageout")
    }),
    ("several CPUs", |facts| {
        facts.elsewhere / 3 + facts.class("spurious")
    }),
    ("memory is short", |facts| facts.short + facts.class("oom")),
    ("rights that change", |facts| 2 * facts.op("mprotect")),
    ("mappings that go", |facts| {
        facts.op("munmap") + facts.op("dontneed") + facts.op("exit")
    }),
    ("mappings over mappings", |facts| facts.op("mmap")),
    ("accesses that are refused", |facts| {
        2 * (facts.class("segv") + facts.class("bus"))
    }),
    ("stacks", |facts| 4 * facts.op("stack")),
    ("the heap", |facts| 2 * facts.op("brk")),
    ("buffers of system calls", |facts| facts.op("copies")),
    ("accesses that cross a page boundary", |facts| {
        2 * facts.op("crossing")
    }),
];

/// How often what occurs in a trace.
pub struct Facts<'a> {
    candidate: &'a Candidate,
    /// Events on other CPUs than 0.
    elsewhere: usize,
    /// Accesses on a machine with few frames.
    short: usize,
}

/// Frames that are few.
const FEW_FRAMES: u32 = 8;

impl<'a> Facts<'a> {
    /// Looks at a trace.
    pub fn of(candidate: &'a Candidate) -> Self {
        let events = candidate.script.events.iter();
        let few = candidate.script.config.frames <= FEW_FRAMES;
        Self {
            elsewhere: events.filter(|event| event.cpu.0 > 0).count(),
            short: if few { candidate.accesses() / 3 } else { 0 },
            candidate,
        }
    }

    /// Accesses whose class has this word in it.
    fn class(&self, word: &str) -> usize {
        let classes = self.candidate.classes.iter().flatten();
        classes.filter(|class| class.contains(word)).count()
    }

    /// Events of a kind.
    fn op(&self, word: &str) -> usize {
        let events = self.candidate.script.events.iter();
        events
            .filter(|event| kinds(&event.op).contains(&word))
            .count()
    }
}

/// What an event is, in words.
fn kinds(op: &Op) -> Vec<&'static str> {
    match op {
        Op::Mmap { map, .. } if map.growth == Growth::Down => vec!["mmap", "stack"],
        Op::Mmap { .. } => vec!["mmap"],
        Op::Munmap { .. } => vec!["munmap"],
        Op::Mprotect { .. } => vec!["mprotect"],
        Op::Madvise { advice, .. } => match advice {
            Advice::DontNeed => vec!["dontneed"],
            Advice::PageOut => vec!["pageout"],
            Advice::PopulateRead | Advice::PopulateWrite => vec!["populate"],
            Advice::WillNeed => vec![],
        },
        Op::Brk { .. } => vec!["brk"],
        Op::Fork { .. } => vec!["fork"],
        Op::Exit { .. } => vec!["exit"],
        Op::Msync { .. } => vec!["msync"],
        Op::CopyIn { size, .. } | Op::CopyOut { size, .. } if crosses(op, *size) => {
            vec!["copies", "crossing"]
        }
        Op::CopyIn { .. } | Op::CopyOut { .. } => vec!["copies"],
        Op::Read { size, .. } | Op::Write { size, .. } if crosses(op, *size) => vec!["crossing"],
        _ => vec![],
    }
}

fn crosses(op: &Op, size: u16) -> bool {
    let offset = op.addr().map_or(0, |addr| addr.page_offset());
    offset + u64::from(size) > vmsim::addr::PAGE_SIZE
}

/// A category for each of some traces: what it is about more than the others are.
pub fn categories(candidates: &[Candidate]) -> Vec<&'static str> {
    let facts: Vec<Facts> = candidates.iter().map(Facts::of).collect();
    let all = CATEGORIES.map(|(_, count)| facts.iter().map(count).sum::<usize>().max(1));
    let of_trace = |facts: &Facts| {
        let share = |at: &usize| {
            let (_, count) = CATEGORIES[*at];
            // In thousandths, so that no rounding differs between machines.
            1000 * count(facts) / all[*at]
        };
        // `max_by_key` takes the last of equals.
        let best = (0..CATEGORIES.len()).rev().max_by_key(share);
        CATEGORIES[best.unwrap_or(0)].0
    };
    facts.iter().map(of_trace).collect()
}

/// What happens in a trace: its calls, then its classes, each with how often.
pub fn summary(candidate: &Candidate) -> String {
    let facts = Facts::of(candidate);
    let calls = [
        "fork", "exit", "mprotect", "munmap", "dontneed", "pageout", "msync", "brk",
    ];
    let calls = calls.map(|word| (word, facts.op(word)));
    let mut classes: Vec<(&str, usize)> = candidate.counts().into_iter().collect();
    classes.retain(|(class, _)| *class != "hit");
    // The most frequent first; of equals, in the order of the alphabet.
    classes.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
    let calls = calls.into_iter().filter(|(_, count)| *count > 0);
    let words = calls.chain(classes).map(|(word, count)| match count {
        1 => word.to_owned(),
        _ => format!("{word} x{count}"),
    });
    words.collect::<Vec<_>>().join(", ")
}

/// What somebody has understood who gets a trace right: the holes, where they matter.
pub fn teaches(holes: &[&str], candidate: &Candidate) -> String {
    let cpus = match candidate.script.config.cpus {
        1 => String::new(),
        cpus => format!(" on {cpus} CPUs"),
    };
    let frames = match candidate.script.config.frames {
        frames if frames <= FEW_FRAMES => format!(" with {frames} frames"),
        _ => String::new(),
    };
    format!("{}{cpus}{frames}: {}", list(holes), summary(candidate))
}

/// `a`, `a and b`, `a, b and c`.
fn list(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
