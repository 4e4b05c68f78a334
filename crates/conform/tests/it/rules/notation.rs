//! A measured trace in one line, as `docs/linux-rules.md` explains it.

use std::fmt::Write;

use vmsim::addr::PAGE_SIZE;

/// Where region A begins; the next letter is 1 GiB farther.
const REGIONS: u64 = 4 << 30;
const REGION: u64 = 1 << 30;

/// Where the heap begins, unless the trace says otherwise.
const HEAP: u64 = 0x400_0000;

/// One event, in words.
struct Event {
    /// What is done and by whom, up to the place.
    act: String,
    /// Where, and whatever else is said.
    at: String,
    /// What Linux did; empty if the trace does not note it.
    outcome: String,
}

/// The events of a trace and what Linux did with them.
pub fn compact(trace: &str) -> String {
    let families = trace.lines().any(|line| line.starts_with("fork "));
    let events = trace.lines().filter_map(|line| event(line, families));
    let mut joined: Vec<Event> = Vec::new();
    for event in events {
        match joined.last_mut() {
            Some(last) if goes_with(last, &event) => {
                write!(last.at, ", {}", event.at).expect("memory can be written");
            }
            _ => joined.push(event),
        }
    }
    let words = joined.iter().map(Event::words).collect::<Vec<_>>();
    words.join(" · ")
}

/// Whether an access is the same again, elsewhere.
fn goes_with(last: &Event, event: &Event) -> bool {
    let verb = last.act.rsplit(' ').next().unwrap_or_default();
    ["read", "write", "exec"].contains(&verb)
        && (&last.act, &last.outcome) == (&event.act, &event.outcome)
}

/// A line of a trace; none for what all traces have in common.
fn event(line: &str, families: bool) -> Option<Event> {
    let (said, comment) = line.split_once('#').unwrap_or((line, ""));
    let words: Vec<&str> = said.split_whitespace().collect();
    let outcome = comment.trim().strip_prefix("=>").unwrap_or_default();
    let (act, rest) = match words[..] {
        [] | ["sigaction", ..] => return None,
        ["machine", ref keys @ ..] => return machine(keys),
        ["file" | "load" | "drop" | "fork", ..] => (words[0].to_owned(), &words[1..]),
        [verb, pid, ref rest @ ..] if families => (format!("{pid}: {verb}"), rest),
        [verb, _, ref rest @ ..] => (verb.to_owned(), rest),
        [_] => unreachable!("every event says of whom it is"),
    };
    let at: Vec<String> = (0..)
        .zip(rest)
        .map(|(index, word)| word_of(words[0], index, word))
        .collect();
    Some(Event {
        act,
        at: at.join(" "),
        outcome: outcome_of(outcome),
    })
}

/// The machine, where it is not that of all measured traces.
fn machine(keys: &[&str]) -> Option<Event> {
    let keys: Vec<&str> = (keys.iter().copied())
        .filter(|&key| key != "fault-around=16")
        .collect();
    (!keys.is_empty()).then(|| Event {
        act: "machine".to_owned(),
        at: keys.join(" "),
        outcome: String::new(),
    })
}

fn word_of(verb: &str, index: usize, word: &str) -> String {
    let is_length = match verb {
        "mmap" | "munmap" | "mprotect" | "madvise" | "msync" | "file" => index == 1,
        _ => false,
    };
    match word.split_once("+0x") {
        Some((file, "0")) => file.to_owned(),
        Some((file, offset)) => format!("{file}+{}", length(hex(offset))),
        None if is_length => length(bytes(word)),
        None => match word.strip_prefix("0x") {
            Some(digits) => place(hex(digits)),
            None => word.to_owned(),
        },
    }
}

/// An address: a region's letter and pages, `A+1.50` for byte 50 of its second page.
fn place(addr: u64) -> String {
    let (name, from) = match addr {
        HEAP..0x500_0000 => ("heap".to_owned(), addr - HEAP),
        REGIONS.. if addr < REGIONS + 26 * REGION => {
            let letter = b'A' + ((addr - REGIONS) / REGION) as u8;
            (char::from(letter).to_string(), (addr - REGIONS) % REGION)
        }
        _ => return format!("{addr:#x}"),
    };
    match from {
        0 => name,
        _ => format!("{name}+{}", length(from)),
    }
}

/// Bytes in pages, and what is left in bytes behind a point.
fn length(bytes: u64) -> String {
    match (bytes / PAGE_SIZE, bytes % PAGE_SIZE) {
        _ if bytes > u64::MAX / 2 => format!("2^64-{}", bytes.wrapping_neg()),
        (pages, 0) => pages.to_string(),
        (pages, left) => format!("{pages}.{left}"),
    }
}

fn bytes(word: &str) -> u64 {
    let units = [('K', 10), ('M', 20), ('G', 30)];
    let unit = units.into_iter().find(|&(unit, _)| word.ends_with(unit));
    let (digits, shift) = match unit {
        Some((unit, shift)) => (word.trim_end_matches(unit), shift),
        None => (word, 0),
    };
    digits.parse::<u64>().expect("a length is a number") << shift
}

fn hex(digits: &str) -> u64 {
    u64::from_str_radix(digits, 16).expect("an address is a number")
}

/// `minor+minor+accerr` as `2 minor+accerr`, in bold, and a value as it is.
fn outcome_of(noted: &str) -> String {
    let (ends, value) = match noted.split_once('=') {
        Some((ends, value)) => (ends.trim(), format!(" ={}", value.trim())),
        None => (noted.trim(), String::new()),
    };
    if ends.is_empty() {
        return String::new();
    }
    let mut runs: Vec<(&str, usize)> = Vec::new();
    for end in ends.split('+') {
        match runs.last_mut() {
            Some((last, count)) if *last == end => *count += 1,
            _ => runs.push((end, 1)),
        }
    }
    let words: Vec<String> = (runs.into_iter())
        .map(|(end, count)| match count {
            1 => end.to_owned(),
            _ => format!("{count} {end}"),
        })
        .collect();
    format!(" **{}**{value}", words.join("+"))
}

impl Event {
    fn words(&self) -> String {
        let blank = if self.at.is_empty() { "" } else { " " };
        format!("{}{blank}{}{}", self.act, self.at, self.outcome)
    }
}

#[test]
fn a_trace_becomes_one_line() {
    let trace = "\
# Z99 an example
machine fault-around=16 stack-limit=64K
sigaction 1 segv handler
file f 4196 warm
mmap 1 0x100000000 8K rw private f+0x1000
write 1 0x100000ffc 8B                      # => minor+minor+accerr
fork 1 2
read 2 0x100000000                          # => none =7
read 2 0x140001000                          # => none =7
mprotect 2 0x4001000 18446744073709548467 r # => ENOMEM
";
    assert_eq!(
        compact(trace),
        "machine stack-limit=64K · file f 1.100 warm · 1: mmap A 2 rw private f+1 · \
         1: write A+0.4092 8B **2 minor+accerr** · fork 1 2 · 2: read A, B+1 **none** =7 · \
         2: mprotect heap+1 2^64-3149 r **ENOMEM**"
    );
}
