//! What the page, the counts and the bill differ in.

use runner::log::NEEDLESS;

use super::Words;

/// `f0 rw-d maps=1 frames=2 slots=0`: only what differs is told.
pub(super) fn states(expected: &str, got: &str) -> Words {
    let (expected, got) = (State::parse(expected), State::parse(got));
    let both = [
        (expected.page(), got.page()),
        (expected.rights(), got.rights()),
        (expected.maps(), got.maps()),
        (expected.used("frames"), got.used("frames")),
        (expected.used("slots"), got.used("slots")),
    ];
    let same = both.iter().all(|(expected, got)| expected == got);
    let differing = || {
        both.iter()
            .filter(|(expected, got)| same || expected != got)
    };
    let join = |parts: Vec<&str>| match parts.is_empty() {
        true => "nothing else".to_owned(),
        false => parts.join(", "),
    };
    let known = |text: &&String| !text.is_empty();
    Words {
        expected: join(
            differing()
                .map(|(it, _)| it)
                .filter(known)
                .map(String::as_str)
                .collect(),
        ),
        got: join(
            differing()
                .map(|(_, it)| it)
                .filter(known)
                .map(String::as_str)
                .collect(),
        ),
        meaning: State::meaning(&expected, &got),
    }
}

/// A column of the state, taken apart.
struct State<'a> {
    /// The words before the counts.
    words: Vec<&'a str>,
    counts: Vec<(&'a str, u64)>,
}

impl<'a> State<'a> {
    fn parse(column: &'a str) -> Self {
        let (mut words, mut counts) = (Vec::new(), Vec::new());
        for word in column.split_whitespace() {
            match word
                .split_once('=')
                .map(|(name, count)| (name, count.parse()))
            {
                Some((name, Ok(count))) => counts.push((name, count)),
                _ => words.push(word),
            }
        }
        Self { words, counts }
    }

    fn count(&self, name: &str) -> Option<u64> {
        let found = self.counts.iter().find(|(other, _)| *other == name);
        found.map(|&(_, count)| count)
    }

    fn page(&self) -> String {
        match self.words.first() {
            None => String::new(),
            Some(&"-") => "the page is not in memory".to_owned(),
            Some(&"swap") => "the page is in a swap slot".to_owned(),
            Some(&"zero") => "the page shows the shared zero page".to_owned(),
            Some(frame) => format!("the page is in frame {frame}"),
        }
    }

    /// `rwxd`.
    fn rights(&self) -> String {
        let Some(letters) = self.words.get(1) else {
            return String::new();
        };
        let has = |letter| letters.contains(letter);
        let mut told = vec![if has('w') { "writable" } else { "read-only" }];
        told.extend(has('x').then_some("executable"));
        told.push(if has('d') { "dirty" } else { "clean" });
        format!("its entry is {}", told.join(" and "))
    }

    fn maps(&self) -> String {
        match self.count("maps") {
            None => String::new(),
            Some(1) => "one entry maps the frame".to_owned(),
            Some(many) => format!("{many} entries map the frame"),
        }
    }

    fn used(&self, name: &str) -> String {
        let what = match name {
            "frames" => "frame",
            _ => "swap slot",
        };
        match self.count(name) {
            None => String::new(),
            Some(1) => format!("1 {what} is in use"),
            Some(many) => format!("{many} {what}s are in use"),
        }
    }

    fn meaning(expected: &Self, got: &Self) -> Option<String> {
        let more = |name| got.count(name) > expected.count(name);
        let fewer = |name| got.count(name) < expected.count(name);
        let told = if more("frames") {
            "a frame is in use that nobody needs: allocated for nothing, or not given back \
             (`put`, `put_old`)"
        } else if fewer("frames") {
            "a frame was given back, or never allocated, that somebody still needs"
        } else if more("slots") {
            "a swap slot is in use that nobody needs: it was not given back"
        } else if fewer("slots") {
            "a swap slot was given back that somebody still needs"
        } else {
            return None;
        };
        Some(told.to_owned())
    }
}

/// Counters that are too high; being cheaper is no mistake.
pub(super) fn costs(expected: &str, got: &str) -> Words {
    let (allowed, spent) = (State::parse(expected), State::parse(got));
    let limit = |name: &str| allowed.count(name).unwrap_or_default();
    let over: Vec<(&str, u64)> = spent
        .counts
        .iter()
        .filter(|(name, count)| *count > limit(name))
        .copied()
        .collect();
    let told = |counts: Vec<(&str, u64)>| {
        let told: Vec<String> = counts
            .iter()
            .map(|(name, count)| counter(name, *count))
            .collect();
        told.join(", ")
    };
    Words {
        expected: match over.is_empty() {
            true => expected.to_owned(),
            false => told(over.iter().map(|(name, _)| (*name, limit(name))).collect()),
        },
        got: match over.is_empty() {
            true => got.to_owned(),
            false => told(over.clone()),
        },
        meaning: over.first().map(|(name, _)| waste(name).to_owned()),
    }
}

fn counter(name: &str, count: u64) -> String {
    let (one, many) = match name {
        "zeroed" => ("frame zeroed", "frames zeroed"),
        "copied" => ("page copied", "pages copied"),
        "disk-reads" => ("page read from the disk", "pages read from the disk"),
        "disk-writes" => ("page written to the disk", "pages written to the disk"),
        NEEDLESS => ("needless flush", "needless flushes"),
        other => (other, other),
    };
    match count {
        0 => format!("no {one}"),
        1 => format!("1 {one}"),
        count => format!("{count} {many}"),
    }
}

fn waste(name: &str) -> &'static str {
    match name {
        "zeroed" => {
            "zeroing a frame costs as much as writing all of it: once, and only where needed"
        }
        "copied" => "a copy costs a frame and the time to fill it; here the frame itself would do",
        "disk-reads" => "a read from the disk costs as much as ten thousand minor faults",
        "disk-writes" => "what is clean is on the disk already, and need not be written",
        NEEDLESS => {
            "a flush interrupts a CPU; what only adds a right, or changes nothing, needs none"
        }
        _ => "that is more than is needed here",
    }
}
